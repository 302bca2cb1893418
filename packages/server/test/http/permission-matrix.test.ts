import { describe, expect, test } from 'vitest';
import { operations } from '../../src/http/spira/operations.ts';
import { testDatabase } from '../support/database.ts';
import { spiraServer } from '../support/spira-server.ts';

// Six default roles and a custom one, each against every P1 operation. The table below is typed from semantics 6.2 and
// rest-v7 9.3, not derived from the operations; and every call names things that do not exist and sends a body that
// cannot be read, so that it also shows: no permission is 403 before existence or the body is told.

const db = await testDatabase();
const server = await spiraServer(db);

/** Columns: 1 Product Owner, 2 Manager, 3 Developer, 4 Tester, 5 Observer, 6 Incident User, C the custom role. */
const columns = '123456C';

/** The custom role: may see and record runs, and nothing else. */
const custom = [
  ['testRun', 'view'],
  ['testRun', 'create'],
] as const;

const everybody = '123456C';
const viewers = '12345';

const mayCall: Record<string, string> = {
  'POST projects/{p}/test-runs/create': '1234C',
  'POST projects/{p}/test-runs/create/test_set/{id}': '1234C',
  'PUT projects/{p}/test-runs': '1234C',
  'POST projects/{p}/test-runs/record': '1234C',
  'POST projects/{p}/test-runs/record-multiple': '1234C',
  'GET projects/{p}/test-runs': '12345C',
  'POST projects/{p}/test-runs/search': '12345C',
  'GET projects/{p}/test-runs/{id}': '12345C',
  'GET projects/{p}/test-runs/{id}/automated': '12345C',
  'GET projects/{p}/test-runs/{id}/manual': '12345C',
  'POST projects/{p}/refresh-caches': '1',
  'POST projects/{p}/refresh-caches/{id}': '1',
  'GET projects/{p}': everybody,
  'GET projects/{p}/users': everybody,
  'GET projects/{p}/releases': viewers,
  'GET projects/{p}/releases/{id}': viewers,
  'POST projects/{p}/releases/{id}/builds': '12',
  'GET projects/{p}/test-cases': viewers,
  'POST projects/{p}/test-cases/search': viewers,
  'GET projects/{p}/test-cases/{id}': viewers,
  'GET projects/{p}/test-cases/{id}/test-steps': viewers,
  'GET projects/{p}/test-folders': viewers,
  'GET projects/{p}/test-folders/{id}/test-cases': viewers,
  'GET projects/{p}/test-sets': viewers,
  'POST projects/{p}/test-sets/search': viewers,
  'GET projects/{p}/test-sets/{id}': viewers,
  'GET projects/{p}/test-sets/{id}/test-case-mapping': viewers,
  'GET projects/{p}/test-set-folders': viewers,
  'GET projects/{p}/test-set-folders/{id}/test-sets': viewers,
  'POST projects/{p}/documents/file': '1234',
  'POST projects/{p}/documents/url': '1234',
  'GET projects/{p}/documents/{id}': viewers,
  'GET projects/{p}/documents/{id}/open': viewers,
  'GET projects/{p}/artifact-types/{id}/artifacts/{id}/documents': viewers,
  'POST projects/{p}/incidents': '12346',
  'GET projects/{p}/incidents/search-by-test-run-step/{id}': '123456',
  'GET projects/{p}/incidents/{id}': '123456',
  'PUT projects/{p}/incidents/{id}': '12346',
  'PUT projects/{p}/incidents/{id}/fixed/{id}': '12346',
};

/** Operations outside a project: any valid login. The two without project in the path find it in the body (13.4). */
const anyLogin = [
  'GET users',
  'GET projects',
  'GET test-cases',
  'GET test-sets',
  'GET project-templates/{id}/custom-properties/{id}',
  'GET system/product-version',
  'GET system/settings/product-name',
  'GET system/artifact-types/{id}/project/{p}/artifact/{id}',
  'POST test-runs/record',
  'POST test-runs/record-multiple',
];

const shape = (path: string) => path.replace('{project_id}', '{p}').replace(/\{(?!p\})[^}]*\}/g, '{id}');
const firstOrder = operations.filter((operation) => operation.priority === 1);
const NOWHERE = 2_000_000_000;
const UNREADABLE = '{ this is no JSON';

/** Creating and searching builds share a path and differ by body, so there the body has to say which is meant. */
const bodyOf = (path: string) => (path.endsWith('/builds') ? '{}' : UNREADABLE);

test('the table names every P1 operation and no other', () => {
  const declared = new Set(firstOrder.map((operation) => `${operation.method} ${shape(operation.path)}`));
  expect([...declared].toSorted()).toEqual([...Object.keys(mayCall), ...anyLogin].toSorted());
});

describe('who may call what', async () => {
  const customRoleId = await aCustomRole();
  const callers = await Promise.all(
    [...columns].map(async (column) => {
      const roleId = column === 'C' ? customRoleId : Number(column);
      return { column, as: await server.userWithRole(roleId) };
    }),
  );
  const outsider = await server.userWithRole(null);

  test.each(Object.entries(mayCall))('%s: roles %s', async (operation, allowed) => {
    const [method = '', path = ''] = operation.split(' ');
    const target = path.replace('{p}', String(server.projectId)).replaceAll('{id}', String(NOWHERE));
    const options = method === 'GET' ? {} : { body: bodyOf(path) };
    const answers = await Promise.all(callers.map(({ as }) => server.call(method, target, { ...options, as })));
    const mayNot = (status: number) => status === 403 || status === 401;
    expect(
      callers
        .filter((_, index) => !mayNot(answers[index]?.status ?? 0))
        .map(({ column }) => column)
        .join(''),
    ).toBe(allowed);
    for (const answer of answers) {
      expect(answer.status).toBeLessThan(500);
      if (answer.status === 403)
        expect(answer.json).toMatchObject({ Type: 'PermissionFault', Message: expect.stringMatching(/\S/) });
    }
    expect((await server.call(method, target, { ...options, as: outsider })).status).toBe(403);
    expect((await server.call(method, target, { ...options, as: null })).status).toBe(401);
    const elsewhere = path.replace('{p}', String(NOWHERE)).replaceAll('{id}', String(NOWHERE));
    expect((await server.call(method, elsewhere, { ...options, as: outsider })).status).toBe(404);
  });

  test.each(anyLogin)('%s: any valid login, nobody without', async (operation) => {
    const [method = '', path = ''] = operation.split(' ');
    const target = path.replace('{p}', String(server.projectId)).replaceAll('{id}', '1');
    const options = method === 'GET' ? {} : { body: '[]' };
    expect((await server.call(method, target, { ...options, as: outsider })).status).not.toBe(401);
    expect((await server.call(method, target, { ...options, as: null })).status).toBe(401);
  });

  test('an inactive role is no access', async () => {
    const roleId = await aCustomRole();
    const member = await server.userWithRole(roleId);
    expect((await server.call('GET', `projects/${server.projectId}`, { as: member })).status).toBe(200);
    await db.query('update role set is_active = false where role_id = $1', [roleId]);
    expect((await server.call('GET', `projects/${server.projectId}`, { as: member })).status).toBe(403);
  });

  test('role Automation records runs, creates builds and uploads documents, nothing else', async () => {
    const automation = await server.userWithRole(7);
    const allowed: string[] = [];
    for (const operation of Object.keys(mayCall)) {
      const [method = '', path = ''] = operation.split(' ');
      const target = path.replace('{p}', String(server.projectId)).replaceAll('{id}', String(NOWHERE));
      const answer = await server.call(method, target, {
        as: automation,
        ...(method === 'GET' ? {} : { body: bodyOf(path) }),
      });
      if (answer.status !== 403) allowed.push(operation);
    }
    expect(allowed.toSorted()).toEqual(
      [
        'POST projects/{p}/test-runs/create',
        'POST projects/{p}/test-runs/create/test_set/{id}',
        'PUT projects/{p}/test-runs',
        'POST projects/{p}/test-runs/record',
        'POST projects/{p}/test-runs/record-multiple',
        'GET projects/{p}',
        'GET projects/{p}/users',
        'POST projects/{p}/releases/{id}/builds',
        'POST projects/{p}/documents/file',
        'POST projects/{p}/documents/url',
      ].toSorted(),
    );
  });
});

async function aCustomRole(): Promise<number> {
  const [role] = await db.query<{ id: number }>(`insert into role (name) values ('Recorder') returning role_id as id`);
  for (const [artifact, action] of custom) {
    await db.query('insert into role_permission (role_id, artifact, action) values ($1, $2, $3)', [
      role?.id,
      artifact,
      action,
    ]);
  }
  return role?.id ?? 0;
}
