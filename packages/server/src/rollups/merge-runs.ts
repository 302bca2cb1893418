import type { RollPair } from '../domain/release-tree.ts';
import { binaryArray } from '../storage/binary-array.ts';
import type { Transaction } from '../storage/database.ts';
import { queryPlannedOnce } from '../storage/planning.ts';
import { idStretches, runsById } from '../storage/runs-by-id.ts';
import { type Affected, affectedFrom, allAffected } from './affected.ts';
import { moveCounters, releaseCounters } from './counters.ts';
import { rollFrom } from './latest-figures.ts';
import { stepsOfRun } from './step-figures.ts';

// Max-merge: a figure becomes the greater of what it is and what the new runs say, by (EndDate, run id). That maximum is
// commutative, associative and idempotent, so neither order nor repetition nor a late commit matters, and no history
// is read: the cost follows the number of new runs alone.

const newer = (figure: string, run: string) =>
  `(${figure}.test_run_id is null or (${figure}.end_date, ${figure}.test_run_id) < (${run}.end_date, ${run}.test_run_id))`;
const take = (run: string) =>
  `execution_status_id = ${run}.execution_status_id, end_date = ${run}.end_date, test_run_id = ${run}.test_run_id, actual_duration = ${run}.actual_duration`;
/**
 * Maps the cases of finished set runs to the release of the run, and for a sprint to its immediate parent, too
 * (semantics 1.6). Returns the cases that were mapped anew.
 */
const mapExecutedCases = `
  insert into release_test_case (project_id, release_id, test_case_id)
  select distinct $1::int, into_release.release_id, r.test_case_id
    from (select distinct test_case_id, release_id from entered
           where test_set_row_id <> 0 and test_run_id <> all ($6::bigint[])) r
    join release own on own.project_id = $1 and own.release_id = r.release_id and not own.is_deleted
   cross join lateral (
     select own.release_id
     union select p.release_id from release p
            where own.release_type_id = 3 and p.project_id = $1 and p.release_id = own.parent_release_id and not p.is_deleted) into_release
   where not exists (select from release_test_case m
                      where m.project_id = $1 and m.release_id = own.release_id and m.test_case_id = r.test_case_id)
  on conflict do nothing
  returning test_case_id`;

const latest = (keys: string) =>
  `select distinct on (${keys}) * from fresh order by ${keys}, end_date desc, test_run_id desc`;

/**
 * $1 project, $2 and $3 the runs as stretches of ids, $4 and $5 the pairs of Roll, $6 the runs that map nothing.
 *
 * Only figures that exist are updated: a missing one has its own change pending. So it is with the steps of a case: they
 * count while the case has a figure, and the change that brings or takes it derives them, however many deletions and
 * returns of the case it stands for. Every part reads the figures as they were
 * before the statement, so joining a changed figure with its table gives new and old. The members of a release do not
 * change here, only their status, so its counters follow by the difference; a release may count every case of the product.
 */
const mergeSql = `
with ${rollFrom('$4', '$5')},
entered as materialized (
  select test_case_id, coalesce(release_id, 0) as release_id, coalesce(test_set_row_id, 0) as test_set_row_id,
         execution_status_id, end_date, test_run_id, actual_duration
    from ${runsById({
      table: 'test_run',
      columns: '*',
      stretches: ['$2', '$3'],
      where: 'not is_deleted and end_date is not null',
      as: 'r',
    })}),
fresh as materialized (
  select distinct on (test_case_id, release_id, test_set_row_id) *
    from entered order by test_case_id, release_id, test_set_row_id, end_date desc, test_run_id desc),
cells as (
  insert into cell (project_id, test_case_id, release_id, test_set_row_id, execution_status_id, end_date, test_run_id, actual_duration)
  select $1, l.* from fresh l
  on conflict (project_id, test_case_id, release_id, test_set_row_id) do update set ${take('excluded')}
   where (cell.end_date, cell.test_run_id) < (excluded.end_date, excluded.test_run_id)),
latest_of_case as materialized (${latest('test_case_id')}),
cases as (
  update case_figure f set ${take('l')}, mark = null
    from latest_of_case l
   where f.project_id = $1 and f.test_case_id = l.test_case_id and ${newer('f', 'l')}
  returning f.test_case_id, f.test_case_folder_id, f.execution_status_id),
marks as (
  update case_figure f set mark = null
    from latest_of_case l
   where f.project_id = $1 and f.test_case_id = l.test_case_id and f.mark is not null and not ${newer('f', 'l')}
  returning 1),
mappings as (
  update mapping_figure f set ${take('l')}
    from (select distinct on (r.test_case_id, roll.ancestor_id) r.*, roll.ancestor_id
            from fresh r join roll on roll.release_id = r.release_id
           order by r.test_case_id, roll.ancestor_id, r.end_date desc, r.test_run_id desc) l
   cross join lateral (
     select ctid as place, execution_status_id as old_status, end_date, test_run_id
       from mapping_figure
      where project_id = $1 and test_case_id between l.test_case_id and l.test_case_id and release_id = l.ancestor_id
      order by test_case_id limit 1) old
   where f.project_id = $1 and f.ctid = old.place and ${newer('old', 'l')}
  returning f.release_id, old.old_status, f.execution_status_id as new_status),
releases as (${moveCounters(releaseCounters, 'select * from mappings where old_status <> new_status')}),
set_rows as (
  update row_figure f set ${take('l')}
    from (${latest('test_set_row_id')}) l
   where f.project_id = $1 and f.test_set_row_id = l.test_set_row_id and ${newer('f', 'l')}
  returning f.test_set_id),
steps as (
  insert into step_figure (project_id, test_step_id, execution_status_id, end_date, test_run_id)
  select distinct on (s.test_step_id) $1, s.test_step_id, s.execution_status_id, r.end_date, r.test_run_id
    from entered r
   cross join lateral (${stepsOfRun('r.test_run_id')}) s
   cross join lateral (
     select 1
       from case_figure
      where project_id = $1 and test_case_id between r.test_case_id and r.test_case_id
      order by test_case_id limit 1) f
   order by s.test_step_id, r.end_date desc, r.test_run_id desc, s.position desc, s.test_run_step_id desc
  on conflict (project_id, test_step_id) do update
     set execution_status_id = excluded.execution_status_id, end_date = excluded.end_date, test_run_id = excluded.test_run_id
   where (step_figure.end_date, step_figure.test_run_id) < (excluded.end_date, excluded.test_run_id)
  returning 1),
mapped as (${mapExecutedCases})
select array(select distinct test_case_folder_id from cases where test_case_folder_id is not null) as "folderIds",
       array(select distinct test_set_id from set_rows) as "testSetIds",
       array(select distinct q.requirement_id
               from cases n
               join case_figure o on o.project_id = $1 and o.test_case_id = n.test_case_id
               join requirement_test_case q on q.project_id = $1 and q.test_case_id = n.test_case_id
              where o.execution_status_id <> n.execution_status_id) as "requirementIds",
       array(select distinct test_case_id from mapped) as "mappedCaseIds",
       (select count(*) from cases) + (select count(*) from marks) + (select count(*) from mappings)
         + (select count(*) from releases) + (select count(*) from set_rows) + (select count(*) from steps) as "rowsChanged"`;

/** Up to so many runs a merge is planned for a few. */
const FEW_RUNS = 16;
/** Cells merged by one statement: enough to make its cost small, few enough to bound it whatever plan it gets. */
const CELLS_AT_ONCE = 1_000;

/** New runs and how they are merged. */
export interface RunsToMerge {
  runIds: readonly number[];
  /** Further runs of the same cases whose own change is still pending: they map nothing yet. */
  pendingRunIds: readonly number[];
  roll: readonly RollPair[];
}

/** What a merge did: whose counters are to be recounted, and which cases were mapped to a release by a set run. */
export interface MergedRuns {
  affected: Affected;
  mappedCaseIds: number[];
}

/** Merges runs into the cells and figures. Call under the lock of figures. */
export async function mergeRuns(
  transaction: Transaction,
  projectId: number,
  { runIds, pendingRunIds, roll }: RunsToMerge,
): Promise<MergedRuns> {
  const parts: MergedRuns[] = [];
  const all = [...new Set([...runIds, ...pendingRunIds])];
  for (const chunk of await byCells(transaction, projectId, all)) {
    parts.push(await mergeChunk(transaction, projectId, { runIds: chunk, pendingRunIds, roll }));
  }
  return {
    affected: allAffected(parts.map((part) => part.affected)),
    mappedCaseIds: parts.flatMap((part) => part.mappedCaseIds),
  };
}

/**
 * Returns the runs in parts that one statement merges. Those of a case stand together, so that its figures are written
 * once, not by each statement; of the runs of one cell only the latest costs more than being read.
 */
async function byCells(transaction: Transaction, projectId: number, runIds: readonly number[]): Promise<number[][]> {
  if (runIds.length <= CELLS_AT_ONCE) return runIds.length === 0 ? [] : [[...runIds]];
  const rows = await transaction.query<{ runIds: string[] }>({
    name: 'runs-by-cells',
    text: `select array_agg(test_run_id) as "runIds"
             from (select test_run_id, dense_rank() over (order by test_case_id, release_id, test_set_row_id) as cell
                     from ${runsById({ table: 'test_run', columns: '*', stretches: ['$2', '$3'], as: 'r' })}) r
            group by (cell - 1) / ${CELLS_AT_ONCE}`,
    values: [projectId, ...idStretches(runIds)],
  });
  return rows.map((row) => row.runIds.map(Number));
}

async function mergeChunk(
  transaction: Transaction,
  projectId: number,
  { runIds, pendingRunIds, roll }: RunsToMerge,
): Promise<MergedRuns> {
  // Prepared apart: what is best for a few runs is not what is best for hundreds.
  const areFew = runIds.length <= FEW_RUNS;
  const statement = {
    name: areFew ? 'merge-few-runs' : 'merge-runs',
    text: mergeSql,
    values: [
      projectId,
      ...idStretches(runIds),
      binaryArray(
        'integer',
        roll.map((pair) => pair.releaseId),
      ),
      binaryArray(
        'integer',
        roll.map((pair) => pair.ancestorId),
      ),
      pendingRunIds,
    ],
  };
  type Merged = Affected & { mappedCaseIds: number[] };
  const [row] = areFew
    ? await queryPlannedOnce<Merged>(transaction, statement)
    : await transaction.query<Merged>(statement);
  if (!row) throw new Error('A merge always answers one row');
  return { affected: affectedFrom(row), mappedCaseIds: row.mappedCaseIds };
}

/** A recorded run ends a manual Blocked mark, also when an older run stays the latest (TC-2). */
export async function clearMarks(
  transaction: Transaction,
  projectId: number,
  testCaseIds: readonly number[],
): Promise<void> {
  await transaction.query({
    name: 'clear-marks',
    text: `update case_figure set mark = null where project_id = $1 and test_case_id = any ($2) and mark is not null`,
    values: [projectId, testCaseIds],
  });
}
