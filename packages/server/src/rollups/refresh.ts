import { type TakenChanges, takeChanges } from '../changes/take-changes.ts';
import { type RollPair, rollPairs } from '../domain/release-tree.ts';
import type { Database, Transaction } from '../storage/database.ts';
import { lockFigures } from '../storage/locks.ts';
import { listReleaseNodes } from '../storage/release-tree.ts';
import { runIdBounds } from '../storage/run-partitions.ts';
import { type Affected, affectedFrom, allAffected } from './affected.ts';
import { recountAffected } from './counters.ts';
import { mapExecutedCases, mergeRuns } from './merge-runs.ts';
import { rebuildCases } from './rebuild-cases.ts';
import { rebuildSteps, stepsOfRuns } from './step-figures.ts';

export interface RefreshOptions {
  /** Also bulk changes; default yes. Without them they stay pending (BK-5, BK-6). */
  includeBulk?: boolean;
  /** Take no more than so many changes, oldest first. */
  limit?: number;
}

export interface RefreshReport {
  /** New runs whose figures are up to date now. */
  runs: number;
  /** Cases that were derived anew. */
  cases: number;
  /** Figures and counters that changed. */
  rowsChanged: number;
  /** Changes were there to take; false: there was nothing to do. */
  tookChanges: boolean;
}

/**
 * Brings the figures of a project up to date with its pending changes, in one transaction, one at a time per project.
 *
 * READ COMMITTED and the lock as a statement of its own: each later statement then sees everything committed before the
 * lock was granted. The commit is asynchronous: a crash loses figures and the taking of the changes together, so the
 * changes are back and nothing is lost; the runs themselves were durable before.
 */
export async function refreshPending(
  db: Database,
  projectId: number,
  options: RefreshOptions = {},
): Promise<RefreshReport> {
  return db.transaction(async (transaction) => {
    await transaction.query({
      name: 'commit-asynchronously',
      text: `select set_config('synchronous_commit', 'off', true)`,
    });
    await lockFigures(transaction, projectId);
    const taken = await takeChanges(transaction, projectId, {
      includeBulk: options.includeBulk ?? true,
      limit: options.limit,
    });
    return applyChanges(transaction, projectId, taken);
  });
}

/** Turns taken changes into figures. Call under the lock of figures. */
export async function applyChanges(
  transaction: Transaction,
  projectId: number,
  taken: TakenChanges,
): Promise<RefreshReport> {
  if (taken.isEmpty) return { runs: 0, cases: 0, rowsChanged: 0, tookChanges: false };
  const roll = rollPairs(await listReleaseNodes(transaction, projectId));
  const affected: Affected[] = [affectedFrom({ requirementIds: taken.requirementIds })];
  const casesToRebuild = new Set(taken.testCaseIds);

  if (taken.runIds.length > 0) {
    for (const testCaseId of await mapExecutedCases(transaction, projectId, taken.runIds))
      casesToRebuild.add(testCaseId);
    affected.push(
      await mergeRuns(transaction, projectId, await withPendingOfSameCases(transaction, projectId, taken), roll),
    );
  }
  if (taken.releaseIds.length > 0) {
    for (const testCaseId of await casesMappedTo(transaction, projectId, taken.releaseIds, roll))
      casesToRebuild.add(testCaseId);
  }
  const editedCases = await casesOfRuns(transaction, projectId, taken.editedRunIds);
  for (const testCaseId of editedCases) casesToRebuild.delete(testCaseId);
  affected.push(await rebuildCases(transaction, projectId, { testCaseIds: editedCases, roll, fromRuns: true }));
  affected.push(
    await rebuildCases(transaction, projectId, { testCaseIds: [...casesToRebuild], roll, fromRuns: false }),
  );
  if (taken.editedRunIds.length > 0) {
    const steps = await stepsOfRuns(transaction, projectId, taken.editedRunIds);
    affected.push(affectedFrom({ rowsChanged: await rebuildSteps(transaction, projectId, steps) }));
  }
  const all = allAffected(affected);
  const counted = await recountAffected(transaction, projectId, all);
  return {
    runs: taken.runIds.length,
    cases: editedCases.length + casesToRebuild.size,
    rowsChanged: all.rowsChanged + counted,
    tookChanges: true,
  };
}

/**
 * BK-6: a case whose own runs are merged also gets the pending bulk runs of the same case. They are merged again when
 * their change is taken, which changes nothing.
 */
async function withPendingOfSameCases(
  transaction: Transaction,
  projectId: number,
  taken: TakenChanges,
): Promise<number[]> {
  if (taken.oldestPendingRunId === undefined) return taken.runIds;
  const rows = await transaction.query<{ id: number }>({
    name: 'pending-runs-of-same-cases',
    text: `select test_run_id as id from test_run
            where project_id = $1 and not is_deleted and end_date is not null and test_run_id >= $3
              and test_case_id in (select test_case_id from test_run
                                    where project_id = $1 and test_run_id = any ($2::bigint[]) and test_run_id between $4 and $5)`,
    values: [projectId, taken.runIds, taken.oldestPendingRunId, ...runIdBounds(taken.runIds)],
  });
  return [...new Set([...taken.runIds, ...rows.map((row) => row.id)])];
}

async function casesOfRuns(transaction: Transaction, projectId: number, runIds: readonly number[]): Promise<number[]> {
  if (runIds.length === 0) return [];
  const rows = await transaction.query<{ id: number }>({
    name: 'cases-of-runs',
    text: `select distinct test_case_id as id from test_run
            where project_id = $1 and test_run_id = any ($2::bigint[]) and test_run_id between $3 and $4`,
    values: [projectId, runIds, ...runIdBounds(runIds)],
  });
  return rows.map((row) => row.id);
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
