import type { Transaction } from '../storage/database.ts';
import { type Change, putBackChange } from './change-log.ts';

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
  /** More was pending than was taken. */
  hasMore: boolean;
}

export interface TakeOptions {
  /** Also the runs of bulk calls; without, they stay pending (BK-5). */
  includeBulk: boolean;
  /** Take no more than so many ids: it bounds how long the lock of figures is held. */
  mostIds: number;
}

/** So many rows are looked at for them. */
const ROWS_AT_ONCE = 1_000;

interface TakenRow {
  changeId: number;
  kind: Change['kind'];
  ids: string[];
  recordedAt: Date;
  hasMore: boolean;
}

/**
 * Takes the oldest changes of a project that are visible now, up to so many ids. Call under the lock of figures, as a
 * statement after it: the lock makes the taker the only one, so a plain DELETE misses nothing, and what commits later
 * comes with the next. Of a change that is larger than that a part is taken; the rest stays pending under its number.
 */
export async function takeChanges(
  transaction: Transaction,
  projectId: number,
  options: TakeOptions,
): Promise<TakenChanges> {
  const [rows, oldestPendingRunId] = await Promise.all([
    takeRows(transaction, projectId, options),
    options.includeBulk ? undefined : oldestPendingBulkRun(transaction, projectId),
  ]);
  const isSplit = await putBackExcess(transaction, projectId, { rows, mostIds: options.mostIds });
  const taken = (...kinds: Change['kind'][]) => [
    ...new Set(rows.filter((row) => kinds.includes(row.kind)).flatMap((row) => row.ids.map(Number))),
  ];
  return {
    runIds: taken('runs', 'bulk'),
    editedRunIds: taken('edited'),
    testCaseIds: taken('cases'),
    releaseIds: taken('releases'),
    requirementIds: taken('requirements'),
    isEmpty: rows.length === 0,
    oldestPendingRunId,
    hasMore: isSplit || rows.some((row) => row.hasMore),
  };
}

function takeRows(
  transaction: Transaction,
  projectId: number,
  { includeBulk, mostIds }: TakeOptions,
): Promise<TakenRow[]> {
  return transaction.query<TakenRow>({
    name: 'take-changes',
    text: `
      with oldest as materialized (
        select change_id, sum(weight) over (order by change_id) - weight as before
          from (select change_id, case when run_count > 0 then run_count else cardinality(ids) end as weight
                  from change where project_id = $1 and ($2 or kind <> 'bulk') order by change_id limit ${ROWS_AT_ONCE}) c),
      taken as (
        delete from change
         where project_id = $1 and change_id = any (array(select change_id from oldest where before < $3))
        returning change_id, kind, ids, recorded_at)
      select change_id as "changeId", kind, ids, recorded_at as "recordedAt",
             (select count(*) = ${ROWS_AT_ONCE} or max(before) >= $3 from oldest) as "hasMore"
        from taken order by change_id`,
    values: [projectId, includeBulk, mostIds],
  });
}

/** Leaves no more than so many ids in the rows, the rest pending; returns whether there was a rest. */
async function putBackExcess(
  transaction: Transaction,
  projectId: number,
  { rows, mostIds }: { rows: TakenRow[]; mostIds: number },
): Promise<boolean> {
  let room = mostIds;
  let isSplit = false;
  for (const row of rows) {
    const rest = row.ids.splice(room).map(Number);
    room -= row.ids.length;
    if (rest.length === 0) continue;
    isSplit = true;
    await putBackChange(transaction, projectId, { ...row, ids: rest });
  }
  return isSplit;
}

/** Returns the newest pending change that is visible now. */
export async function newestPending(
  transaction: Transaction,
  projectId: number,
  includeBulk: boolean,
): Promise<number | undefined> {
  const [row] = await transaction.query<{ newest: number | null }>({
    name: 'newest-pending',
    text: `select max(change_id) as newest from change where project_id = $1 and ($2 or kind <> 'bulk')`,
    values: [projectId, includeBulk],
  });
  return row?.newest ?? undefined;
}

async function oldestPendingBulkRun(transaction: Transaction, projectId: number): Promise<number | undefined> {
  const [row] = await transaction.query<{ oldest: number | null }>({
    name: 'oldest-pending-bulk-run',
    text: `select min(oldest_run_id) as oldest from change where project_id = $1 and kind = 'bulk'`,
    values: [projectId],
  });
  return row?.oldest ?? undefined;
}
