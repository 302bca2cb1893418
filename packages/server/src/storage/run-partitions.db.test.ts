import { expect, test } from 'vitest';
import { aProject, aTestCase } from '../../test/support/builders.ts';
import { NOON } from '../../test/support/clock.ts';
import { emptyTestDatabase, testConnection, testDatabaseWithUrl } from '../../test/support/database.ts';
import { LEAST_SPAN } from '../domain/run-partitions.ts';
import { PartitionLoop } from '../jobs/partition-loop.ts';
import type { Database } from './database.ts';
import { knownMigrations, migrate } from './migrate.ts';
import { analyzeRuns, listRunPartitions, makeRunPartitions } from './run-partitions.ts';
import { insertTestRuns, type TestRunRow } from './test-runs.ts';

const silent = { info: () => {}, warn: () => {}, error: () => {} };

const aRun = (testCaseId: number): TestRunRow => ({
  testCaseId,
  releaseId: null,
  testSetId: null,
  testSetTestCaseId: null,
  buildId: null,
  testConfigurationId: null,
  testerId: 1,
  testRunTypeId: 2,
  executionStatusId: 2,
  name: 'Run',
  startDate: NOON,
  endDate: NOON,
  estimatedDuration: null,
  actualDuration: 0,
  tags: null,
  customProperties: null,
  automationHostId: null,
  automationEngineId: null,
  automationAttachmentId: null,
  testRunFormatId: 1,
  runnerName: 'xunit',
  runnerTestName: 'test',
  runnerAssertCount: 0,
  runnerMessage: '',
  runnerStackTrace: '',
  parameters: null,
  concurrencyDate: NOON,
});

/** A database whose next run gets this id, and a case in it. */
async function beforeRun(nextId: number) {
  const { db, connectionString } = await testDatabaseWithUrl();
  const projectId = await aProject(db);
  const testCaseId = await aTestCase(db, projectId);
  await goTo(db, nextId);
  const record = (count: number, on: Database = db) =>
    on.transaction((transaction) =>
      insertTestRuns(
        transaction,
        projectId,
        Array.from({ length: count }, () => aRun(testCaseId)),
      ),
    );
  return { db, connectionString, projectId, testCaseId, record };
}

const goTo = (db: Database, nextId: number) =>
  db.query(`select setval('test_run_test_run_id_seq', $1, false)`, [nextId]);
const bounds = async (db: Database) => (await listRunPartitions(db)).map(({ start, end }) => [start, end]);

test('runs recorded under the first schema stay, in the first partition, and ids go on after them', async () => {
  const { db } = await emptyTestDatabase();
  const steps = await knownMigrations();
  await migrate(db, steps.slice(0, 1));
  await db.query(`insert into project (name) values ('Library')`);
  await db.query(
    `insert into test_run (project_id, test_case_id, tester_id, test_run_type_id, execution_status_id, name, start_date, runner_message)
     select 1, 7, 1, 2, 2, 'Run ' || n, now(), 'said ' || n from generate_series(1, 1000) n`,
  );
  await db.query(
    `insert into test_run_step (project_id, test_run_id, position, test_case_id, execution_status_id)
     select 1, n, 1, 7, 2 from generate_series(1, 50) n`,
  );
  await db.query(`select setval(pg_get_serial_sequence('test_run', 'test_run_id'), $1)`, [LEAST_SPAN * 2 + 5]);
  await migrate(db, steps);
  expect(await bounds(db)).toEqual([[null, LEAST_SPAN * 3]]);
  const [stored] = await db.query(
    `select count(*) as runs, count(distinct runner_message) as messages,
            (select count(*) from test_run_step where project_id = 1) as steps from test_run where project_id = 1`,
  );
  expect(stored).toEqual({ runs: 1000, messages: 1000, steps: 50 });
  const [run] = await db.query<{ id: number }>(
    `insert into test_run (project_id, test_case_id, tester_id, test_run_type_id, execution_status_id, name, start_date)
     values (1, 7, 1, 2, 2, 'Run', now()) returning test_run_id as id`,
  );
  expect(run?.id).toBe(LEAST_SPAN * 2 + 6);
  const [step] = await db.query<{ id: number }>(
    `insert into test_run_step (project_id, test_run_id, position, test_case_id, execution_status_id)
     values (1, $1, 1, 7, 2) returning test_run_step_id as id`,
    [run?.id],
  );
  expect(step?.id).toBe(51);
});

test('an empty database begins with one partition, the loop adds one ahead, and then nothing more', async () => {
  const { db } = await beforeRun(1);
  expect(await bounds(db)).toEqual([[null, LEAST_SPAN]]);
  const loop = new PartitionLoop({ context: { db }, log: silent });
  await loop.round();
  expect(await bounds(db)).toEqual([
    [null, LEAST_SPAN],
    [LEAST_SPAN, LEAST_SPAN * 2],
  ]);
  await loop.round();
  expect(await makeRunPartitions(db)).toBe(0);
});

test('runs that come before their partition are recorded all the same, in one piece', async () => {
  const { db, record } = await beforeRun(LEAST_SPAN - 2);
  const ids = await record(5);
  expect(ids.map((id) => id - ids[0]!)).toEqual([0, 1, 2, 3, 4]);
  const [stored] = await db.query('select count(*) as runs from test_run');
  expect(stored).toEqual({ runs: 5 });
  expect(await bounds(db)).toEqual([
    [null, LEAST_SPAN],
    [LEAST_SPAN, LEAST_SPAN * 2],
    [LEAST_SPAN * 2, LEAST_SPAN * 3],
  ]);
});

test('processes that come to the end of the partitions at once make each of them once', async () => {
  const { db, connectionString, record } = await beforeRun(LEAST_SPAN * 4);
  const others = [1, 2, 3].map(() => testConnection(connectionString, { poolSize: 1 }));
  const ids = await Promise.all([db, ...others].map((process) => record(3, process)));
  await Promise.all(others.map((process) => process.close()));
  expect(new Set(ids.flat()).size).toBe(12);
  const ends = (await bounds(db)).map(([, end]) => end);
  expect(ends).toEqual(ends.map((_, position) => LEAST_SPAN * (position + 1)));
});

test('a partition is added while a recording is open, and neither waits for the other', async () => {
  const { db, projectId, testCaseId, record } = await beforeRun(5);
  await db.transaction(async (transaction) => {
    await insertTestRuns(transaction, projectId, [aRun(testCaseId)]);
    const other = testConnectionOf(db);
    expect(await makeRunPartitions(other)).toBe(1);
    await other.close();
    await insertTestRuns(transaction, projectId, [aRun(testCaseId)]);
  });
  expect(await record(1)).toEqual([7]);
});

/** Another pool, since this one refuses statements beside an open transaction. */
const testConnectionOf = (db: Database) => testConnection(String(db.pool.options.connectionString), { poolSize: 1 });

test('a new partition is like the table: keys, indexes, compression, storage and defaults', async () => {
  const { db } = await beforeRun(1);
  await makeRunPartitions(db);
  const described = async (table: string) => ({
    columns: await db.query(
      `select attname, format_type(atttypid, atttypmod) as type, attnotnull, attstorage::text, attcompression::text,
              pg_get_expr(adbin, adrelid) as default
         from pg_attribute left join pg_attrdef on adrelid = attrelid and adnum = attnum
        where attrelid = $1::regclass and attnum > 0 order by attnum`,
      [table],
    ),
    indexes: (
      await db.query<{ definition: string }>(
        `select regexp_replace(pg_get_indexdef(indexrelid), '^.* USING', '') as definition
           from pg_index where indrelid = $1::regclass and indisvalid order by 1`,
        [table],
      )
    ).map(({ definition }) => definition),
  });
  for (const table of ['test_run', 'test_run_step']) {
    const parent = await described(table);
    expect(parent.indexes.length).toBeGreaterThan(2);
    expect(await described(`${table}_from_${LEAST_SPAN}`)).toEqual(parent);
  }
});

test('a violated constraint of the run tables is not taken for a missing partition', async () => {
  const { db, record } = await beforeRun(1);
  await db.query('alter table test_run add constraint no_runs check (test_run_id < 0) not valid');
  await expect(record(1)).rejects.toMatchObject({ code: '23514', constraint: 'no_runs' });
  expect(await bounds(db)).toEqual([[null, LEAST_SPAN]]);
});

test('statistics of the whole table follow those of its partitions once these have grown', async () => {
  const { db, record } = await beforeRun(1);
  expect(await analyzeRuns(db)).toEqual([]);
  await record(12_000);
  await db.query('analyze test_run_from_0');
  expect(await analyzeRuns(db)).toEqual(['test_run']);
  expect(await analyzeRuns(db)).toEqual([]);
  const columns = await db.query(`select from pg_stats where tablename = 'test_run' and attname = 'test_case_id'`);
  expect(columns).toHaveLength(1);
});
