import { beforeEach, describe, expect, test } from 'vitest';
import {
  aBuild,
  aMember,
  aProject,
  aRelease,
  aTestCase,
  aTestSet,
  aTestSetRow,
  aUser,
} from '../../test/support/builders.ts';
import { NOON } from '../../test/support/clock.ts';
import { testDatabase } from '../../test/support/database.ts';
import type { ProjectCommand } from './context.ts';
import { deleteTestRun, restoreTestRun } from './delete-test-run.ts';
import { editTestRun, type TestRunEdit } from './edit-test-run.ts';
import { recordTestRuns } from './record-test-runs.ts';

const db = await testDatabase();
let refreshes: string[];
let command: ProjectCommand;
let projectId: number;
let testCaseId: number;
let releaseId: number;
let buildId: number;
let testRunId: number;

beforeEach(async () => {
  refreshes = [];
  projectId = await aProject(db);
  const actor = { userId: 1, login: 'administrator', isSystemAdmin: true };
  const figures = { afterCommit: async (_projectId: number, changed: string) => void refreshes.push(changed) };
  command = { db, figures, now: () => NOON, actor, projectId };
  testCaseId = await aTestCase(db, projectId);
  releaseId = await aRelease(db, projectId);
  buildId = await aBuild(db, projectId, { releaseId });
  const run = { testCaseId, executionStatusId: 2, runnerName: 'x', releaseId, buildId };
  const [recorded] = await recordTestRuns(command, { runs: [run], kind: 'runs' });
  testRunId = recorded!.testRunId;
  await db.query('delete from change where project_id = $1', [projectId]);
});

const stored = () =>
  db.kysely.selectFrom('testRun').selectAll().where('testRunId', '=', testRunId).executeTakeFirstOrThrow();
const edit = async (changes: TestRunEdit) =>
  editTestRun(command, { testRunId, edit: changes, stamp: (await stored()).concurrencyDate });
const changes = async () =>
  (
    await db.query<{ kind: string; ids: string[] }>('select kind, ids from change where project_id = $1', [projectId])
  ).map(({ kind, ids }) => [kind, ids.map(Number)]);

describe('editing a run', () => {
  test('IM-2, DU-6: tester, tags and duration change; the rest, status and dates among it, stays', async () => {
    const before = await stored();
    const testerId = await aUser(db);
    await aMember(db, projectId, { userId: testerId, roleId: 4 });
    await edit({ testerId, tags: 'slow', actualDuration: 90 });
    const { concurrencyDate, ...after } = await stored();
    expect(after).toEqual({ ...before, testerId, tags: 'slow', actualDuration: 90, concurrencyDate: undefined });
    expect(concurrencyDate.getTime()).toBeGreaterThan(before.concurrencyDate.getTime());
    expect(await changes()).toEqual([['edited', [testRunId]]]);
    expect(refreshes.at(-1)).toBe('facts');
  });

  test('another release takes the build off, a build brings its release, one of another release is refused', async () => {
    const other = await aRelease(db, projectId);
    await edit({ releaseId: other });
    expect(await stored()).toMatchObject({ releaseId: other, buildId: null });
    await edit({ buildId });
    expect(await stored()).toMatchObject({ releaseId, buildId });
    await expect(edit({ buildId, releaseId: other })).rejects.toMatchObject({ code: 'notFound' });
    await edit({ releaseId: null });
    expect(await stored()).toMatchObject({ releaseId: null, buildId: null });
  });

  test('IM-3, AU-6: another set takes its first row of the case, a row its set; null takes both off', async () => {
    const testSetId = await aTestSet(db, projectId);
    const rowId = await aTestSetRow(db, projectId, { testSetId, testCaseId });
    const later = await aTestSetRow(db, projectId, { testSetId, testCaseId });
    await edit({ testSetId });
    expect(await stored()).toMatchObject({ testSetId, testSetRowId: rowId });
    await edit({ testSetTestCaseId: later });
    expect(await stored()).toMatchObject({ testSetId, testSetRowId: later });
    await edit({ testSetId: null });
    expect(await stored()).toMatchObject({ testSetId: null, testSetRowId: null });
  });

  test('what is not changed may have been deleted since; what is changed may not', async () => {
    await db.kysely.updateTable('release').set({ isDeleted: true }).where('releaseId', '=', releaseId).execute();
    await edit({ tags: 'a', releaseId });
    expect(await stored()).toMatchObject({ tags: 'a', releaseId, buildId });
    await expect(edit({ testerId: 999_999 })).rejects.toMatchObject({ code: 'notFound' });
    await expect(edit({ testSetId: 999_999 })).rejects.toMatchObject({ code: 'notFound' });
    await expect(edit({ actualDuration: -1 })).rejects.toMatchObject({ code: 'invalid' });
    expect(await stored()).toMatchObject({ tags: 'a' });
  });

  test('CC-1: a stale stamp changes nothing', async () => {
    const stamp = new Date(0);
    await expect(editTestRun(command, { testRunId, edit: { tags: 'x' }, stamp })).rejects.toMatchObject({
      code: 'stale',
    });
    expect((await stored()).tags).toBeNull();
    expect(await changes()).toEqual([]);
  });

  test('IM-5: the history says what was and what is', async () => {
    await edit({ tags: 'slow' });
    const [event] = await db.query('select kind, subject, details from event where project_id = $1', [projectId]);
    const details = { action: 'edited', before: { tags: null }, after: { tags: 'slow' } };
    expect(event).toEqual({ kind: 'testRun', subject: `TR:${testRunId}`, details });
  });
});

describe('deleting and restoring a run', () => {
  test('IM-4: both are changes for the figures, written down, and each only once', async () => {
    await deleteTestRun(command, testRunId);
    expect((await stored()).isDeleted).toBe(true);
    await expect(deleteTestRun(command, testRunId)).rejects.toMatchObject({ code: 'notFound' });
    await expect(edit({ tags: 'x' })).rejects.toMatchObject({ code: 'notFound' });
    await restoreTestRun(command, testRunId);
    expect((await stored()).isDeleted).toBe(false);
    await expect(restoreTestRun(command, testRunId)).rejects.toMatchObject({ code: 'notFound' });
    expect(await changes()).toEqual([
      ['edited', [testRunId]],
      ['edited', [testRunId]],
    ]);
    const events = await db.query('select details from event where project_id = $1 order by event_id', [projectId]);
    expect(events).toEqual([{ details: { action: 'deleted' } }, { details: { action: 'restored' } }]);
  });

  test('DL-4: a run of a deleted case is not there to be deleted', async () => {
    await db.kysely.updateTable('testCase').set({ isDeleted: true }).where('testCaseId', '=', testCaseId).execute();
    await expect(deleteTestRun(command, testRunId)).rejects.toMatchObject({ code: 'notFound' });
  });
});
