import { describe, expect, it } from 'vitest';
import { aBuild, aMapping, aMember, anApiKey, aProject, aRelease, aTestCase, aUser } from '../support/builders.ts';
import { testDatabase } from '../support/database.ts';
import { someRuns } from '../support/runs.ts';
import { type CallOptions, spiraServer } from '../support/spira-server.ts';

const db = await testDatabase();
const server = await spiraServer(db);
const administrator = { userId: 1, login: 'administrator', apiKey: await anApiKey(db) };

const call = (method: string, path: string, options?: CallOptions) => server.call(method, path, options);
const asAdministrator = (method: string, path: string, body?: unknown) =>
  server.call(method, path, { as: administrator, ...(body === undefined ? {} : { body }) });

/** A system administrator who is a member nowhere. */
async function aSystemAdministrator() {
  const login = `admin-${crypto.randomUUID()}`;
  const userId = await aUser(db, { login, isAdmin: true });
  return { userId, login, apiKey: await anApiKey(db, userId) };
}

describe('products', () => {
  it('are listed for their members only, by id; the built-in administrator sees all active ones', async () => {
    const hidden = await aProject(db, { name: 'Hidden' });
    const inactive = await aProject(db, { name: 'Inactive', isActive: false });
    await aMember(db, inactive, { userId: server.owner.userId, roleId: 1 });
    const ids = (answer: { json: { ProjectId: number }[] }) => answer.json.map((project) => project.ProjectId);
    expect(ids(await call('GET', 'projects'))).toEqual([server.projectId]);
    const all = ids(await asAdministrator('GET', 'projects'));
    expect(all).toEqual(all.toSorted((a, b) => a - b));
    expect(all).toContain(hidden);
    expect(all).not.toContain(inactive);
    expect((await call('GET', `projects/${hidden}`)).status).toBe(403);
    expect((await call('GET', `projects/${inactive}`)).status).toBe(404);
    expect((await call('GET', 'projects/99999')).status).toBe(404);
  });

  it('creating one makes the creator its Product Owner', async () => {
    const admin = await aSystemAdministrator();
    const { status, json } = await call('POST', 'projects', { as: admin, body: { Name: 'New', ProjectId: 4711 } });
    expect(status).toBe(200);
    expect(json).toMatchObject({
      Name: 'New',
      ProjectTemplateId: 1,
      ProjectGroupId: null,
      Active: true,
      WorkingHours: 8,
      WorkingDays: 5,
      NonWorkingHours: 0,
      WorkspaceTypeId: 1,
      PercentComplete: 0,
      RequirementCount: 0,
      CustomProperties: null,
    });
    expect(Object.keys(json)).toHaveLength(21);
    const members = await call('GET', `projects/${json.ProjectId}/users`, { as: admin });
    expect(members.json).toMatchObject([{ UserId: admin.userId, ProjectRoleId: 1, ProjectRoleName: 'Product Owner' }]);
    expect((await call('GET', `projects/${json.ProjectId}`, { as: admin })).json).toEqual(json);
  });

  it('only system administrators create and delete them', async () => {
    expect((await call('POST', 'projects', { body: { Name: 'New' } })).status).toBe(403);
    expect((await call('DELETE', `projects/${server.projectId}`)).status).toBe(403);
    expect((await asAdministrator('POST', 'projects', {})).status).toBe(400);
  });

  it('an update with a stale ConcurrencyGuid is 409; a member that is missing keeps its value', async () => {
    const { json } = await call('GET', `projects/${server.projectId}`);
    const put = (body: unknown) => call('PUT', `projects/${server.projectId}`, { body });
    expect((await put({ ...json, Name: 'Renamed', Website: 'https://example.com' })).status).toBe(200);
    expect((await put({ ...json, Name: 'Again' })).status).toBe(409);
    expect((await put({ Description: 'text' })).status).toBe(200);
    expect((await put({ Name: ' ' })).status).toBe(400);
    const changed = (await call('GET', `projects/${server.projectId}`)).json;
    expect(changed).toMatchObject({ Name: 'Renamed', Website: 'https://example.com', Description: 'text' });
  });

  it('a product is cleared over the wire: deleting it removes everything for good', async () => {
    const { json } = await asAdministrator('POST', 'projects', { Name: 'Short-lived' });
    const projectId: number = json.ProjectId;
    const releaseId = await aRelease(db, projectId);
    const testCaseId = await aTestCase(db, projectId);
    await aBuild(db, projectId, { releaseId });
    await aMapping(db, projectId, { releaseId, testCaseId });
    await someRuns(db, projectId, [{ testCaseId, releaseId, executionStatusId: 2 }]);
    expect((await asAdministrator('DELETE', `projects/${projectId}`)).status).toBe(200);
    expect((await asAdministrator('GET', `projects/${projectId}`)).status).toBe(404);
    expect((await asAdministrator('DELETE', `projects/${projectId}`)).status).toBe(404);
    const rows = await db.query('select from test_run where project_id = $1', [projectId]);
    expect(rows).toEqual([]);
  });

  it('a copy has the plan of the other product, without results', async () => {
    const { json: original } = await asAdministrator('POST', 'projects', { Name: 'Original' });
    const from: number = original.ProjectId;
    const releaseId = await aRelease(db, from, { name: '1.0' });
    const testCaseId = await aTestCase(db, from, { name: 'Login' });
    await aMapping(db, from, { releaseId, testCaseId });
    await someRuns(db, from, [{ testCaseId, releaseId, executionStatusId: 2 }]);
    const copied = await asAdministrator('POST', `projects?existing_project_id=${from}`, { Name: 'Copy' });
    expect(copied.json).toMatchObject({ Name: 'Copy' });
    const releases = (await asAdministrator('GET', `projects/${copied.json.ProjectId}/releases`)).json;
    expect(releases).toMatchObject([{ Name: '1.0', CountNotRun: 1, CountPassed: 0 }]);
    expect(releases[0].ReleaseId).not.toBe(releaseId);
    expect((await asAdministrator('POST', 'projects?existing_project_id=99999', { Name: 'x' })).status).toBe(404);
  });
});

describe('members of a product', () => {
  const members = (method: string, below = '', options?: CallOptions) =>
    call(method, `projects/${server.projectId}/users${below}`, options);

  it('are added with a role, get another one, and are removed', async () => {
    const userId = await aUser(db, { firstName: 'Ada', middleInitial: 'B', lastName: 'Lovelace' });
    const added = await members('POST', '', { body: { UserId: userId, ProjectRoleId: 4, UserName: 'ignored' } });
    expect(added.status).toBe(200);
    expect(added.json).toMatchObject({
      UserId: userId,
      FullName: 'Ada B Lovelace',
      ProjectId: server.projectId,
      ProjectRoleId: 4,
      ProjectRoleName: 'Tester',
      RssToken: null,
    });
    expect(Object.keys(added.json)).toHaveLength(36);
    expect((await members('POST', '', { body: { UserId: userId, ProjectRoleId: 4 } })).status).toBe(409);
    expect((await members('PUT', '', { body: { UserId: userId, ProjectRoleId: 5 } })).status).toBe(200);
    const listed = (await members('GET')).json.find((member: { UserId: number }) => member.UserId === userId);
    expect(listed.ProjectRoleName).toBe('Observer');
    expect((await members('DELETE', `/${userId}`)).status).toBe(200);
    expect((await members('DELETE', `/${userId}`)).status).toBe(404);
  });

  it('an unknown user or role is 404, and so is a role for somebody who is no member', async () => {
    const userId = await aUser(db);
    expect((await members('POST', '', { body: { UserId: 99_999, ProjectRoleId: 4 } })).status).toBe(404);
    expect((await members('POST', '', { body: { UserId: userId, ProjectRoleId: 99 } })).status).toBe(404);
    expect((await members('POST', '', { body: { UserId: userId } })).status).toBe(404);
    expect((await members('PUT', '', { body: { UserId: userId, ProjectRoleId: 4 } })).status).toBe(404);
  });

  it('6.1 the built-in administrator cannot be removed', async () => {
    await aMember(db, server.projectId, { userId: 1, roleId: 1 });
    expect((await members('DELETE', '/1')).status).toBe(400);
  });

  it('are seen by every member, and changed by product administrators only', async () => {
    const as = await server.userWithRole(2);
    expect((await members('GET', '', { as })).status).toBe(200);
    const refused = await members('POST', '', { as, body: { UserId: 1, ProjectRoleId: 1 } });
    expect(refused.status).toBe(403);
    expect(refused.json.Message).toContain('You need to be a Product Administrator to use this function!');
  });
});
