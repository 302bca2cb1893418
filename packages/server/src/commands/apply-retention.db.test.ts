import { beforeEach, describe, expect, test, vi } from 'vitest';
import { aProject, aRelease, aTestCase } from '../../test/support/builders.ts';
import { testConnection, testDatabaseWithUrl } from '../../test/support/database.ts';
import { aRunStep, pendingRuns, someRuns } from '../../test/support/runs.ts';
import { LEAST_SPAN } from '../domain/run-partitions.ts';
import { lockTestRun } from '../storage/test-runs.ts';
import { applyRetention, type RetentionOptions } from './apply-retention.ts';
import { changeRetention } from './change-retention.ts';

const { db, connectionString } = await testDatabaseWithUrl({ poolSize: 8 });
const NOW = new Date('2040-01-01T00:00:00Z');
const now = () => NOW;
const daysAgo = (days: number) => new Date(NOW.getTime() - days * 86_400_000);

let projectId: number;
let testCaseId: number;
beforeEach(async () => {
  projectId = await aProject(db);
  testCaseId = await aTestCase(db, projectId);
});

const retain = (options: Partial<RetentionOptions> = {}) =>
  applyRetention({ db, now }, projectId, { keepDays: 30, ...options });
const anOldRun = (days: number, values: { releaseId?: number } = {}) =>
  ({ testCaseId, executionStatusId: 2, endDate: daysAgo(days), ...values }) as const;
const remaining = async () =>
  (
    await db.query<{ id: number }>('select test_run_id as id from test_run where project_id = $1 order by 1', [
      projectId,
    ])
  ).map(({ id }) => id);

describe('old runs go', () => {
  test('but for the latest of each case and release, with their steps', async () => {
    const [one, other] = [await aRelease(db, projectId), await aRelease(db, projectId)];
    const [a, b, c, d, e] = await someRuns(db, projectId, [
      anOldRun(400, { releaseId: one }),
      anOldRun(300, { releaseId: one }),
      anOldRun(350, { releaseId: other }),
      anOldRun(31),
      anOldRun(29),
    ]);
    for (const testRunId of [a!, b!]) await aRunStep(db, projectId, { testRunId, testCaseId });
    expect(await retain()).toEqual({ runs: 2, partitionsRewritten: 0 });
    expect(await remaining()).toEqual([b, c, e]);
    expect(d).toBeDefined();
    const steps = await db.query('select test_run_id as id from test_run_step where project_id = $1', [projectId]);
    expect(steps).toEqual([{ id: b }]);
  });

  test('deleted and unfinished ones, too, these by their start', async () => {
    const [deleted, unfinished, latest] = await someRuns(db, projectId, [anOldRun(100), anOldRun(90), anOldRun(80)]);
    await db.query('update test_run set is_deleted = true where project_id = $1 and test_run_id = $2', [
      projectId,
      deleted,
    ]);
    await db.query('update test_run set end_date = null, start_date = $3 where project_id = $1 and test_run_id = $2', [
      projectId,
      unfinished,
      daysAgo(90),
    ]);
    expect((await retain()).runs).toBe(2);
    expect(await remaining()).toEqual([latest]);
  });

  test('but for those that people have attached something to', async () => {
    const ids = await someRuns(
      db,
      projectId,
      [1, 2, 3, 4, 5, 6, 7].map((n) => anOldRun(100 - n)),
    );
    const [plain, documented, commented, from, to, incident, latest] = ids;
    const stepId = await aRunStep(db, projectId, { testRunId: incident!, testCaseId });
    await db.query('insert into document_attachment values ($1, 5, $2, 1)', [projectId, documented]);
    await db.query(
      `insert into comment (project_id, artifact_type_id, artifact_id, user_id, text) values ($1, 5, $2, 1, 'x')`,
      [projectId, commented],
    );
    await db.query(
      `insert into artifact_link (project_id, artifact_link_type_id, source_type_id, source_id, dest_type_id, dest_id, creator_id)
       values ($1, 1, 5, $2, 1, 1, 1), ($1, 1, 1, 1, 5, $3, 1)`,
      [projectId, from, to],
    );
    await db.query('insert into incident_test_run_step values ($1, 1, $2)', [projectId, stepId]);
    expect((await retain()).runs).toBe(1);
    expect(await remaining()).toEqual(ids.filter((id) => id !== plain));
    expect(latest).toBeDefined();
  });

  test('but for those that wait for a refresh, or were written to just now', async () => {
    const [fresh, latest] = await someRuns(db, projectId, [anOldRun(100), anOldRun(90)]);
    await db.query('update test_run set concurrency_date = $3 where project_id = $1 and test_run_id = $2', [
      projectId,
      fresh,
      NOW,
    ]);
    const [pending] = await pendingRuns(db, projectId, [anOldRun(200)]);
    expect((await retain()).runs).toBe(0);
    expect(await remaining()).toEqual([fresh, latest, pending]);
  });

  test('but for those that hold the steps of runs, or of runs of a case, whose deletion or return waits', async () => {
    const other = await aTestCase(db, projectId);
    const [edited, shared, latest, ofDeletedCase] = await someRuns(db, projectId, [
      anOldRun(80),
      { ...anOldRun(100), testCaseId: other },
      { ...anOldRun(90), testCaseId: other },
      anOldRun(70),
    ]);
    const pending = (kind: string, id: number) =>
      db.query('insert into change (project_id, kind, ids) values ($1, $2, array[$3::bigint])', [projectId, kind, id]);
    for (const testRunId of [edited!, shared!]) await aRunStep(db, projectId, { testRunId, testCaseId, testStepId: 7 });
    await pending('edited', edited!);
    expect((await retain()).runs).toBe(0);
    await db.query(`delete from change where project_id = $1`, [projectId]);
    await aRunStep(db, projectId, { testRunId: ofDeletedCase!, testCaseId, testStepId: 7 });
    await db.query('update test_case set is_deleted = true where project_id = $1 and test_case_id = $2', [
      projectId,
      testCaseId,
    ]);
    await pending('cases', testCaseId);
    expect((await retain()).runs).toBe(0);
    await db.query(`delete from change where project_id = $1`, [projectId]);
    expect((await retain()).runs).toBe(1);
    expect(await remaining()).toEqual([edited, latest, ofDeletedCase]);
  });

  test('until the job is cancelled', async () => {
    await someRuns(db, projectId, [anOldRun(100), anOldRun(90)]);
    await expect(retain({ signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough');
    expect(await remaining()).toHaveLength(2);
  });
});

describe('a partition of which most runs go', () => {
  /** Runs of this and of another product, in a partition of which every id was given. */
  async function aCompletePartition(): Promise<{ table: string; other: number; size: () => Promise<number> }> {
    const other = await aProject(db);
    const otherCase = await aTestCase(db, other);
    const [position] = await db.query<{ start: number }>(
      `select setval('test_run_test_run_id_seq', (last_value / $1 + 1) * $1) as start from test_run_test_run_id_seq`,
      [LEAST_SPAN],
    );
    await db.transaction((transaction) => insertMany(transaction, other, otherCase, 300));
    await someRuns(
      db,
      projectId,
      Array.from({ length: 3_000 }, (_, n) => anOldRun(100 + n / 100)),
    );
    await db.query(`select setval('test_run_test_run_id_seq', $1)`, [position!.start + LEAST_SPAN]);
    const table = `test_run_from_${position!.start}`;
    const size = async () =>
      (await db.query<{ size: number }>('select pg_total_relation_size($1::regclass) as size', [table]))[0]!.size;
    return { table, other, size };
  }

  const insertMany = (on: Pick<typeof db, 'query'>, project: number, caseId: number, count: number) =>
    on.query(
      `insert into test_run (project_id, test_case_id, tester_id, test_run_type_id, execution_status_id, name, start_date, end_date)
       select $1, $2, 1, 2, 2, 'Run ' || n, $4, $4 from generate_series(1, $3::int) n`,
      [project, caseId, count, daysAgo(500)],
    );

  test('is replaced by a smaller one with the same bounds; other products keep theirs', async () => {
    const { table, other, size } = await aCompletePartition();
    const ofOther = () =>
      db.query('select t::text from test_run t where project_id = $1 order by test_run_id', [other]);
    const bound = () =>
      db.query(`select pg_get_expr(relpartbound, oid) as bound from pg_class where relname = $1`, [table]);
    const indexesOf = () =>
      db.query(
        `select pg_get_expr(indpred, indrelid) as only, indkey::text as columns, indisunique
           from pg_index where indrelid = $1::regclass and indisvalid order by 2, 1`,
        [table],
      );
    const before = { rows: await ofOther(), bound: await bound(), size: await size(), indexes: await indexesOf() };
    expect(await retain({ isWorthRewriting: () => true })).toEqual({ runs: 2_999, partitionsRewritten: 1 });
    expect(await remaining()).toHaveLength(1);
    expect({ rows: await ofOther(), bound: await bound() }).toEqual({ rows: before.rows, bound: before.bound });
    expect(await size()).toBeLessThan(before.size / 4);
    expect(before.indexes.length).toBeGreaterThan(2);
    expect(await indexesOf()).toEqual(before.indexes);
    // And once more: what was made is like what was there.
    expect(await retain({ isWorthRewriting: () => true })).toEqual({ runs: 0, partitionsRewritten: 0 });
  });

  test('stays when more than half of it stays, or when few runs go', async () => {
    await aCompletePartition();
    expect(await retain()).toEqual({ runs: 2_999, partitionsRewritten: 0 });
  });

  test('stays as it is when the job is cancelled while it is copied', async () => {
    await aCompletePartition();
    const job = new AbortController();
    const isWorthRewriting = () => {
      job.abort(new Error('enough'));
      return true;
    };
    await expect(retain({ signal: job.signal, isWorthRewriting })).rejects.toThrow('enough');
    expect(await remaining()).toHaveLength(3_000);
    expect(
      await db.query(`select relname from pg_class where relkind = 'r' and relname like '%\\_rewritten\\_%'`),
    ).toEqual([]);
    expect(await retain({ isWorthRewriting: () => true })).toEqual({ runs: 2_999, partitionsRewritten: 1 });
  });

  test('is not replaced under a snapshot, in which what is new would not be there', async () => {
    await aCompletePartition();
    const reader = testConnection(connectionString, { poolSize: 1 });
    const lookingOn = testConnection(connectionString, { poolSize: 1 });
    const isWaitedFor = async () => {
      const waiting = await lookingOn.query(
        `select from pg_locks where not granted and mode = 'AccessExclusiveLock' and relation = 'test_run'::regclass
            and database = (select oid from pg_database where datname = current_database())`,
      );
      return waiting.length > 0;
    };
    let retaining: Promise<unknown> = Promise.resolve();
    const seen = await reader.snapshot(async (snapshot) => {
      await snapshot.query('select now()');
      let isDone = false;
      retaining = retain({ isWorthRewriting: () => true }).finally(() => {
        isDone = true;
      });
      while (!isDone && !(await isWaitedFor()));
      return snapshot.query('select from test_run where project_id = $1', [projectId]);
    });
    expect(seen).toHaveLength(3_000);
    expect(await retaining).toEqual({ runs: 2_999, partitionsRewritten: 1 });
    await Promise.all([reader.close(), lookingOn.close()]);
  });

  test('gives way to somebody who edits a run of it: neither fails, and the runs go all the same', async () => {
    await aCompletePartition();
    // The first is the latest and would stay anyway.
    const [, old] = await remaining();
    const editor = testConnection(connectionString, { poolSize: 2 });
    const locked = Promise.withResolvers<void>();
    const edit = Promise.withResolvers<void>();
    const editing = editor.transaction(async (transaction) => {
      await lockTestRun(transaction, projectId, old!);
      locked.resolve();
      await edit.promise;
      await transaction.query(
        `update test_run set tags = 'kept', concurrency_date = $3 where project_id = $1 and test_run_id = $2`,
        [projectId, old, NOW],
      );
    });
    await locked.promise;
    // The rewrite begins beside the editor, who then waits for it, and holds what it needs in the end.
    const retaining = retain({
      isWorthRewriting: () => {
        edit.resolve();
        return true;
      },
    });
    await editing;
    const { runs } = await retaining;
    expect(runs).toBe(2_998);
    expect(await remaining()).toContain(old);
    await editor.close();
  });

  test('gives way also while its copy gets no connection, and has written nothing where it keeps others out', async () => {
    const { table } = await aCompletePartition();
    const [, old] = await remaining();
    const narrow = testConnection(connectionString, { poolSize: 1 });
    const job = new AbortController();
    const retaining = applyRetention({ db: narrow, now }, projectId, {
      keepDays: 30,
      signal: job.signal,
      isWorthRewriting: () => true,
    });
    const ended = expect(retaining).rejects.toThrow();
    const holders = () =>
      db.query<{ xid: string | null }>(
        `select a.backend_xid::text as xid from pg_locks l join pg_stat_activity a on a.pid = l.pid
          where l.granted and l.mode = 'ShareRowExclusiveLock' and l.relation = $1::regclass`,
        [table],
      );
    const held = await vi.waitUntil(async () => (await holders())[0], { timeout: 20_000, interval: 5 });
    expect(held).toEqual({ xid: null });
    const edited = await db.query(
      `update test_run set tags = 'kept' where project_id = $1 and test_run_id = $2 returning tags`,
      [projectId, old],
    );
    expect(edited).toEqual([{ tags: 'kept' }]);
    job.abort(new Error('enough'));
    await ended;
    expect(await remaining()).toHaveLength(3_000);
    await narrow.close();
  });

  test('leaves nothing behind for long: what a process had copied that ended is dropped', async () => {
    const { table } = await aCompletePartition();
    const left = `${table}_rewritten_0123abcd`;
    await db.query(`create table ${left} (like test_run including all)`);
    const isThere = async () => (await db.query(`select from pg_class where relname = $1`, [left])).length > 0;
    const retainNothing = () => retain({ keepDays: 3_650 });
    const other = testConnection(connectionString, { poolSize: 1 });
    await other.transaction(async (transaction) => {
      await transaction.query(`lock table ${table} in share row exclusive mode`);
      await retainNothing();
      expect(await isThere()).toBe(true);
    });
    await retainNothing();
    expect(await isThere()).toBe(false);
    await other.close();
  });
});

test('the setting is checked, kept with the product, and written down', async () => {
  const change = (keepDays: number | null) => changeRetention({ db, actor: null }, projectId, { keepDays });
  await expect(change(0)).rejects.toMatchObject({ code: 'invalid' });
  await expect(change(1.5)).rejects.toMatchObject({ code: 'invalid' });
  await change(90);
  const settings = () => db.query('select settings from project where project_id = $1', [projectId]);
  expect(await settings()).toEqual([{ settings: { keepRunsDays: 90 } }]);
  await change(null);
  expect(await settings()).toEqual([{ settings: {} }]);
  const events = await db.query('select details from event where project_id = $1 order by event_id', [projectId]);
  expect(events).toEqual([{ details: { keepDays: 90 } }, { details: { keepDays: null } }]);
});
