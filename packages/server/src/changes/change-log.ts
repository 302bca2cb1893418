import { binaryArray } from '../storage/binary-array.ts';
import type { Transaction } from '../storage/database.ts';

/** What changed, as a refresh needs to know it (see the table `change`). */
export type Change =
  /** New runs. `bulk` runs wait for a refresh, `runs` are brought up to date before the answer. */
  | { kind: 'runs' | 'bulk'; runIds: readonly number[] }
  /** Runs that were deleted, restored or edited. */
  | { kind: 'edited'; runIds: readonly number[] }
  /** Cases whose mapping, rows, coverage, folder or deletion changed. */
  | { kind: 'cases'; testCaseIds: readonly number[] }
  /** Releases that were moved, retyped, deleted or restored, with their subtree and their old and new ancestors. */
  | { kind: 'releases'; releaseIds: readonly number[] }
  /** Requirements whose direct coverage changed. */
  | { kind: 'requirements'; requirementIds: readonly number[] };

/** Appends one row to the change log, inside the transaction that changes the facts. */
export async function appendChange(transaction: Transaction, projectId: number, change: Change): Promise<void> {
  const ids = idsOf(change);
  if (ids.length === 0) return;
  await transaction.query({
    name: 'append-change',
    text: `insert into change (project_id, kind, ids, run_count, oldest_run_id) values ($1, $2, $3::bigint[], $4, $5)`,
    values: [projectId, change.kind, binaryArray('bigint', ids), ...newRunsOf(change.kind, ids)],
  });
}

/** What is left of a change of which a refresh has taken a part. */
export interface ChangeRest {
  changeId: number;
  kind: Change['kind'];
  ids: readonly number[];
  recordedAt: Date;
}

/** Puts the rest of a change back where the change stood, in the transaction that took it. */
export async function putBackChange(transaction: Transaction, projectId: number, rest: ChangeRest): Promise<void> {
  const { changeId, kind, ids, recordedAt } = rest;
  await transaction.query({
    name: 'put-back-change',
    text: `insert into change (project_id, kind, ids, run_count, oldest_run_id, change_id, recorded_at)
           values ($1, $2, $3::bigint[], $4, $5, $6, $7)`,
    values: [projectId, kind, binaryArray('bigint', ids), ...newRunsOf(kind, ids), changeId, recordedAt],
  });
}

/** Returns how many new runs a change names and the oldest of them. */
function newRunsOf(kind: Change['kind'], ids: readonly number[]): [number, number | null] {
  if (kind !== 'runs' && kind !== 'bulk') return [0, null];
  return [ids.length, ids.reduce((oldest, id) => Math.min(oldest, id))];
}

function idsOf(change: Change): readonly number[] {
  switch (change.kind) {
    case 'runs':
    case 'bulk':
    case 'edited':
      return change.runIds;
    case 'cases':
      return change.testCaseIds;
    case 'releases':
      return change.releaseIds;
    case 'requirements':
      return change.requirementIds;
  }
}
