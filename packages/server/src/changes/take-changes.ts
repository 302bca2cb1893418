import type { Transaction } from '../storage/database.ts';
import type { Change } from './change-log.ts';

/** What was taken off the change log, merged by kind. A row that is taken and the figures it leads to commit together. */
export interface TakenChanges {
  /** New runs, single and bulk. */
  runIds: number[];
  editedRunIds: number[];
  testCaseIds: number[];
  releaseIds: number[];
  requirementIds: number[];
  isEmpty: boolean;
  /** Bulk changes were left: the oldest run that one of them names. */
  oldestPendingRunId: number | undefined;
}

export interface TakeOptions {
  /** Also the runs of bulk calls; without, they stay pending (BK-5). */
  includeBulk: boolean;
  /** Take no more than so many of the oldest rows. */
  limit?: number | undefined;
}

/**
 * Takes the changes of a project that are visible now. Call under the lock of figures, as a statement after it: the
 * lock makes the taker the only one, so a plain DELETE takes everything, and what commits later comes with the next.
 */
export async function takeChanges(
  transaction: Transaction,
  projectId: number,
  options: TakeOptions,
): Promise<TakenChanges> {
  const rows = await transaction.query<{ kind: Change['kind']; ids: string[] }>({
    name: 'take-changes',
    text: `delete from change
            where project_id = $1 and change_id = any (array(
              select change_id from change where project_id = $1 and ($2 or kind <> 'bulk') order by change_id limit $3))
           returning kind, ids`,
    values: [projectId, options.includeBulk, options.limit ?? null],
  });
  const idsOf = (...kinds: Change['kind'][]) => [
    ...new Set(rows.filter((row) => kinds.includes(row.kind)).flatMap((row) => row.ids.map(Number))),
  ];
  return {
    runIds: idsOf('runs', 'bulk'),
    editedRunIds: idsOf('edited'),
    testCaseIds: idsOf('cases'),
    releaseIds: idsOf('releases'),
    requirementIds: idsOf('requirements'),
    isEmpty: rows.length === 0,
    oldestPendingRunId: options.includeBulk ? undefined : await oldestPendingBulkRun(transaction, projectId),
  };
}

async function oldestPendingBulkRun(transaction: Transaction, projectId: number): Promise<number | undefined> {
  const [row] = await transaction.query<{ oldest: number | null }>({
    name: 'oldest-pending-bulk-run',
    text: `select min(oldest_run_id) as oldest from change where project_id = $1 and kind = 'bulk'`,
    values: [projectId],
  });
  return row?.oldest ?? undefined;
}
