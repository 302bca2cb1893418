import { beforeEach, describe, expect, test } from 'vitest';
import { aProject, aTestCase, aTestStep } from '../../test/support/builders.ts';
import { testDatabase } from '../../test/support/database.ts';
import { pendingRuns, someRuns } from '../../test/support/runs.ts';
import { appendChange } from '../changes/change-log.ts';
import type { Database, Transaction } from '../storage/database.ts';
import { refreshPending } from './refresh.ts';
import { underLock } from './repairs.ts';
import { rebuildSteps } from './step-figures.ts';

/** How many runs were read. */
async function runsRead(transaction: Transaction): Promise<number> {
  const [row] = await transaction.query<{ count: number }>(
    `select sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)) as count
       from pg_stat_xact_user_tables where relname ~ '^test_run_from_'`,
  );
  return row?.count ?? 0;
}

async function caseChanged(db: Database, projectId: number, testCaseId: number): Promise<void> {
  await db.transaction((transaction) =>
    appendChange(transaction, projectId, { kind: 'cases', testCaseIds: [testCaseId] }),
  );
}

describe('LT-5: the results of a case count while it has a figure', () => {
  let db: Database;
  let [projectId, testCaseId, testStepId] = [0, 0, 0];
  beforeEach(async () => {
    db = await testDatabase();
    projectId = await aProject(db);
    testCaseId = await aTestCase(db, projectId);
    testStepId = await aTestStep(db, projectId, { testCaseId });
  });

  const aPendingResult = async () => {
    const [testRunId] = await pendingRuns(db, projectId, [{ testCaseId, executionStatusId: 1 }]);
    await db.kysely
      .insertInto('testRunStep')
      .values({ projectId, testRunId: testRunId!, position: 1, testStepId, testCaseId, executionStatusId: 1 })
      .execute();
  };
  const setDeleted = (isDeleted: boolean) =>
    db.query('update test_case set is_deleted = $3 where project_id = $1 and test_case_id = $2', [
      projectId,
      testCaseId,
      isDeleted,
    ]);
  const refreshed = async () => {
    await refreshPending(db, projectId);
    return (await db.query('select from step_figure where project_id = $1', [projectId])).length;
  };

  test('so that one that was deleted before it had any leaves none behind', async () => {
    await aPendingResult();
    expect(await refreshed()).toBe(0);
    await setDeleted(true);
    await caseChanged(db, projectId, testCaseId);
    expect(await refreshed()).toBe(0);
    await setDeleted(false);
    await caseChanged(db, projectId, testCaseId);
    expect(await refreshed()).toBe(1);
  });

  test('so that none is lost that was merged between a deletion and a return', async () => {
    await caseChanged(db, projectId, testCaseId);
    await refreshed();
    await aPendingResult();
    await setDeleted(true);
    expect(await refreshed()).toBe(1);
    await setDeleted(false);
    await caseChanged(db, projectId, testCaseId);
    expect(await refreshed()).toBe(1);
  });
});

test('the figure of a step is derived from the runs that hold it, and no other is read', async () => {
  const db = await testDatabase({ poolSize: 1 });
  const projectId = await aProject(db);
  const testCaseId = await aTestCase(db, projectId);
  const testStepId = await aTestStep(db, projectId, { testCaseId });
  await caseChanged(db, projectId, testCaseId);
  const runIds = await someRuns(
    db,
    projectId,
    Array.from({ length: 3_000 }, () => ({ testCaseId, executionStatusId: 2 })),
  );
  await db.kysely
    .insertInto('testRunStep')
    .values({ projectId, testRunId: runIds[7]!, position: 1, testStepId, testCaseId, executionStatusId: 5 })
    .execute();
  await db.query('analyze');
  const read = await underLock(db, projectId, async (transaction) => {
    const before = await runsRead(transaction);
    expect(await rebuildSteps(transaction, projectId, [testStepId])).toBe(1);
    return (await runsRead(transaction)) - before;
  });
  expect(read).toBe(1);
});
