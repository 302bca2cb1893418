import type { RollPair } from '../domain/release-tree.ts';
import type { Transaction } from '../storage/database.ts';
import { runIdBounds } from '../storage/run-partitions.ts';
import { type Affected, affectedFrom, allAffected } from './affected.ts';
import { chunks } from './chunks.ts';
import { rollFrom } from './latest-figures.ts';
import { stepsOfRun } from './step-figures.ts';

// Max-merge: a figure becomes the greater of what it is and what the new runs say, by (EndDate, run id). That maximum is
// commutative, associative and idempotent, so neither order nor repetition nor a late commit matters, and no history
// is read: the cost follows the number of new runs alone.

const newer = (figure: string, run: string) =>
  `(${figure}.test_run_id is null or (${figure}.end_date, ${figure}.test_run_id) < (${run}.end_date, ${run}.test_run_id))`;
const take = (run: string) =>
  `execution_status_id = ${run}.execution_status_id, end_date = ${run}.end_date, test_run_id = ${run}.test_run_id, actual_duration = ${run}.actual_duration`;
const latest = (keys: string) =>
  `select distinct on (${keys}) * from fresh order by ${keys}, end_date desc, test_run_id desc`;

/** $1 project, $2 run ids, $3 and $4 the pairs of Roll, $5 and $6 the bounds of the ids. Only figures that exist are updated: a missing one has its own change pending. */
const mergeSql = `
with ${rollFrom('$3', '$4')},
fresh as materialized (
  select test_case_id, coalesce(release_id, 0) as release_id, coalesce(test_set_row_id, 0) as test_set_row_id,
         execution_status_id, end_date, test_run_id, actual_duration
    from test_run
   where project_id = $1 and test_run_id = any ($2::bigint[]) and test_run_id between $5 and $6
     and not is_deleted and end_date is not null),
cells as (
  insert into cell (project_id, test_case_id, release_id, test_set_row_id, execution_status_id, end_date, test_run_id, actual_duration)
  select $1, l.* from (${latest('test_case_id, release_id, test_set_row_id')}) l
  on conflict (project_id, test_case_id, release_id, test_set_row_id) do update set ${take('excluded')}
   where (cell.end_date, cell.test_run_id) < (excluded.end_date, excluded.test_run_id)
  returning 1),
cases as (
  update case_figure f set ${take('l')}, mark = null
    from (${latest('test_case_id')}) l
   where f.project_id = $1 and f.test_case_id = l.test_case_id and ${newer('f', 'l')}
  returning f.test_case_id, f.test_case_folder_id),
mappings as (
  update mapping_figure f set ${take('l')}
    from (select distinct on (r.test_case_id, roll.ancestor_id) r.*, roll.ancestor_id
            from fresh r join roll on roll.release_id = r.release_id
           order by r.test_case_id, roll.ancestor_id, r.end_date desc, r.test_run_id desc) l
   where f.project_id = $1 and f.test_case_id = l.test_case_id and f.release_id = l.ancestor_id and ${newer('f', 'l')}
  returning f.release_id),
set_rows as (
  update row_figure f set ${take('l')}
    from (${latest('test_set_row_id')}) l
   where f.project_id = $1 and f.test_set_row_id = l.test_set_row_id and ${newer('f', 'l')}
  returning f.test_set_id),
steps as (
  insert into step_figure (project_id, test_step_id, execution_status_id, end_date, test_run_id)
  select distinct on (s.test_step_id) $1, s.test_step_id, s.execution_status_id, r.end_date, r.test_run_id
    from fresh r
    join test_case c on c.project_id = $1 and c.test_case_id = r.test_case_id and not c.is_deleted
   cross join lateral (${stepsOfRun('r.test_run_id')}) s
   order by s.test_step_id, r.end_date desc, r.test_run_id desc, s.position desc, s.test_run_step_id desc
  on conflict (project_id, test_step_id) do update
     set execution_status_id = excluded.execution_status_id, end_date = excluded.end_date, test_run_id = excluded.test_run_id
   where (step_figure.end_date, step_figure.test_run_id) < (excluded.end_date, excluded.test_run_id)
  returning 1)
select array(select distinct test_case_id from cases) as "testCaseIds",
       array(select distinct test_case_folder_id from cases where test_case_folder_id is not null) as "folderIds",
       array(select distinct release_id from mappings) as "releaseIds",
       array(select distinct test_set_id from set_rows) as "testSetIds",
       (select count(*) from cases) + (select count(*) from mappings) + (select count(*) from set_rows) + (select count(*) from steps) as "rowsChanged",
       array(select distinct test_case_id from fresh) as "touchedCaseIds",
       (select count(*) from cells) as "cellsChanged"`;

/** Runs merged by one statement: enough to make its cost small, few enough to bound it whatever plan it gets. */
const RUNS_AT_ONCE = 1_000;

/** Merges runs into the cells and figures; returns whose counters may have changed. Call under the lock of figures. */
export async function mergeRuns(
  transaction: Transaction,
  projectId: number,
  runIds: readonly number[],
  roll: readonly RollPair[],
): Promise<Affected> {
  const parts: Affected[] = [];
  for (const chunk of chunks(runIds, RUNS_AT_ONCE)) parts.push(await mergeChunk(transaction, projectId, chunk, roll));
  return allAffected(parts);
}

async function mergeChunk(
  transaction: Transaction,
  projectId: number,
  runIds: readonly number[],
  roll: readonly RollPair[],
): Promise<Affected> {
  const [row] = await transaction.query<Affected & { touchedCaseIds: number[] }>({
    name: 'merge-runs',
    text: mergeSql,
    values: [
      projectId,
      runIds,
      roll.map((pair) => pair.releaseId),
      roll.map((pair) => pair.ancestorId),
      ...runIdBounds(runIds),
    ],
  });
  if (!row) throw new Error('A merge always answers one row');
  await clearMarks(transaction, projectId, row.touchedCaseIds);
  return affectedFrom(row);
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

/**
 * Maps the cases of finished set runs to the release of the run, and for a sprint to its immediate parent, too
 * (semantics 1.6). Returns the cases that were mapped anew.
 */
export async function mapExecutedCases(
  transaction: Transaction,
  projectId: number,
  runIds: readonly number[],
): Promise<number[]> {
  const rows = await transaction.query<{ testCaseId: number }>({
    name: 'map-executed-cases',
    text: `
      insert into release_test_case (project_id, release_id, test_case_id)
      select distinct $1::int, into_release.release_id, r.test_case_id
        from test_run r
        join release own on own.project_id = $1 and own.release_id = r.release_id and not own.is_deleted
       cross join lateral (
         select own.release_id
         union select p.release_id from release p
                where own.release_type_id = 3 and p.project_id = $1 and p.release_id = own.parent_release_id and not p.is_deleted) into_release
       where r.project_id = $1 and r.test_run_id = any ($2::bigint[]) and r.test_run_id between $3 and $4
         and r.test_set_row_id is not null and r.end_date is not null and not r.is_deleted
         and not exists (select from release_test_case m
                          where m.project_id = $1 and m.release_id = own.release_id and m.test_case_id = r.test_case_id)
      on conflict do nothing
      returning test_case_id as "testCaseId"`,
    values: [projectId, runIds, ...runIdBounds(runIds)],
  });
  return [...new Set(rows.map((row) => row.testCaseId))];
}
