import { expect, test } from 'vitest';
import { aProject, aTestCase } from '../../test/support/builders.ts';
import { testDatabase } from '../../test/support/database.ts';
import { someRuns } from '../../test/support/runs.ts';
import { LEAST_SPAN } from '../domain/run-partitions.ts';
import type { Transaction } from '../storage/database.ts';
import { makeRunPartitions } from '../storage/run-partitions.ts';
import { withSteps } from '../views/test-run-steps.ts';
import { applyChanges, ordinaryLimits } from './refresh-round.ts';

/** Makes the transaction plan each statement once for all parameters, as PostgreSQL does with those that are used often. */
const planOnce = `select set_config('plan_cache_mode', 'force_generic_plan', true)`;

/** How often each partition was read. */
async function scans(transaction: Transaction): Promise<Map<string, number>> {
  const rows = await transaction.query<{ name: string; count: number }>(
    `select relname as name, coalesce(seq_scan, 0) + coalesce(idx_scan, 0) as count from pg_stat_xact_user_tables
      where relname ~ '^test_run(_step)?_from_' order by 1`,
  );
  return new Map(rows.map(({ name, count }) => [name, count]));
}

test('a refresh and the steps of a page ask only the partitions that hold the runs', async () => {
  const db = await testDatabase({ poolSize: 1 });
  const projectId = await aProject(db);
  const testCaseId = await aTestCase(db, projectId);
  await someRuns(db, projectId, [{ testCaseId, executionStatusId: 1 }]);
  await db.query(`select setval('test_run_test_run_id_seq', $1)`, [LEAST_SPAN * 3]);
  await makeRunPartitions(db);
  const [runId] = await someRuns(db, projectId, [{ testCaseId, executionStatusId: 2 }]);
  const asked = await db.transaction(async (transaction) => {
    await transaction.query(planOnce);
    const before = await scans(transaction);
    const taken = {
      runIds: [runId!],
      editedRunIds: [],
      testCaseIds: [],
      releaseIds: [],
      requirementIds: [],
      isEmpty: false,
      hasMore: false,
      oldestPendingRunId: undefined,
    };
    await applyChanges(transaction, projectId, { taken, roll: [], limits: ordinaryLimits });
    await withSteps(transaction, projectId, [{ testRunId: runId! }]);
    return [...(await scans(transaction))].filter(([name, count]) => count > (before.get(name) ?? 0));
  });
  expect(asked.map(([name]) => name)).toEqual([
    `test_run_from_${LEAST_SPAN * 3}`,
    `test_run_step_from_${LEAST_SPAN * 3}`,
  ]);
});
