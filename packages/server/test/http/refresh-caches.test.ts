import { beforeEach, expect, test } from 'vitest';
import { appendChange } from '../../src/changes/change-log.ts';
import { createLogger } from '../../src/http/log.ts';
import { aMapping, aMember, aProject, aRelease, aTestCase } from '../support/builders.ts';
import { testDatabase } from '../support/database.ts';
import { pendingRuns } from '../support/runs.ts';
import { spiraServer } from '../support/spira-server.ts';

const db = await testDatabase();
// One test makes a job fail on purpose, which is logged.
const server = await spiraServer(db, { logger: createLogger({ level: 'silent' }) });
const { jobs } = server.background;
let projectId: number;

beforeEach(async () => {
  await db.query('delete from job');
  projectId = await server.ownProject();
});

const refresh = (path = '', as = server.owner) =>
  server.call('POST', `projects/${projectId}/refresh-caches${path}`, { as });
const passed = async (releaseId: number) =>
  (await server.call('GET', `projects/${projectId}/releases/${releaseId}`)).json.CountPassed;
const queuedJobs = () => db.query(`select job_id from job where state = 'queued'`);

/** A release with a mapped case that passed in a bulk call whose figures are pending. */
async function aStaleRelease(): Promise<number> {
  const releaseId = await aRelease(db, projectId);
  const testCaseId = await aTestCase(db, projectId);
  await aMapping(db, projectId, { releaseId, testCaseId });
  await db.transaction((transaction) =>
    appendChange(transaction, projectId, { kind: 'cases', testCaseIds: [testCaseId] }),
  );
  await refresh();
  await pendingRuns(db, projectId, [{ testCaseId, releaseId, executionStatusId: 2 }]);
  return releaseId;
}

test('one call after bulk loading makes every figure exact and answers empty when done (DC-1)', async () => {
  const releaseId = await aStaleRelease();
  expect(await passed(releaseId)).toBe(0);
  const answer = await refresh();
  expect([answer.status, answer.text, answer.headers['content-length']]).toEqual([200, '', '0']);
  expect(await passed(releaseId)).toBe(1);
  expect(await queuedJobs()).toEqual([]);
});

test('run_async=true answers at once; the job works in the background (DC-2)', async () => {
  const releaseId = await aStaleRelease();
  expect((await refresh('?run_async=true')).status).toBe(200);
  expect(await passed(releaseId)).toBe(0);
  expect(await queuedJobs()).toHaveLength(1);
  await jobs.drain();
  expect(await passed(releaseId)).toBe(1);
});

test('asking twice in the background queues one job (DT-4)', async () => {
  await refresh('?run_async=true');
  await refresh('?RUN_ASYNC=True');
  expect(await queuedJobs()).toHaveLength(1);
});

test('a release id limits it to that release; an unknown one is 404 (DC-2)', async () => {
  const releaseId = await aStaleRelease();
  const other = await aStaleRelease();
  expect((await refresh(`/${releaseId}?run_async=false`)).status).toBe(200);
  expect([await passed(releaseId), await passed(other)]).toEqual([1, 0]);
  for (const unknown of ['0', '-1', 'x', '99999999', '99999999999999']) {
    expect((await refresh(`/${unknown}`)).status, unknown).toBe(404);
  }
  const elsewhere = await aRelease(db, await aProject(db));
  expect((await refresh(`/${elsewhere}`)).status).toBe(404);
});

test('only product administrators may (DC-3)', async () => {
  for (const roleId of [2, 3, 4, 5, 6, 7]) {
    const user = await server.userWithRole(null);
    await aMember(db, projectId, { userId: user.userId, roleId });
    const answer = await refresh('', user);
    expect([answer.status, answer.json.Message]).toEqual([
      403,
      'You need to be a Product Administrator to use this function!',
    ]);
  }
  const outsider = await server.userWithRole(null);
  expect((await refresh('', outsider)).status).toBe(403);
  expect(await db.query('select from job')).toEqual([]);
});

test('a body is not read', async () => {
  const answer = await server.call('POST', `projects/${projectId}/refresh-caches`, { body: '{not json' });
  expect(answer.status).toBe(200);
});

test('a job that fails is told to whoever waits for it, as something to try again', async () => {
  await db.query(
    `create function refuse() returns trigger language plpgsql as $$ begin raise exception 'on purpose'; end $$`,
  );
  await db.query('create trigger refuse before insert or update on case_figure for each row execute function refuse()');
  const testCaseId = await aTestCase(db, projectId);
  await db.transaction((transaction) =>
    appendChange(transaction, projectId, { kind: 'cases', testCaseIds: [testCaseId] }),
  );
  const answer = await refresh();
  await db.query('drop trigger refuse on case_figure');
  expect([answer.status, answer.headers['retry-after']]).toEqual([503, '5']);
  expect(answer.json.Message).toContain('log of the server');
});
