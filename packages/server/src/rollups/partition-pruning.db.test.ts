import { expect, test } from 'vitest';
import { aProject, aTestCase } from '../../test/support/builders.ts';
import { testDatabase } from '../../test/support/database.ts';
import { someRuns } from '../../test/support/runs.ts';
import { appendChange } from '../changes/change-log.ts';
import { LEAST_SPAN } from '../domain/run-partitions.ts';
import type { Database, Transaction } from '../storage/database.ts';
import { makeRunPartitions } from '../storage/run-partitions.ts';
import { withSteps } from '../views/test-run-steps.ts';
import { applyChanges, ordinaryLimits, refreshRound } from './refresh-round.ts';

/** Makes the transaction plan each statement once for all parameters, as PostgreSQL does with those that are used often. */
const planOnce = `select set_config('plan_cache_mode', 'force_generic_plan', true)`;

const nothing = {
  runIds: [],
  editedRunIds: [],
  testCaseIds: [],
  releaseIds: [],
  requirementIds: [],
  isEmpty: true,
  hasMore: false,
  oldestPendingRunId: undefined,
};

/** How often each partition was read. */
async function scans(transaction: Transaction): Promise<Map<string, number>> {
  const rows = await transaction.query<{ name: string; count: number }>(
    `select relname as name, coalesce(seq_scan, 0) + coalesce(idx_scan, 0) as count from pg_stat_xact_user_tables
      where relname ~ '^test_run(_step)?_from_' order by 1`,
  );
  return new Map(rows.map(({ name, count }) => [name, count]));
}

/** How many rows of partitions were read, by index or by walking through. */
async function rowsReadOf(db: Database): Promise<number> {
  await db.query('select pg_stat_force_next_flush()');
  const [row] = await db.query<{ rows: number }>(
    `select sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0))::float8 as rows from pg_stat_user_tables
      where relname ~ '^test_run(_step)?_from_'`,
  );
  return row?.rows ?? 0;
}

/** How often each index of the partitions was walked along. */
async function indexScansOf(db: Database): Promise<Map<string, number>> {
  await db.query('select pg_stat_force_next_flush()');
  const rows = await db.query<{ name: string; count: number }>(
    `select indexrelname as name, idx_scan as count from pg_stat_user_indexes where relname ~ '^test_run(_step)?_from_'`,
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
    const taken = { ...nothing, runIds: [runId!], isEmpty: false };
    await applyChanges(transaction, projectId, { taken, roll: [], limits: ordinaryLimits });
    await withSteps(transaction, projectId, [{ testRunId: runId! }]);
    return [...(await scans(transaction))].filter(([name, count]) => count > (before.get(name) ?? 0));
  });
  expect(asked.map(([name]) => name)).toEqual([
    `test_run_from_${LEAST_SPAN * 3}`,
    `test_run_step_from_${LEAST_SPAN * 3}`,
  ]);
});

test('a refresh reads the runs that it was asked for, also by a plan made while their partition was empty', async () => {
  const db = await testDatabase({ poolSize: 1 });
  const projectId = await aProject(db);
  const testCaseId = await aTestCase(db, projectId);
  await db.query(`select setval('test_run_test_run_id_seq', $1)`, [LEAST_SPAN]);
  await makeRunPartitions(db);
  // As PostgreSQL itself does before 18 when the whole table is analyzed.
  await db.query(`analyze test_run_from_${LEAST_SPAN}, test_run_step_from_${LEAST_SPAN}`);
  await db.query(`set plan_cache_mode = 'force_generic_plan'`);
  const refresh = async (runIds: number[]) => {
    await db.transaction((transaction) => appendChange(transaction, projectId, { kind: 'runs', runIds }));
    await refreshRound(db, projectId);
  };
  await db.transaction((transaction) =>
    appendChange(transaction, projectId, { kind: 'cases', testCaseIds: [testCaseId] }),
  );
  await refresh([LEAST_SPAN + 1]);
  await db.query(
    `insert into test_run (project_id, test_case_id, execution_status_id, name, tester_id, test_run_type_id, start_date, end_date)
     select $1, $2, 2, 'Run', 1, 2, now(), now() from generate_series(1, 1000)`,
    [projectId, testCaseId],
  );
  const before = await rowsReadOf(db);
  const scansBefore = await indexScansOf(db);
  await refresh([LEAST_SPAN + 1, LEAST_SPAN + 1000]);
  expect((await rowsReadOf(db)) - before).toBeLessThan(20);
  // In an empty partition all indexes cost the same; one that only contains the id is read from end to end later.
  const walked = [...(await indexScansOf(db))].filter(([name, count]) => count > (scansBefore.get(name) ?? 0));
  expect(walked.map(([name]) => name)).toEqual([
    `test_run_from_${LEAST_SPAN}_pkey`,
    `test_run_step_from_${LEAST_SPAN}_pkey`,
  ]);
});
