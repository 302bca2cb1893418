import { expect, test } from 'vitest';
import { pathAliases, queryFromPath } from './aliases.ts';
import { anyLogin, empty, noBody, type Operation, operation } from './operation.ts';
import { RouteTable } from './route-table.ts';

const declared = (method: Operation['method'], path: string) =>
  operation({
    method,
    path,
    summary: path,
    priority: 1,
    needs: anyLogin,
    body: noBody,
    returns: empty,
    handle: async () => undefined,
  });

const operations = [
  declared('GET', 'projects/{project_id}/test-runs/{test_run_id}'),
  declared('DELETE', 'projects/{project_id}/test-runs/{test_run_id}'),
  declared('GET', 'projects/{project_id}/test-runs/count'),
  declared('POST', 'projects/{project_id}/test-runs/record'),
  declared('GET', 'projects/{project_id}/test-runs/{test_run_id}/automated'),
  declared('POST', 'projects/{project_id}/test-runs/search/automated'),
  declared('GET', 'project-roles'),
  declared('POST', 'projects/{project_id}/requirements/{requirement_id}/move'),
  declared('GET', 'projects/{project_id}/test-cases/{test_case_id}'),
];
const table = new RouteTable(operations, pathAliases(operations));

const match = (method: string, path: string) => table.match(method, path.split('/'));

const found: [method: string, path: string, operation: string, values: object][] = [
  [
    'GET',
    'projects/1/test-runs/5',
    'projects/{project_id}/test-runs/{test_run_id}',
    { project_id: '1', test_run_id: '5' },
  ],
  ['GET', 'PROJECTS/1/Test-Runs/COUNT', 'projects/{project_id}/test-runs/count', { project_id: '1' }],
  ['HEAD', 'projects/1/test-runs/count', 'projects/{project_id}/test-runs/count', { project_id: '1' }],
  [
    'GET',
    'projects/1/test-runs/5/automated',
    'projects/{project_id}/test-runs/{test_run_id}/automated',
    { test_run_id: '5' },
  ],
  ['POST', 'projects/1/test-runs/search/automated', 'projects/{project_id}/test-runs/search/automated', {}],
  ['GET', 'projects/1/test-runs/Null', 'projects/{project_id}/test-runs/{test_run_id}', { test_run_id: 'Null' }],
  ['GET', 'Projects-Roles', 'project-roles', {}],
  [
    'POST',
    'projects/3/requirements/4/move/5',
    'projects/{project_id}/requirements/{requirement_id}/move',
    { requirement_id: '4', destination_requirement_id: '5' },
  ],
];

test.each(found)('%s %s leads to %s', (method, path, operationPath, values) => {
  const result = match(method, path);
  if (result.kind !== 'found') throw new Error(result.kind);
  expect(result.operation.path).toBe(operationPath);
  expect(Object.fromEntries(result.values)).toMatchObject(values);
});

test('a known path with another verb names the verbs it takes', () => {
  expect(match('PUT', 'projects/1/test-runs/count')).toEqual({ kind: 'otherVerbs', allowed: ['GET'] });
  expect(match('GET', 'projects/1/test-runs/search/automated')).toMatchObject({
    kind: 'otherVerbs',
    allowed: ['POST'],
  });
});

test.each([['projects'], ['projects/1'], ['nothing'], ['projects/1/test-runs/5/automated/more'], ['__proto__'], ['']])(
  '%j is no path',
  (path) => {
    expect(match('GET', path)).toEqual({ kind: 'nothing' });
  },
);

test('the same verb and path cannot be declared twice', () => {
  expect(() => new RouteTable([declared('GET', 'a/{x}'), declared('GET', 'A/{y}')])).toThrow('declared twice');
});

test("what an older path has beyond today's goes to the query", () => {
  const result = match('POST', 'projects/3/requirements/4/move/5');
  if (result.kind !== 'found') throw new Error(result.kind);
  expect(queryFromPath(result.operation, result.values)).toEqual([['destination_requirement_id', '5']]);
});
