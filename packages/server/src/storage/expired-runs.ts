import type { Expiry } from '../domain/retention.ts';
import type { Database, Queryable, Transaction } from './database.ts';
import { holdBlocks, lockFigures } from './locks.ts';
import { takeTurn, takingTurns } from './partition-turns.ts';
import { outdateBlocksOfRuns } from './run-blocks.ts';
import type { RunPartition } from './run-partitions.ts';
import type { PageRange } from './unhurried.ts';

/** Old runs of one project within a range of ids: what retention looks at, at one time. */
export interface ExpiryScope {
  projectId: number;
  expiry: Expiry;
  /** From this id on; null: however small. */
  start: number | null;
  /** Before this id. */
  end: number;
}

const inRange = (id: string) => `${id} >= $2 and ${id} < $3`;

/**
 * The relation `kept` (test_run_id): what stays however old it is, so that no figure and no work of people is lost.
 * The latest run of each case, release and row, and of each step; runs with incidents, documents, comments or
 * associations; runs that wait for a refresh. Where an edit, a deletion or a return of runs or cases waits for one,
 * everything: any run may become the latest of a case or of a step that several cases share. Of a deleted case, the runs
 * with steps: restored, these give its steps their status back. Changes that name only later runs, which are many while bulk
 * results are recorded, are passed over unread.
 * $1 project, $2 and $3 the range of ids.
 */
export const keptRuns = `
  kept as materialized (
    select test_run_id from cell where project_id = $1 and ${inRange('test_run_id')}
    union select test_run_id from step_figure where project_id = $1 and ${inRange('test_run_id')}
    union select s.test_run_id
            from incident_test_run_step l
            join test_run_step s on s.project_id = $1 and s.test_run_step_id = l.test_run_step_id and ${inRange('s.test_run_id')}
           where l.project_id = $1
    union select artifact_id from document_attachment where project_id = $1 and artifact_type_id = 5 and ${inRange('artifact_id')}
    union select artifact_id from comment where project_id = $1 and artifact_type_id = 5 and ${inRange('artifact_id')}
    union select source_id from artifact_link where project_id = $1 and source_type_id = 5 and ${inRange('source_id')}
    union select dest_id from artifact_link where project_id = $1 and dest_type_id = 5 and ${inRange('dest_id')}
    union select named.id
            from change c cross join lateral unnest(c.ids) as named (id)
           where c.project_id = $1 and c.kind in ('runs', 'bulk') and coalesce(c.oldest_run_id, $2) < $3 and ${inRange('named.id')}
    union select r.test_run_id from test_run r
           where r.project_id = $1 and ${inRange('r.test_run_id')} and exists (
             select from change c where c.project_id = $1 and c.kind in ('edited', 'cases'))
    union select r.test_run_id
            from test_case c
            join test_run r on r.project_id = $1 and r.test_case_id = c.test_case_id and ${inRange('r.test_run_id')}
           where c.project_id = $1 and c.is_deleted and exists (
             select from test_run_step s where s.project_id = $1 and s.test_run_id = r.test_run_id and s.test_step_id is not null))`;

/** Whether the run `r`, left-joined with `kept` as `k`, goes. $4 and $5: the expiry. */
export const isExpired = `
  (r.project_id = $1 and ${inRange('r.test_run_id')} and coalesce(r.end_date, r.start_date) < $4
   and r.concurrency_date < $5 and k.test_run_id is null)`;

/** Returns $1 to $5 of the texts above. */
export function scopeValues({ projectId, expiry, start, end }: ExpiryScope): unknown[] {
  return [projectId, start ?? Number.MIN_SAFE_INTEGER, end, expiry.endedBefore, expiry.untouchedSince];
}

/** What a range of pages has: runs of all projects, and the ids between which those of the project that are old lie. */
interface OldRuns {
  all: number;
  /** The least id; null: none is old. */
  start: number | null;
  /** The greatest, and one. */
  end: number | null;
}

/** Returns where to look for what is to go: `kept` is a small relation only for a small range of ids. */
export async function findOldRuns(
  db: Queryable,
  runs: string,
  { projectId, expiry, isInRange = () => 'true' }: Omit<ExpiryScope, 'start' | 'end'> & { isInRange?: PageRange },
): Promise<OldRuns> {
  const [row] = await db.query<OldRuns>(
    `select count(*) as all, min(test_run_id) filter (where is_old) as start, max(test_run_id) filter (where is_old) + 1 as end
       from (select test_run_id, project_id = $1 and coalesce(end_date, start_date) < $2 and concurrency_date < $3 as is_old
               from ${runs} p where ${isInRange('p')}) r`,
    [projectId, expiry.endedBefore, expiry.untouchedSince],
  );
  return row ?? { all: 0, start: null, end: null };
}

/** Returns how many runs a partition, or a range of its pages, has, of all projects, and how many of them are to go. */
export async function countExpired(
  db: Queryable,
  { runs }: RunPartition,
  { isInRange = () => 'true', ...scope }: Omit<ExpiryScope, 'start' | 'end'> & { isInRange?: PageRange },
): Promise<{ all: number; expired: number }> {
  const { all, start, end } = await findOldRuns(db, runs, { ...scope, isInRange });
  if (start === null || end === null) return { all, expired: 0 };
  const [row] = await db.query<{ expired: number }>(
    `with ${keptRuns}
     select count(*) as expired
       from ${runs} r left join kept k on k.test_run_id = r.test_run_id
      where ${isInRange('r')} and ${isExpired}`,
    scopeValues({ ...scope, start, end }),
  );
  return { all, expired: row?.expired ?? 0 };
}

/** Returns the ids of the runs of a partition that are to go, ascending. */
export async function listExpired(
  db: Queryable,
  { runs, ...bounds }: RunPartition,
  scope: Omit<ExpiryScope, 'start' | 'end'>,
): Promise<number[]> {
  const rows = await db.query<{ id: number }>(
    `with ${keptRuns}
     select r.test_run_id as id
       from ${runs} r left join kept k on k.test_run_id = r.test_run_id
      where ${isExpired} order by 1`,
    scopeValues({ ...scope, ...bounds }),
  );
  return rows.map((row) => row.id);
}

/**
 * Deletes those of the runs (ascending, of one partition) that still are to go, with their steps, and returns how many.
 * Under the lock of figures: no figure can come to need one of them between being looked at and being deleted.
 */
export function deleteExpired(
  db: Database,
  { runs, steps }: RunPartition,
  { runIds, ...scope }: Omit<ExpiryScope, 'start' | 'end'> & { runIds: readonly number[] },
): Promise<number> {
  const [first, last] = [runIds[0], runIds.at(-1)];
  if (first === undefined || last === undefined) return Promise.resolve(0);
  return takingTurns(() =>
    db.transaction(async (transaction) => {
      // Before the lock of figures, which nobody may hold while waiting for a rewrite.
      await takeTurn(transaction, [runs, steps], 'row exclusive');
      await holdBlocks(transaction, scope.projectId);
      await lockFigures(transaction, scope.projectId);
      // The locks are not held until it is on disk: what is not deleted after a crash is deleted by the next retention.
      await transaction.query(`select set_config('synchronous_commit', 'off', true)`);
      return deleteRuns(transaction, { ...scope, start: first, end: last + 1 }, runIds);
    }),
  );
}

async function deleteRuns(transaction: Transaction, scope: ExpiryScope, runIds: readonly number[]): Promise<number> {
  const gone = await transaction.query<{ id: number }>(
    `with ${keptRuns}
     delete from test_run r
      using (select v.id, k.test_run_id from unnest($6::bigint[]) as v (id) left join kept k on k.test_run_id = v.id) k
      where r.test_run_id = k.id and ${isExpired}
     returning r.test_run_id as id`,
    [...scopeValues(scope), runIds],
  );
  const goneIds = gone.map((row) => row.id);
  await transaction.query(
    `delete from test_run_step
      where project_id = $1 and test_run_id >= $2 and test_run_id < $3 and test_run_id = any ($4::bigint[])`,
    [...scopeValues(scope).slice(0, 3), goneIds],
  );
  await outdateBlocksOfRuns(transaction, scope.projectId, goneIds);
  return goneIds.length;
}
