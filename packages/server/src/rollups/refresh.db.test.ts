import { beforeEach, describe, expect, test } from 'vitest';
import { aMapping, aProject, aRelease, aTestCase, aTestSet, aTestSetRow } from '../../test/support/builders.ts';
import { testDatabase } from '../../test/support/database.ts';
import { appendChange, type Change } from '../changes/change-log.ts';
import type { Transaction } from '../storage/database.ts';
import { recalculate } from './recalculate.ts';
import { refreshPending } from './refresh.ts';
import { verifyFigures } from './verify.ts';

const db = await testDatabase();

let projectId: number;
beforeEach(async () => {
  projectId = await aProject(db);
});

interface NewRun {
  testCaseId: number;
  status: number;
  /** Minutes past ten; null: never completed. */
  end: number | null;
  releaseId?: number;
  testSetId?: number;
  rowId?: number;
}

async function insertRun(transaction: Transaction, run: NewRun): Promise<number> {
  const end = run.end === null ? null : new Date(Date.UTC(2026, 1, 3, 10, run.end));
  const [row] = await transaction.query<{ id: number }>(
    `insert into test_run (project_id, test_case_id, release_id, test_set_id, test_set_row_id, tester_id, test_run_type_id, name, start_date,
                           execution_status_id, end_date, actual_duration)
     values ($1, $2, $3, $4, $5, 1, 2, 'run', now(), $6, $7, 1) returning test_run_id as id`,
    [projectId, run.testCaseId, run.releaseId ?? null, run.testSetId ?? null, run.rowId ?? null, run.status, end],
  );
  return row?.id ?? 0;
}

function store(kind: 'runs' | 'bulk', ...runs: NewRun[]): Promise<number[]> {
  return db.transaction(async (transaction) => {
    const runIds: number[] = [];
    for (const run of runs) runIds.push(await insertRun(transaction, run));
    await appendChange(transaction, projectId, { kind, runIds });
    return runIds;
  });
}

const change = (entry: Change) => db.transaction((transaction) => appendChange(transaction, projectId, entry));

/** A case with its figure. */
async function aCountedCase(): Promise<number> {
  const testCaseId = await aTestCase(db, projectId);
  await change({ kind: 'cases', testCaseIds: [testCaseId] });
  await refreshPending(db, projectId);
  return testCaseId;
}

async function statusOf(testCaseId: number): Promise<number | undefined> {
  const [row] = await db.query<{ status: number }>(
    'select coalesce(mark, execution_status_id) as status from case_figure where project_id = $1 and test_case_id = $2',
    [projectId, testCaseId],
  );
  return row?.status;
}

async function mappedReleases(testCaseId: number): Promise<number[]> {
  const rows = await db.query<{ id: number }>(
    'select release_id as id from release_test_case where project_id = $1 and test_case_id = $2 order by 1',
    [projectId, testCaseId],
  );
  return rows.map((row) => row.id);
}

const [FAILED, PASSED, NOT_RUN, BLOCKED] = [1, 2, 3, 5] as const;

describe('the mapping that a recorded set run implies (semantics 1.6)', () => {
  async function aSetRunFor(releaseId: number, end: number | null) {
    const testCaseId = await aCountedCase();
    const testSetId = await aTestSet(db, projectId);
    const rowId = await aTestSetRow(db, projectId, { testSetId, testCaseId });
    await store('bulk', { testCaseId, testSetId, rowId, releaseId, status: PASSED, end });
    await refreshPending(db, projectId);
    return testCaseId;
  }

  test('a finished run of a set row maps its case to the release, with its status', async () => {
    const releaseId = await aRelease(db, projectId);
    const testCaseId = await aSetRunFor(releaseId, 1);
    expect(await mappedReleases(testCaseId)).toEqual([releaseId]);
    const figures = await db.query('select execution_status_id as status from mapping_figure where project_id = $1', [
      projectId,
    ]);
    expect(figures).toEqual([{ status: PASSED }]);
  });

  test('a run for a sprint maps to the immediate parent, too', async () => {
    const major = await aRelease(db, projectId);
    const minor = await aRelease(db, projectId, { parentReleaseId: major, releaseTypeId: 2 });
    const sprint = await aRelease(db, projectId, { parentReleaseId: minor, releaseTypeId: 3 });
    expect(await mappedReleases(await aSetRunFor(sprint, 1))).toEqual([minor, sprint]);
  });

  test('a run that was never completed maps nothing', async () => {
    expect(await mappedReleases(await aSetRunFor(await aRelease(db, projectId), null))).toEqual([]);
  });

  test('a mapping removed by hand is not brought back by a recalculation', async () => {
    const testCaseId = await aSetRunFor(await aRelease(db, projectId), 1);
    await db.query('delete from release_test_case where project_id = $1', [projectId]);
    await change({ kind: 'cases', testCaseIds: [testCaseId] });
    await recalculate(db, projectId);
    expect(await mappedReleases(testCaseId)).toEqual([]);
  });
});

describe('bulk changes that wait', () => {
  test('BK-5: without bulk, a refresh leaves their figures as they are', async () => {
    const testCaseId = await aCountedCase();
    await store('bulk', { testCaseId, status: FAILED, end: 1 });
    expect(await refreshPending(db, projectId, { includeBulk: false })).toMatchObject({ runs: 0 });
    expect(await statusOf(testCaseId)).toBe(NOT_RUN);
    expect(await refreshPending(db, projectId)).toMatchObject({ runs: 1 });
    expect(await statusOf(testCaseId)).toBe(FAILED);
  });

  test('BK-6: a single record picks up the pending bulk runs of its case, not those of others', async () => {
    const [one, other] = [await aCountedCase(), await aCountedCase()];
    await store('bulk', { testCaseId: one, status: FAILED, end: 9 }, { testCaseId: other, status: FAILED, end: 9 });
    await store('runs', { testCaseId: one, status: PASSED, end: 5 });
    await refreshPending(db, projectId, { includeBulk: false });
    expect([await statusOf(one), await statusOf(other)]).toEqual([FAILED, NOT_RUN]);
    await refreshPending(db, projectId);
    expect([await statusOf(one), await statusOf(other)]).toEqual([FAILED, FAILED]);
  });
});

test('thousands of runs that are merged by several statements leave exact figures', async () => {
  const testCaseIds = [await aCountedCase(), await aCountedCase(), await aCountedCase()];
  const releaseId = await aRelease(db, projectId);
  for (const testCaseId of testCaseIds) await aMapping(db, projectId, { releaseId, testCaseId });
  await change({ kind: 'cases', testCaseIds });
  await db.transaction(async (transaction) => {
    const rows = await transaction.query<{ id: number }>(
      `insert into test_run (project_id, test_case_id, release_id, tester_id, test_run_type_id, name, start_date, execution_status_id, end_date)
       select $1, ($2::int[])[1 + n % 3], case when n % 2 = 0 then $3::int end, 1, 2, 'run', now(), 1 + n % 2,
              timestamptz '2026-02-03' + (n * 7919 % 2500) * interval '1 second'
         from generate_series(1, 2500) n
       returning test_run_id as id`,
      [projectId, testCaseIds, releaseId],
    );
    await appendChange(transaction, projectId, { kind: 'bulk', runIds: rows.map((row) => row.id) });
  });
  expect(await refreshPending(db, projectId)).toMatchObject({ runs: 2_500 });
  const verified = await verifyFigures(db, projectId);
  expect(verified).toMatchObject({ differences: [] });
  expect(await statusOf(testCaseIds[0]!)).not.toBe(NOT_RUN);
});

test('a refresh ends although changes keep arriving, and leaves those for the next', async () => {
  const testCaseId = await aCountedCase();
  const limits = { ids: 1, cases: 1, casesFromRuns: 1 };
  for (let end = 1; end <= 3; end += 1) await store('runs', { testCaseId, status: FAILED, end });
  const rounds: number[] = [];
  const report = await refreshPending(db, projectId, {
    limits,
    onRound: async ({ runs }) => {
      rounds.push(runs);
      await store('runs', { testCaseId, status: PASSED, end: 10 + runs });
    },
  });
  expect(report.runs).toBe(3);
  expect(rounds).toEqual([1, 2, 3]);
  expect(await refreshPending(db, projectId, { limits })).toMatchObject({ runs: 3 });
  expect(await statusOf(testCaseId)).toBe(PASSED);
});

test('a refresh that is stopped between rounds leaves the rest pending', async () => {
  const testCaseId = await aCountedCase();
  await store('bulk', { testCaseId, status: FAILED, end: 1 }, { testCaseId, status: PASSED, end: 2 });
  const stop = new AbortController();
  const stopped = refreshPending(db, projectId, {
    limits: { ids: 1, cases: 1, casesFromRuns: 1 },
    signal: stop.signal,
    onRound: () => stop.abort(new Error('stopped on purpose')),
  });
  await expect(stopped).rejects.toThrow('stopped on purpose');
  const left = await db.query('select kind, run_count as runs from change where project_id = $1', [projectId]);
  expect(left).toEqual([{ kind: 'bulk', runs: 1 }]);
  expect(await statusOf(testCaseId)).toBe(FAILED);
  expect(await refreshPending(db, projectId)).toMatchObject({ runs: 1 });
  expect(await statusOf(testCaseId)).toBe(PASSED);
});

test('two runs of four thousand years each do not stop a set from being counted', async () => {
  const testSetId = await aTestSet(db, projectId);
  const runs: NewRun[] = [];
  for (let count = 0; count < 2; count += 1) {
    const testCaseId = await aCountedCase();
    const rowId = await aTestSetRow(db, projectId, { testSetId, testCaseId });
    await change({ kind: 'cases', testCaseIds: [testCaseId] });
    runs.push({ testCaseId, testSetId, rowId, status: PASSED, end: 1 });
  }
  const ids = await store('runs', ...runs);
  await db.query('update test_run set actual_duration = 2000000000 where project_id = $1 and test_run_id = any ($2)', [
    projectId,
    ids,
  ]);
  await refreshPending(db, projectId);
  const [set] = await db.query<{ minutes: number }>(
    'select actual_duration as minutes from set_figure where project_id = $1',
    [projectId],
  );
  expect(set?.minutes).toBe(2_147_483_647);
  expect(await verifyFigures(db, projectId)).toMatchObject({ differences: [] });
});

describe('late commits', () => {
  test('CC-4: a run whose transaction commits after a refresh took a later one is not lost', async () => {
    const [one, other] = [await aCountedCase(), await aCountedCase()];
    const inserted = Promise.withResolvers<void>();
    const mayCommit = Promise.withResolvers<void>();
    const late = db.transaction(async (transaction) => {
      const runId = await insertRun(transaction, { testCaseId: one, status: FAILED, end: 1 });
      await appendChange(transaction, projectId, { kind: 'runs', runIds: [runId] });
      inserted.resolve();
      await mayCommit.promise;
    });
    await inserted.promise;
    await store('runs', { testCaseId: other, status: PASSED, end: 1 });
    await refreshPending(db, projectId);
    mayCommit.resolve();
    await late;
    await refreshPending(db, projectId);
    expect([await statusOf(one), await statusOf(other)]).toEqual([FAILED, PASSED]);
  });

  test('CC-4: a change that commits while a refresh waits for the lock is taken by it', async () => {
    const testCaseId = await aCountedCase();
    const locked = Promise.withResolvers<void>();
    const mayUnlock = Promise.withResolvers<void>();
    const holder = db.transaction(async (transaction) => {
      await transaction.query('select pg_advisory_xact_lock(71, $1)', [projectId]);
      locked.resolve();
      await mayUnlock.promise;
    });
    await locked.promise;
    const refresh = refreshPending(db, projectId);
    await store('runs', { testCaseId, status: FAILED, end: 1 });
    mayUnlock.resolve();
    await holder;
    expect(await refresh).toMatchObject({ runs: 1 });
    expect(await statusOf(testCaseId)).toBe(FAILED);
  });

  test('a refresh that fails loses neither changes nor figures', async () => {
    const testCaseId = await aCountedCase();
    await store('runs', { testCaseId, status: FAILED, end: 1 });
    await db.query(
      `create function refuse_${projectId}() returns trigger language plpgsql as $$ begin raise 'refused on purpose'; end $$`,
    );
    await db.query(
      `create trigger refuse_${projectId} before update on case_figure for each row when (new.project_id = ${projectId}) execute function refuse_${projectId}()`,
    );
    await expect(refreshPending(db, projectId)).rejects.toThrow('refused on purpose');
    await db.query(`drop trigger refuse_${projectId} on case_figure`);
    expect(await refreshPending(db, projectId)).toMatchObject({ runs: 1 });
    expect(await statusOf(testCaseId)).toBe(FAILED);
  });
});

describe('manual marks', () => {
  const mark = (testCaseId: number, status: number) =>
    db.query('update case_figure set mark = $3 where project_id = $1 and test_case_id = $2', [
      projectId,
      testCaseId,
      status,
    ]);

  test('TC-2: the next recorded run ends a mark, also when it is older than the latest', async () => {
    const testCaseId = await aCountedCase();
    await store('runs', { testCaseId, status: FAILED, end: 9 });
    await refreshPending(db, projectId);
    await mark(testCaseId, BLOCKED);
    await store('runs', { testCaseId, status: PASSED, end: 1 });
    await refreshPending(db, projectId);
    expect(await statusOf(testCaseId)).toBe(FAILED);
  });

  test('TC-2, DT-7: a recalculation ends marks; verify does not count them as differences', async () => {
    const testCaseId = await aCountedCase();
    await mark(testCaseId, BLOCKED);
    expect(await verifyFigures(db, projectId)).toMatchObject({ differences: [] });
    expect(await statusOf(testCaseId)).toBe(BLOCKED);
    await recalculate(db, projectId);
    expect(await statusOf(testCaseId)).toBe(NOT_RUN);
  });
});

describe('separate recalculations', () => {
  test('DC-2: limited to a release, only the mappings of it and of what it rolls up into change', async () => {
    const major = await aRelease(db, projectId);
    const sprint = await aRelease(db, projectId, { parentReleaseId: major, releaseTypeId: 3 });
    const elsewhere = await aRelease(db, projectId);
    const testCaseId = await aTestCase(db, projectId);
    for (const releaseId of [major, sprint, elsewhere]) await aMapping(db, projectId, { releaseId, testCaseId });
    await change({ kind: 'cases', testCaseIds: [testCaseId] });
    await refreshPending(db, projectId);
    await store(
      'bulk',
      { testCaseId, releaseId: sprint, status: FAILED, end: 1 },
      { testCaseId, releaseId: elsewhere, status: FAILED, end: 2 },
    );
    await recalculate(db, projectId, { releaseId: sprint });
    const figures = await db.query<{ release: number; failed: number }>(
      'select release_id as release, count_failed as failed from release_figure where project_id = $1 order by 1',
      [projectId],
    );
    expect(figures).toEqual([
      { release: major, failed: 1 },
      { release: sprint, failed: 1 },
      { release: elsewhere, failed: 0 },
    ]);
    expect(await statusOf(testCaseId)).toBe(NOT_RUN);
    const [pending] = await db.query<{ runs: number }>(
      'select sum(run_count) as runs from change where project_id = $1',
      [projectId],
    );
    expect(pending?.runs).toBe(2);
  });

  test('DT-3: releases alone leave case statuses stale; cases alone leave releases stale', async () => {
    const releaseId = await aRelease(db, projectId);
    const testCaseId = await aTestCase(db, projectId);
    await aMapping(db, projectId, { releaseId, testCaseId });
    await change({ kind: 'cases', testCaseIds: [testCaseId] });
    await refreshPending(db, projectId);
    await store('bulk', { testCaseId, releaseId, status: FAILED, end: 1 });
    const failedInRelease = async () => {
      const [row] = await db.query<{ failed: number }>(
        'select count_failed as failed from release_figure where project_id = $1',
        [projectId],
      );
      return row?.failed;
    };
    await recalculate(db, projectId, { parts: ['releases'] });
    expect([await statusOf(testCaseId), await failedInRelease()]).toEqual([NOT_RUN, 1]);
    await store('bulk', { testCaseId, releaseId, status: PASSED, end: 2 });
    await recalculate(db, projectId, { parts: ['cases'] });
    expect([await statusOf(testCaseId), await failedInRelease()]).toEqual([PASSED, 1]);
  });

  test('a recalculation tells its progress and stops between portions when it is told to', async () => {
    const testCaseIds = [];
    for (let count = 0; count < 40; count += 1) testCaseIds.push(await aTestCase(db, projectId));
    const stop = new AbortController();
    const phases: string[] = [];
    const recalculation = recalculate(db, projectId, {
      signal: stop.signal,
      onProgress: ({ phase, done, total }) => {
        phases.push(`${phase} ${done}/${total}`);
        if (phase === 'comparing cells') stop.abort(new Error('stopped on purpose'));
      },
    });
    await expect(recalculation).rejects.toThrow('stopped on purpose');
    expect(phases[0]).toBe('pending results 0/0');
    expect(phases.at(-1)).toBe('comparing cells 16/40');
    await recalculate(db, projectId);
    expect(await verifyFigures(db, projectId)).toMatchObject({ differences: [], compared: 40 });
  });
});
