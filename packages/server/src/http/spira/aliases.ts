import type { Operation } from './operation.ts';
import { type PathAlias, parameterNames } from './route-table.ts';

/**
 * Spellings of older versions that clients still send, and what stands for them today (rest-v7 2.2). A parameter that
 * today's path lacks is one of today's query.
 */
const older: readonly { method: Operation['method']; path: string; today: string }[] = [
  { method: 'GET', path: 'projects-roles', today: 'project-roles' },
  {
    method: 'POST',
    path: 'projects/{project_id}/requirements/{requirement_id}/move/{destination_requirement_id}',
    today: 'projects/{project_id}/requirements/{requirement_id}/move',
  },
];

/** Returns the older spellings of those operations that exist. */
export function pathAliases(operations: readonly Operation[]): PathAlias[] {
  const declared = new Map(operations.map((operation) => [`${operation.method} ${operation.path}`, operation]));
  return older.flatMap(({ method, path, today }) => {
    const operation = declared.get(`${method} ${today}`);
    return operation ? [{ method, path, names: parameterNames(path), operation }] : [];
  });
}

/** Returns the parameters that an older spelling has in its path and today's has in its query. */
export function queryFromPath(operation: Operation, values: ReadonlyMap<string, string>): [string, string][] {
  return [...values].filter(([name]) => !operation.path.includes(`{${name}}`));
}
