import { expect, test } from 'vitest';
import { aProject, aTestCase, aTestStep } from '../../test/support/builders.ts';
import { testDatabase } from '../../test/support/database.ts';
import { someRuns } from '../../test/support/runs.ts';
import type { Transaction } from '../storage/database.ts';
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

test('the figure of a step is derived from the runs that hold it, and no other is read', async () => {
  const db = await testDatabase({ poolSize: 1 });
  const projectId = await aProject(db);
  const testCaseId = await aTestCase(db, projectId);
  const testStepId = await aTestStep(db, projectId, { testCaseId });
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
