import type { Operation } from './operation.ts';
import { type PathAlias, parameterNames } from './route-table.ts';

/**
 * Spellings of v5.0 and v6.0 that clients still send, and what stands for them today (rest-v7 2.2). Parameters are
 * matched by position, so that a template's lookup can be asked for by project.
 */
const older: readonly { method: Operation['method']; path: string; today: string }[] = [
  ...['priorities', 'severities', 'statuses', 'types'].map((lookup) => ofTemplate(`incidents/${lookup}`)),
  ...['types', 'importances', 'statuses'].map((lookup) => ofTemplate(`requirements/${lookup}`)),
  ...['types', 'priorities', 'statuses'].map((lookup) => ofTemplate(`tasks/${lookup}`)),
  ...['types', 'priorities', 'statuses'].map((lookup) => ofTemplate(`test-cases/${lookup}`)),
  ofTemplate('custom-properties/{artifact_type_name}'),
  ofTemplate('custom-lists'),
  { method: 'GET', path: 'projects-roles', today: 'project-roles' },
];

/** A project's template has the project's id. */
function ofTemplate(below: string) {
  return {
    method: 'GET' as const,
    path: `projects/{project_id}/${below}`,
    today: `project-templates/{project_template_id}/${below}`,
  };
}

/** Returns the older spellings of those operations that exist and are not declared under the old path themselves. */
export function pathAliases(operations: readonly Operation[]): PathAlias[] {
  const spelled = (path: string) => path.toLowerCase().replace(/\{\w+\}/g, '{}');
  const declared = new Map(
    operations.map((operation) => [`${operation.method} ${spelled(operation.path)}`, operation]),
  );
  return older.flatMap(({ method, path, today }) => {
    const operation = declared.get(`${method} ${spelled(today)}`);
    if (!operation || declared.has(`${method} ${spelled(path)}`)) return [];
    return [{ method, path, names: parameterNames(operation.path), operation }];
  });
}
