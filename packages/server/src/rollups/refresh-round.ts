import { appendChange } from '../changes/change-log.ts';
import { newestPending, type TakenChanges, takeChanges } from '../changes/take-changes.ts';
import { type RollPair, rollPairs } from '../domain/release-tree.ts';
import type { Database, Transaction } from '../storage/database.ts';
import { lockFigures } from '../storage/locks.ts';
import { listReleaseNodes } from '../storage/release-tree.ts';
import { idStretches, runsById } from '../storage/runs-by-id.ts';
import { type Affected, affectedFrom, allAffected } from './affected.ts';
import { recountAffected } from './counters.ts';
import { mergeRuns } from './merge-runs.ts';
import { rebuildCases } from './rebuild-cases.ts';
import { rebuildSteps, stepsOfRuns } from './step-figures.ts';

export interface RefreshOptions {
  /** Also bulk changes; default yes. Without them they stay pending (BK-5, BK-6). */
  includeBulk?: boolean;
  /** What fits into one round; given only by tests. */
  limits?: RoundLimits;
}

/** What bounds the time that a round holds the lock of figures. */
export interface RoundLimits {
  /** Ids of changes, most of them new runs. */
  ids: number;
  /** Cases that are derived anew from their cells. */
  cases: number;
  /** Cases that are derived anew from all their runs. */
  casesFromRuns: number;
}

export const ordinaryLimits: RoundLimits = { ids: 20_000, cases: 500, casesFromRuns: 20 };

export interface RefreshReport {
  /** New runs whose figures are up to date now. */
  runs: number;
  /** Cases that were derived anew. */
  cases: number;
  /** Figures and counters that changed. */
  rowsChanged: number;
}

export interface RoundReport extends RefreshReport {
  /** Not everything fitted into the round: the number of the newest change that is still pending. */
  leftUpTo: number | undefined;
  /** Of what was taken, a rest was appended to the change log again. */
  hasRest: boolean;
}

const roundSettings = {
  name: 'refresh-settings',
  text: `select ${[
    ['synchronous_commit', 'off'],
    // Who waits for figures is answered without them when a session that was cut off still has the lock.
    ['lock_timeout', '4s'],
    // Every row is found by a key. A plan made while a partition was empty would go on reading it from end to end while it
    // fills: a refresh at the first runs of each partition took seconds.
    ['enable_seqscan', 'off'],
  ]
    .map(([name, value]) => `set_config('${name}', '${value}', true)`)
    .join(', ')}`,
};

/**
 * Brings the figures of a project up to date with a part of its pending changes, the oldest, in one transaction, one at a
 * time per project. The part is bounded, and with it how long others wait for the lock of figures.
 *
 * READ COMMITTED and the lock as a statement of its own: each later statement then sees everything committed before the
 * lock was granted. The commit is asynchronous: a crash loses figures and the taking of the changes together, so the
 * changes are back and nothing is lost; the runs themselves were durable before.
 */
export async function refreshRound(
  db: Database,
  projectId: number,
  { includeBulk = true, limits = ordinaryLimits }: RefreshOptions = {},
): Promise<RoundReport> {
  return db.transaction(async (transaction) => {
    const [, , taken, releases] = await Promise.all([
      transaction.query(roundSettings),
      lockFigures(transaction, projectId),
      takeChanges(transaction, projectId, { includeBulk, mostIds: limits.ids }),
      listReleaseNodes(transaction, projectId),
    ]);
    if (taken.isEmpty) return { runs: 0, cases: 0, rowsChanged: 0, leftUpTo: undefined, hasRest: false };
    const report = await applyChanges(transaction, projectId, { taken, roll: rollPairs(releases), limits });
    const hasMore = taken.hasMore || report.hasRest;
    return { ...report, leftUpTo: hasMore ? await newestPending(transaction, projectId, includeBulk) : undefined };
  });
}

/** Turns taken changes into figures; what does not fit into the round is appended to the change log again. */
export async function applyChanges(
  transaction: Transaction,
  projectId: number,
  { taken, roll, limits }: { taken: TakenChanges; roll: readonly RollPair[]; limits: RoundLimits },
): Promise<RefreshReport & { hasRest: boolean }> {
  const affected: Affected[] = [affectedFrom({ requirementIds: taken.requirementIds })];
  const casesToRebuild = new Set(taken.testCaseIds);
  if (taken.runIds.length > 0) {
    const pendingRunIds = await pendingOfSameCases(transaction, projectId, taken);
    const merged = await mergeRuns(transaction, projectId, { runIds: taken.runIds, pendingRunIds, roll });
    for (const testCaseId of merged.mappedCaseIds) casesToRebuild.add(testCaseId);
    affected.push(merged.affected);
  }
  if (taken.releaseIds.length > 0) {
    for (const testCaseId of await casesMappedTo(transaction, projectId, taken.releaseIds, roll))
      casesToRebuild.add(testCaseId);
  }
  const edited = await deriveEditedCases(transaction, projectId, { runIds: taken.editedRunIds, roll, limits });
  for (const testCaseId of edited.testCaseIds) casesToRebuild.delete(testCaseId);
  const [testCaseIds, rest] = cut([...casesToRebuild], limits.cases);
  affected.push(edited.affected);
  affected.push(await rebuildCases(transaction, projectId, { testCaseIds, roll, fromRuns: false }));
  await appendChange(transaction, projectId, { kind: 'cases', testCaseIds: rest });
  const all = allAffected(affected);
  const counted = await recountAffected(transaction, projectId, all);
  return {
    runs: taken.runIds.length,
    cases: edited.testCaseIds.length + testCaseIds.length,
    rowsChanged: all.rowsChanged + counted,
    hasRest: edited.hasRest || rest.length > 0,
  };
}

/** Derives the cases and steps of edited runs from all their runs, as many as fit; the rest stays a change. */
async function deriveEditedCases(
  transaction: Transaction,
  projectId: number,
  { runIds, roll, limits }: { runIds: readonly number[]; roll: readonly RollPair[]; limits: RoundLimits },
): Promise<{ testCaseIds: number[]; affected: Affected; hasRest: boolean }> {
  if (runIds.length === 0) return { testCaseIds: [], affected: affectedFrom({}), hasRest: false };
  const runsOfCases = await runsByCase(transaction, projectId, runIds);
  const [now, later] = cut([...runsOfCases], limits.casesFromRuns);
  const testCaseIds = now.map(([testCaseId]) => testCaseId);
  const rebuilt = await rebuildCases(transaction, projectId, { testCaseIds, roll, fromRuns: true });
  const editedNow = now.flatMap(([, ids]) => ids);
  const steps = await stepsOfRuns(transaction, projectId, editedNow);
  const rowsChanged = await rebuildSteps(transaction, projectId, steps);
  await appendChange(transaction, projectId, { kind: 'edited', runIds: later.flatMap(([, ids]) => ids) });
  return {
    testCaseIds,
    affected: allAffected([rebuilt, affectedFrom({ rowsChanged })]),
    hasRest: later.length > 0,
  };
}

/**
 * BK-6: a case whose own runs are merged also gets the pending bulk runs of the same case. They are merged again when
 * their change is taken, which changes nothing.
 */
async function pendingOfSameCases(transaction: Transaction, projectId: number, taken: TakenChanges): Promise<number[]> {
  if (taken.oldestPendingRunId === undefined) return [];
  const rows = await transaction.query<{ id: number }>({
    name: 'pending-runs-of-same-cases',
    text: `select test_run_id as id from test_run
            where project_id = $1 and not is_deleted and end_date is not null and test_run_id >= $2
              and test_case_id in (
                select r.test_case_id
                  from ${runsById({ table: 'test_run', columns: 'test_case_id', stretches: ['$3', '$4'], as: 'r' })})`,
    values: [projectId, taken.oldestPendingRunId, ...idStretches(taken.runIds)],
  });
  const own = new Set(taken.runIds);
  return rows.map((row) => row.id).filter((id) => !own.has(id));
}

/** Returns these runs by their case. */
async function runsByCase(
  transaction: Transaction,
  projectId: number,
  runIds: readonly number[],
): Promise<Map<number, number[]>> {
  const byCase = new Map<number, number[]>();
  const rows = await transaction.query<{ id: number; testCaseId: number }>({
    name: 'cases-of-runs',
    text: `select r.test_run_id as id, r.test_case_id as "testCaseId"
             from ${runsById({ table: 'test_run', columns: 'test_run_id, test_case_id', stretches: ['$2', '$3'], as: 'r' })}
            order by r.test_case_id, r.test_run_id`,
    values: [projectId, ...idStretches(runIds)],
  });
  for (const { id, testCaseId } of rows) {
    const ids = byCase.get(testCaseId);
    if (ids) ids.push(id);
    else byCase.set(testCaseId, [id]);
  }
  return byCase;
}

/** Returns the cases mapped, by link or by figure, to these releases or to what they roll up into now. */
async function casesMappedTo(
  transaction: Transaction,
  projectId: number,
  releaseIds: readonly number[],
  roll: readonly RollPair[],
): Promise<number[]> {
  const changed = new Set(releaseIds);
  const reached = roll.filter((pair) => changed.has(pair.releaseId)).map((pair) => pair.ancestorId);
  const rows = await transaction.query<{ id: number }>({
    name: 'cases-mapped-to',
    text: `select test_case_id as id from release_test_case where project_id = $1 and release_id = any ($2)
           union select test_case_id from mapping_figure where project_id = $1 and release_id = any ($2)`,
    values: [projectId, [...new Set([...releaseIds, ...reached])]],
  });
  return rows.map((row) => row.id);
}

/** Returns the first `count` items and the others. */
function cut<Item>(items: readonly Item[], count: number): [Item[], Item[]] {
  return [items.slice(0, count), items.slice(count)];
}
