import { describe, expect, test } from 'vitest';
import { anApiKey, aProject, aRelease } from '../support/builders.ts';
import { testDatabase } from '../support/database.ts';
import { type CallOptions, spiraServer } from '../support/spira-server.ts';

// rest-v7 6.2: path and verb, credentials, project, member, permission, body, types, references, values, stamp.

const db = await testDatabase();
const server = await spiraServer(db);
const p = server.projectId;
const releaseId = await aRelease(db, p);
const closed = await aProject(db, { isActive: false });
const outsider = await server.userWithRole(null);
const observer = await server.userWithRole(5);
const manager = await server.userWithRole(2);
const wrongKey = { login: server.owner.login, apiKey: '{00000000-0000-0000-0000-000000000000}' };

const release = { Name: 'R', ReleaseStatusId: 1, ReleaseTypeId: 1, StartDate: '2024-01-01', EndDate: '2024-02-01' };

const cases: [what: string, method: string, path: string, options: CallOptions, status: number, says: string][] = [
  ['an unknown path comes before credentials', 'GET', 'nothing/here', { as: null }, 404, 'no operation'],
  ['a wrong verb comes before credentials', 'DELETE', 'projects/1/releases', { as: null }, 405, 'Method not allowed'],
  [
    'missing credentials come before the project',
    'GET',
    'projects/404404/releases',
    { as: null },
    401,
    'Access Denied',
  ],
  ['a wrong key comes before the project', 'GET', 'projects/404404/releases', { as: wrongKey }, 401, 'Access Denied'],
  [
    'an unknown project comes before membership',
    'GET',
    'projects/404404/releases',
    { as: outsider },
    404,
    'Unable to locate',
  ],
  ['a closed project is an unknown one', 'GET', `projects/${closed}/releases`, {}, 404, 'Unable to locate'],
  ['a project id that is none is an unknown one', 'GET', 'projects/abc/releases', {}, 404, 'Unable to locate'],
  ['a project id beyond 32 bits is an unknown one', 'GET', 'projects/99999999999999999999/releases', {}, 404, 'Unable'],
  [
    'membership comes before the artifact',
    'GET',
    `projects/${p}/releases/404404`,
    { as: outsider },
    403,
    'Access Denied',
  ],
  [
    'membership comes before the body',
    'POST',
    `projects/${p}/releases`,
    { as: outsider, body: '{' },
    403,
    'Access Denied',
  ],
  [
    'permission comes before the artifact',
    'DELETE',
    `projects/${p}/releases/404404`,
    { as: observer },
    403,
    'Observer',
  ],
  [
    'permission comes before the body',
    'POST',
    `projects/${p}/releases`,
    { as: observer, body: '{' },
    403,
    'Access Denied',
  ],
  [
    'administration of a product has its own text',
    'POST',
    `projects/${p}/refresh-caches`,
    { as: manager },
    403,
    'You need to be a Product Administrator to use this function!',
  ],
  [
    'a body that cannot be read comes before its types',
    'POST',
    `projects/${p}/releases`,
    { body: '{"Name":}' },
    400,
    'line 1, column 9',
  ],
  ['no body at all', 'POST', `projects/${p}/releases`, {}, 400, 'empty'],
  [
    'types come before references',
    'POST',
    `projects/${p}/releases`,
    { body: { ...release, OwnerId: 404404, StartDate: 'soon' } },
    400,
    'not a date',
  ],
  [
    'references come before values',
    'POST',
    `projects/${p}/releases`,
    { body: { ...release, OwnerId: 404404, ReleaseStatusId: 99 } },
    404,
    'Unable to locate',
  ],
  [
    'values outside their table',
    'POST',
    `projects/${p}/releases`,
    { body: { ...release, ReleaseStatusId: 99 } },
    400,
    'Database foreign key violation occurred',
  ],
  [
    'the stamp comes last',
    'PUT',
    `projects/${p}/releases`,
    { body: { ...release, ReleaseId: releaseId, ConcurrencyDate: '2001-01-01T00:00:00.000Z' } },
    409,
    'An error occurred while updating an entry',
  ],
];

describe('the order of checks (rest-v7 6.2)', () => {
  test.each(cases)('%s', async (_what, method, path, options, status, says) => {
    const answer = await server.call(method, path, options);
    expect(answer.status, answer.text).toBe(status);
    expect(answer.json.Message).toContain(says);
    expect(answer.json).toMatchObject({ StackTrace: null, Messages: expect.any(Array) });
  });

  test('a verb that is not allowed comes with those that are', async () => {
    const answer = await server.call('PATCH', `projects/${p}/releases`, { body: {} });
    expect(answer.status).toBe(405);
    expect(answer.headers['allow']).toContain('GET');
  });
});

describe('who may enter (semantics 6.1)', () => {
  const releases = `projects/${p}/releases`;

  test.each([
    ['inactive', { isActive: false }],
    ['not approved', { isApproved: false }],
    ['locked', { isLocked: true }],
  ])('a user who is %s is refused', async (_what, values) => {
    const user = await server.userWithRole(1);
    expect((await server.call('GET', releases, { as: user })).status).toBe(200);
    await db.kysely.updateTable('appUser').set(values).where('userId', '=', user.userId).execute();
    expect((await server.call('GET', releases, { as: user })).status).toBe(401);
  });

  test('a revoked key is refused', async () => {
    const user = await server.userWithRole(1);
    await db.kysely.updateTable('apiKey').set({ revokedAt: new Date() }).where('userId', '=', user.userId).execute();
    expect((await server.call('GET', releases, { as: user })).status).toBe(401);
  });

  test('the key of one user does not open the account of another', async () => {
    const other = await server.userWithRole(1);
    expect(
      (await server.call('GET', releases, { as: { login: other.login, apiKey: server.owner.apiKey } })).status,
    ).toBe(401);
  });

  test('logins match in any letter case, keys with or without braces and in any letter case', async () => {
    const { login, apiKey } = server.owner;
    for (const as of [
      { login: login.toUpperCase(), apiKey },
      { login, apiKey: apiKey.slice(1, -1) },
      { login, apiKey: apiKey.toLowerCase() },
    ]) {
      expect((await server.call('GET', releases, { as })).status).toBe(200);
    }
  });

  test('a login with a literal plus is found, whichever way it was encoded', async () => {
    const user = await server.userWithRole(1, `plus+${crypto.randomUUID()}`);
    for (const login of [user.login, encodeURIComponent(user.login)]) {
      const path = `${releases}?username=${login}&api-key=${encodeURIComponent(user.apiKey)}`;
      expect((await server.call('GET', path, { as: null })).status).toBe(200);
    }
  });

  test('an inactive role is no access', async () => {
    const [role] = await db.query<{ role_id: number }>(
      `insert into role (name, is_active, is_project_admin) values ('Gone', false, true) returning role_id`,
    );
    const user = await server.userWithRole(role?.role_id ?? 0);
    expect((await server.call('GET', releases, { as: user })).status).toBe(403);
  });

  test('system administrators act as Product Owner where they are assigned, and only there', async () => {
    const admin = await server.userWithRole(5);
    await db.kysely.updateTable('appUser').set({ isAdmin: true }).where('userId', '=', admin.userId).execute();
    expect((await server.call('POST', releases, { as: admin, body: release })).status).toBe(200);
    const elsewhere = await aProject(db);
    expect((await server.call('GET', `projects/${elsewhere}/releases`, { as: admin })).status).toBe(403);
  });

  test('user 1 is Product Owner everywhere', async () => {
    const elsewhere = await aProject(db);
    const apiKey = await anApiKey(db, 1);
    const as = { login: 'administrator', apiKey };
    expect((await server.call('POST', `projects/${elsewhere}/releases`, { as, body: release })).status).toBe(200);
  });

  test('credentials with characters that no table holds are wrong, not an error', async () => {
    const path = `${releases}?username=a%00b&api-key=%00`;
    expect((await server.call('GET', path, { as: null })).status).toBe(401);
  });
});
