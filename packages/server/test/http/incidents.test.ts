import { beforeEach, describe, expect, it } from 'vitest';
import { aBuild, aMember, aRelease, aTestCase, aTestSet, aTestStep } from '../support/builders.ts';
import { NOON } from '../support/clock.ts';
import { testDatabase } from '../support/database.ts';
import { aRunStep, someRuns } from '../support/runs.ts';
import { type CallOptions, spiraServer } from '../support/spira-server.ts';

const db = await testDatabase();
const server = await spiraServer(db);
let projectId: number;

const call = (method: string, path: string, options?: CallOptions) =>
  server.call(method, `projects/${projectId}/${path}`, options);
const create = async (members: object = {}) =>
  (await call('POST', 'incidents', { body: { Name: 'Crash', ...members } })).json;
const read = async (incidentId: number) => (await call('GET', `incidents/${incidentId}`)).json;
const put = (incidentId: number, body: object) => call('PUT', `incidents/${incidentId}`, { body });
const idsIn = (answer: { json: { IncidentId: number }[] }) => answer.json.map((one) => one.IncidentId);

beforeEach(async () => {
  projectId = await server.ownProject();
});

/** A failed run with one step. */
async function failedStep() {
  const testCaseId = await aTestCase(db, projectId);
  const testStepId = await aTestStep(db, projectId, { testCaseId });
  const [testRunId = 0] = await someRuns(db, projectId, [{ testCaseId, executionStatusId: 1 }]);
  return {
    testCaseId,
    testStepId,
    testRunId,
    stepId: await aRunStep(db, projectId, { testRunId, testCaseId, testStepId }),
  };
}

describe('creating incidents', () => {
  it('takes what the Excel test runner sends: name, description, run steps and a stray member', async () => {
    const { stepId } = await failedStep();
    const body = { Name: 'Crash', Description: '<p>Boom</p>', position: 1, TestRunStepIds: [stepId] };
    const answer = await call('POST', 'incidents', { body, version: 'v6_0' });
    expect(answer.status).toBe(200);
    expect(answer.json).toMatchObject({
      ArtifactTypeId: 3,
      Name: 'Crash',
      IncidentTypeId: 1,
      IncidentTypeName: 'Incident',
      IncidentStatusId: 1,
      IncidentStatusName: 'New',
      IncidentStatusOpenStatus: true,
      OpenerId: server.owner.userId,
      OwnerId: null,
      ClosedDate: null,
      FixedBuildName: null,
      CompletionPercent: 0,
      TestRunStepIds: [stepId],
    });
    expect(Object.keys(answer.json)).toHaveLength(52);
    expect(await read(answer.json.IncidentId)).toEqual(answer.json);
  });

  it.each([
    ['no name', { Name: '' }, 400, 'Name'],
    ['a name of blanks', { Name: '  ' }, 400, 'Name'],
    ['an unknown run step', { TestRunStepIds: [999_999] }, 404, 'TestRunStepIds[0]'],
    ['an unknown status', { IncidentStatusId: 99 }, 400, 'IncidentStatusId'],
    ['an unknown priority', { PriorityId: 9 }, 400, 'PriorityId'],
    ['an unknown release', { DetectedReleaseId: 999_999 }, 404, 'DetectedReleaseId'],
    ['an unknown build', { FixedBuildId: 999_999 }, 404, 'FixedBuildId'],
    ['an unknown component', { ComponentIds: [999_999] }, 404, 'ComponentIds[0]'],
    ['an owner who is no member', { OwnerId: 999_999 }, 404, 'OwnerId'],
  ])('refuses %s and stores nothing', async (_what, members, status, field) => {
    const refused = await call('POST', 'incidents', { body: { Name: 'Crash', ...members } });
    expect(refused.status).toBe(status);
    expect(refused.json.Messages[0].FieldName).toBe(field);
    expect((await call('GET', 'incidents/count')).json).toBe(0);
  });

  it('computes efforts from what is known of them', async () => {
    const incident = await create({ EstimatedEffort: 200, ActualEffort: 90, RemainingEffort: 50 });
    expect(incident).toMatchObject({ ProjectedEffort: 140, CompletionPercent: 75 });
  });
});

describe('updating incidents', () => {
  it('keeps members that are missing, as TeamCity sends back what it read without nulls', async () => {
    const releaseId = await aRelease(db, projectId);
    const buildId = await aBuild(db, projectId, { releaseId, name: 'Build 7' });
    const incident = await create({ Description: 'old', DetectedReleaseId: releaseId, PriorityId: 2 });
    const { ConcurrencyDate, IncidentId } = incident;
    const answer = await put(IncidentId, { ConcurrencyDate, Name: 'Crash', FixedBuildId: buildId, PriorityId: null });
    expect([answer.status, answer.text]).toEqual([200, '']);
    expect(await read(IncidentId)).toMatchObject({
      Description: 'old',
      DetectedReleaseId: releaseId,
      PriorityId: null,
      FixedBuildId: buildId,
      FixedBuildName: 'Build 7',
    });
    // CC-1
    expect((await put(IncidentId, { ConcurrencyDate, Name: 'Late' })).status).toBe(409);
    expect((await put(IncidentId, { Name: 'No stamp' })).status).toBe(409);
    expect((await put(999_999, { ConcurrencyDate, Name: 'x' })).status).toBe(404);
  });

  it('sets the closed date with a closed status and clears it when reopened', async () => {
    const { IncidentId } = await create();
    await put(IncidentId, { ...(await read(IncidentId)), IncidentStatusId: 5 });
    const closed = await read(IncidentId);
    expect(closed).toMatchObject({ IncidentStatusOpenStatus: false, ClosedDate: NOON.toISOString() });
    await put(IncidentId, { ...closed, IncidentStatusId: 8 });
    expect(await read(IncidentId)).toMatchObject({ IncidentStatusOpenStatus: true, ClosedDate: null });
  });

  it('does not touch the links to run steps', async () => {
    const { stepId } = await failedStep();
    const incident = await create({ TestRunStepIds: [stepId] });
    expect((await put(incident.IncidentId, { ...incident, TestRunStepIds: [] })).status).toBe(200);
    expect((await read(incident.IncidentId)).TestRunStepIds).toEqual([stepId]);
  });

  it('says which build mends it, whatever body and Accept the build server sends', async () => {
    const buildId = await aBuild(db, projectId, { releaseId: await aRelease(db, projectId) });
    const { IncidentId } = await create();
    const headers = { accept: 'text/html, image/gif, image/jpeg, */*; q=0.2' };
    const fixed = (id: number, build: number) =>
      call('PUT', `incidents/${id}/fixed/${build}`, { body: { Name: 'the build' }, headers });
    expect((await fixed(IncidentId, buildId)).status).toBe(200);
    expect((await read(IncidentId)).FixedBuildId).toBe(buildId);
    expect((await fixed(IncidentId, 999_999)).status).toBe(404);
    expect((await fixed(999_999, buildId)).status).toBe(404);
  });
});

describe('finding incidents', () => {
  it('lists the newest first and searches by members, any open and any closed status', async () => {
    const old = await create({ CreationDate: '2020-01-01T00:00:00Z' });
    const closed = await create({ IncidentStatusId: 5 });
    const open = await create({ IncidentStatusId: 3, CreationDate: '2021-01-01' });
    expect(idsIn(await call('GET', 'incidents'))).toEqual([closed.IncidentId, open.IncidentId, old.IncidentId]);
    const status = (IntValue: number) => ({ body: [{ PropertyName: 'IncidentStatusId', IntValue }] });
    expect(idsIn(await call('POST', 'incidents/search', status(-2)))).toEqual([open.IncidentId, old.IncidentId]);
    expect(idsIn(await call('POST', 'incidents/search', status(-3)))).toEqual([closed.IncidentId]);
    expect((await call('POST', 'incidents/count', status(3))).json).toBe(1);
    expect(idsIn(await call('GET', 'incidents/search?start_row=2&number_rows=1'))).toEqual([open.IncidentId]);
    const sorted = await call('POST', 'incidents/search?sort_by=IncidentId%20ASC', { body: [] });
    expect(idsIn(sorted)).toEqual([old.IncidentId, closed.IncidentId, open.IncidentId]);
    const byIds = await call('GET', `incidents/search-by-ids?ids=${old.IncidentId},%20999999,${open.IncidentId}`);
    expect(idsIn(byIds)).toEqual([open.IncidentId, old.IncidentId]);
  });

  it('finds them by test case, test step and run step, while the run is there (IM-6)', async () => {
    const { testCaseId, testStepId, testRunId, stepId } = await failedStep();
    const linked = await create({ TestRunStepIds: [stepId] });
    const closed = await create({ TestRunStepIds: [stepId], IncidentStatusId: 5, CreationDate: '2020-01-01' });
    await create();
    const paths = [`test-case/${testCaseId}`, `test-step/${testStepId}`, `test-run-step/${stepId}`];
    const search = (path: string) => call('GET', `incidents/search-by-${path}`);
    for (const path of paths) expect(idsIn(await search(path))).toEqual([linked.IncidentId, closed.IncidentId]);
    expect(idsIn(await search(`${paths[0]}?open_only=true`))).toEqual([linked.IncidentId]);
    await db.kysely.updateTable('testRun').set({ isDeleted: true }).where('testRunId', '=', testRunId).execute();
    expect((await search(paths[0] ?? '')).json).toEqual([]);
    expect((await search(paths[2] ?? '')).status).toBe(404);
    expect((await read(linked.IncidentId)).TestRunStepIds).toBeNull();
    for (const path of ['test-case/999999', 'test-step/999999', 'test-run-step/99999999999']) {
      expect((await search(path)).status).toBe(404);
    }
  });

  it('lists for their owner the open ones', async () => {
    const mine = await create({ OwnerId: server.owner.userId });
    await create({ OwnerId: server.owner.userId, IncidentStatusId: 5 });
    await create();
    const own = await server.call('GET', 'incidents');
    expect(own.json.filter((one: { ProjectId: number }) => one.ProjectId === projectId)).toMatchObject([
      { IncidentId: mine.IncidentId },
    ]);
  });

  it('does not find deleted ones', async () => {
    const { IncidentId } = await create();
    expect((await call('DELETE', `incidents/${IncidentId}`)).status).toBe(200);
    expect((await call('GET', `incidents/${IncidentId}`)).status).toBe(404);
    expect((await call('DELETE', `incidents/${IncidentId}`)).status).toBe(404);
    expect((await call('GET', 'incidents')).json).toEqual([]);
  });
});

describe('comments', () => {
  it('on an incident are added as a list or one by one and listed oldest first', async () => {
    const { IncidentId } = await create();
    const path = `incidents/${IncidentId}/comments`;
    const added = await call('POST', path, { body: [{ Text: 'First' }, { Text: 'Second', IsPermanent: true }] });
    expect(added.json).toMatchObject([
      { ArtifactId: IncidentId, Text: 'First', UserId: server.owner.userId, UserName: 'Fred Bloggs', IsDeleted: false },
      { Text: 'Second', IsPermanent: true, CreationDate: NOON.toISOString() },
    ]);
    expect(Object.keys(added.json[0])).toHaveLength(10);
    expect((await call('POST', path, { body: { Text: 'Third' } })).json).toMatchObject([{ Text: 'Third' }]);
    expect((await call('GET', path)).json.map((one: { Text: string }) => one.Text)).toEqual([
      'First',
      'Second',
      'Third',
    ]);
    expect((await call('POST', path, { body: [{ Text: 'Fourth' }, { Text: '' }] })).status).toBe(400);
    expect((await call('POST', path, { body: [{ Text: 'Fourth', UserId: 999_999 }] })).status).toBe(404);
    expect((await call('GET', path)).json).toHaveLength(3);
    expect((await call('GET', 'incidents/999999/comments')).status).toBe(404);
    expect((await call('POST', 'incidents/999999/comments', { body: [{ Text: 'x' }] })).status).toBe(404);
  });

  it('on other artifacts are added one by one', async () => {
    const testSetId = await aTestSet(db, projectId);
    const testCaseId = await aTestCase(db, projectId);
    for (const path of [`test-sets/${testSetId}/comments`, `test-cases/${testCaseId}/comments`]) {
      expect((await call('POST', path, { body: { Text: 'Well' } })).json).toMatchObject({ Text: 'Well' });
      expect((await call('GET', path)).json).toMatchObject([{ Text: 'Well' }]);
    }
  });

  it('are not for roles that change nothing', async () => {
    const { IncidentId } = await create();
    const observer = await server.userWithRole(null);
    await aMember(db, projectId, { userId: observer.userId, roleId: 5 });
    const path = `incidents/${IncidentId}/comments`;
    expect((await call('POST', path, { as: observer, body: [{ Text: 'x' }] })).status).toBe(403);
    expect((await call('GET', path, { as: observer })).status).toBe(200);
  });
});
