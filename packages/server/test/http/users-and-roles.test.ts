import { describe, expect, it } from 'vitest';
import { anApiKey, aUser } from '../support/builders.ts';
import { testDatabase } from '../support/database.ts';
import { spiraServer } from '../support/spira-server.ts';

const db = await testDatabase();
const server = await spiraServer(db);
const administrator = { userId: 1, login: 'administrator', apiKey: await anApiKey(db) };

const call = (method: string, path: string, body?: unknown) =>
  server.call(method, path, { as: administrator, ...(body === undefined ? {} : { body }) });
const asOwner = (method: string, path: string, body?: unknown) =>
  server.call(method, path, body === undefined ? {} : { body });
const ada = (UserName: string) => ({
  UserName,
  FirstName: 'Ada',
  LastName: 'Lovelace',
  EmailAddress: 'ada@example.com',
});

describe('users', () => {
  it('the caller is told with every documented member, and never with a key', async () => {
    const { status, json } = await asOwner('GET', 'users');
    expect(status).toBe(200);
    expect(json).toMatchObject({
      UserId: server.owner.userId,
      UserName: server.owner.login,
      FullName: 'Fred Bloggs',
      Active: true,
      Approved: true,
      Locked: false,
      Admin: false,
      RssToken: null,
      MutliFactorAuthentication: false,
    });
    expect(Object.keys(json)).toHaveLength(31);
    expect((await asOwner('GET', `users/${server.owner.userId}`)).json).toEqual(json);
    expect((await asOwner('GET', 'users/99999')).status).toBe(404);
    expect((await asOwner('GET', 'users/nobody')).status).toBe(404);
  });

  it('are found by login in any letter case; inactive ones only on demand', async () => {
    const userId = await aUser(db, { login: 'Grace', isActive: false });
    expect((await asOwner('GET', 'users/usernames/grace')).status).toBe(404);
    expect((await asOwner('GET', 'users/usernames/GRACE?include_inactive=true')).json.UserId).toBe(userId);
    expect((await asOwner('GET', 'users/usernames/a%00b')).status).toBe(404);
  });

  it('are created by system administrators; a login that is taken answers the user who has it', async () => {
    expect((await asOwner('POST', 'users', ada('ada'))).status).toBe(403);
    const created = await call('POST', 'users?password=x&password_question=&password_answer=', ada('ada'));
    expect(created.status).toBe(200);
    expect(created.json).toMatchObject({ UserName: 'ada', FullName: 'Ada Lovelace', Active: true, Admin: false });
    const again = await call('POST', 'users', { ...ada('ADA'), FirstName: 'Other' });
    expect(again.json).toEqual(created.json);
    expect((await call('POST', 'users', { UserName: 'x' })).status).toBe(400);
  });

  it('become members at once where a product and a role are named', async () => {
    const path = `users?project_id=${server.projectId}&project_role_id=4`;
    const { UserId } = (await call('POST', path, ada('member'))).json;
    const members = (await asOwner('GET', `projects/${server.projectId}/users`)).json;
    expect(members).toContainEqual(expect.objectContaining({ UserId, ProjectRoleId: 4 }));
    expect((await call('POST', 'users?project_id=99999&project_role_id=4', ada('nowhere'))).status).toBe(404);
    expect((await call('POST', `users?project_id=${server.projectId}`, ada('nowhere'))).status).toBe(400);
    expect((await call('GET', 'users/usernames/nowhere')).status).toBe(404);
  });

  it('all are listed in pages for system administrators', async () => {
    await aUser(db, { login: 'left', isActive: false });
    const logins = (answer: { json: { UserName: string }[] }) => answer.json.map((user) => user.UserName);
    expect(logins(await call('GET', 'users/all?number_rows=1'))).toEqual(['administrator']);
    expect(logins(await call('GET', 'users/all'))).not.toContain('left');
    expect(logins(await call('GET', 'users/all?include_inactive=true'))).toContain('left');
    expect((await asOwner('GET', 'users/all')).status).toBe(403);
  });

  it('a stale stamp is 409, a login that is taken 409, and what is missing stays', async () => {
    const { json } = await call('POST', 'users', { ...ada('edited'), Department: 'Research' });
    const path = `users/${json.UserId}`;
    expect((await call('PUT', path, { ...json, LastName: 'King' })).status).toBe(200);
    expect((await call('PUT', path, { ...json, LastName: 'Byron' })).status).toBe(409);
    expect((await call('PUT', path, { UserName: 'Administrator' })).status).toBe(409);
    expect((await call('PUT', path, { FirstName: '' })).status).toBe(400);
    expect((await call('PUT', path, { OrganizationName: 'Society' })).status).toBe(200);
    expect((await call('GET', path)).json).toMatchObject({
      FullName: 'Ada King',
      Department: 'Research',
      OrganizationName: 'Society',
    });
  });

  it('deleting one deactivates: the key lets nobody in any more, the user stays', async () => {
    const left = await server.userWithRole(4);
    expect((await server.call('GET', 'users', { as: left })).status).toBe(200);
    expect((await call('DELETE', `users/${left.userId}`)).status).toBe(200);
    expect((await server.call('GET', 'users', { as: left })).status).toBe(401);
    expect((await call('GET', `users/${left.userId}`)).json.Active).toBe(false);
  });

  it('6.1 the built-in administrator cannot be deactivated or deprived of administration', async () => {
    expect((await call('DELETE', 'users/1')).status).toBe(400);
    for (const change of [{ Active: false }, { Approved: false }, { Admin: false }]) {
      expect((await call('PUT', 'users/1', change)).status).toBe(400);
    }
    expect((await call('PUT', 'users/1', { Active: true, LastName: 'Root' })).status).toBe(200);
  });
});

describe('roles', () => {
  it('6.2 the default roles have their grid, by the ids of the reference', async () => {
    const { json } = await asOwner('GET', 'project-roles');
    expect(json.map((role: { Name: string }) => role.Name)).toEqual([
      'Product Owner',
      'Manager',
      'Developer',
      'Tester',
      'Observer',
      'Incident User',
      'Automation',
    ]);
    const [owner, , , tester] = json;
    expect(owner).toMatchObject({ ProjectRoleId: 1, Active: true, Admin: true, DiscussionsAdd: true });
    const boxes = (role: { Permissions: { ArtifactTypeId: number; PermissionId: number }[] }, kind: number) =>
      role.Permissions.filter((box) => box.ArtifactTypeId === kind).map((box) => box.PermissionId);
    expect(boxes(owner, 5)).toEqual([1, 2, 4]);
    expect(boxes(tester, 5)).toEqual([1, 4]);
    expect(boxes(tester, 2)).toEqual([4]);
    expect(tester.Permissions[0]).toEqual({ ProjectRoleId: 4, ArtifactTypeId: expect.any(Number), PermissionId: 4 });
    expect((await asOwner('GET', 'projects-roles')).json).toEqual(json);
  });

  it('a role of our own decides what its members may do, and changes for all of them', async () => {
    const grid = [{ ArtifactTypeId: 4, PermissionId: 4 }];
    const { status, json } = await call('POST', 'project-roles', { Name: 'Planner', Permissions: grid });
    expect(status).toBe(200);
    expect(json).toMatchObject({ Name: 'Planner', Active: true, Admin: false, Permissions: grid });
    const as = await server.userWithRole(json.ProjectRoleId);
    const path = `projects/${server.projectId}/releases`;
    const may = async () => (await server.call('GET', path, { as })).status;
    expect(await may()).toBe(200);
    await call('PUT', 'project-roles', { ProjectRoleId: json.ProjectRoleId, Permissions: [] });
    expect(await may()).toBe(403);
    await call('PUT', 'project-roles', { ProjectRoleId: json.ProjectRoleId, Permissions: grid, Active: false });
    expect(await may()).toBe(403);
    expect((await call('DELETE', `project-roles/${json.ProjectRoleId}`)).status).toBe(400);
    await call('DELETE', `projects/${server.projectId}/users/${as.userId}`);
    expect((await call('DELETE', `project-roles/${json.ProjectRoleId}`)).status).toBe(200);
    expect((await call('DELETE', `project-roles/${json.ProjectRoleId}`)).status).toBe(404);
  });

  it('default roles cannot be deleted, only deactivated', async () => {
    expect((await call('DELETE', 'project-roles/6')).status).toBe(400);
    expect((await call('PUT', 'project-roles', { ProjectRoleId: 6, Active: false })).status).toBe(200);
    const { json } = await call('GET', 'project-roles');
    expect(json[5]).toMatchObject({ Name: 'Incident User', Active: false });
    expect(json[5].Permissions).not.toEqual([]);
  });

  it('the right to create builds has no id there and survives an update of the grid', async () => {
    const before = (await call('GET', 'project-roles')).json[6];
    expect((await call('PUT', 'project-roles', before)).status).toBe(200);
    const rows = await db.query<{ box: string }>(
      `select artifact || ':' || action as box from role_permission where role_id = 7 order by 1`,
    );
    expect(rows.map((row) => row.box)).toEqual(['build:create', 'document:create', 'testRun:create']);
  });

  it('a name that is taken is 409, a box that the grid does not have 400, an unknown role 404', async () => {
    expect((await call('POST', 'project-roles', { Name: 'tester' })).status).toBe(409);
    const odd = { Name: 'Odd', Permissions: [{ ArtifactTypeId: 14, PermissionId: 9 }] };
    const refused = await call('POST', 'project-roles', odd);
    expect(refused.status).toBe(400);
    expect(refused.json.Messages).toHaveLength(2);
    expect((await call('PUT', 'project-roles', { ProjectRoleId: 999, Name: 'x' })).status).toBe(404);
    expect((await asOwner('POST', 'project-roles', { Name: 'x' })).status).toBe(403);
  });
});

describe('the members of a product', () => {
  it('an unknown user or role is named by its member of the body (rest-v7 6.3)', async () => {
    const path = `projects/${server.projectId}/users`;
    const userId = await aUser(db, { login: 'hedy' });
    const wrong = {
      UserId: [{ UserId: 99999, ProjectRoleId: 4 }],
      ProjectRoleId: [{ UserId: userId, ProjectRoleId: 999 }],
    };
    for (const [FieldName, [body]] of Object.entries(wrong)) {
      for (const method of ['POST', 'PUT']) {
        expect(await call(method, path, body)).toMatchObject({ status: 404, json: { Messages: [{ FieldName }] } });
      }
    }
  });
});
