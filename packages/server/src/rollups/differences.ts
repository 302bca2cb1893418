import type { RollPair } from '../domain/release-tree.ts';
import type { Database } from '../storage/database.ts';
import { joinWholeSets } from '../storage/planning.ts';
import { rowsOfRun } from '../storage/runs-by-id.ts';
import { type CounterKind, counterColumns, wantedCounters } from './counters.ts';
import { contents, keysMatch, type LatestFigure, rollFrom } from './latest-figures.ts';

// Where figures differ from what they ought to be: read-only statements without locks, each with one short snapshot. A
// figure that a refresh changes meanwhile may be reported although it is right; deriving it anew then changes nothing.
//
// What is derived from runs is compared from both sides, in pieces. Run by run: is what it counts in at least as new? Figure
// by figure: is the run that it shows there, eligible, and as it says? What is no older than any run and itself such a
// run is the latest. A refresh in between only makes figures newer, or derives them from all their runs.

/** Run ids from and to, both included. */
export interface RunRange {
  from: number;
  to: number;
}

/** Returns the cases with a cell that is missing or older than one of these runs. */
export async function casesWithCellsBehind(db: Database, projectId: number, range: RunRange): Promise<number[]> {
  return idsFrom(db, {
    name: 'cells-behind',
    text: `
      select distinct t.test_case_id as id
        from test_run t
        left join cell k on k.project_id = $1 and k.test_case_id = t.test_case_id
             and k.release_id = coalesce(t.release_id, 0) and k.test_set_row_id = coalesce(t.test_set_row_id, 0)
       where t.project_id = $1 and t.test_run_id between $2 and $3 and not t.is_deleted and t.end_date is not null
         and (k.test_case_id is null or (k.end_date, k.test_run_id) < (t.end_date, t.test_run_id))`,
    values: [projectId, range.from, range.to],
  });
}

/** Returns those of these cases with a cell that does not show an eligible run of its own as it is. */
export async function casesWithUnfoundedCells(
  db: Database,
  projectId: number,
  testCaseIds: readonly number[],
): Promise<number[]> {
  return idsFrom(db, {
    name: 'unfounded-cells',
    text: `
      select distinct k.test_case_id as id
        from cell k
        left join test_run t on t.project_id = $1 and t.test_run_id = k.test_run_id and not t.is_deleted
       where k.project_id = $1 and k.test_case_id = any ($2)
         and (t.test_case_id, coalesce(t.release_id, 0), coalesce(t.test_set_row_id, 0), t.execution_status_id, t.end_date, t.actual_duration)
             is distinct from (k.test_case_id, k.release_id, k.test_set_row_id, k.execution_status_id, k.end_date, k.actual_duration)`,
    values: [projectId, testCaseIds],
  });
}

/** Returns the steps whose figure is missing or older than a result in one of these runs. */
export async function stepsBehind(db: Database, projectId: number, range: RunRange): Promise<number[]> {
  return idsFrom(db, {
    name: 'steps-behind',
    text: `
      select distinct s.test_step_id as id
        from test_run_step s
       cross join lateral (${rowsOfRun({ table: 'test_run', runId: 's.test_run_id' })}) t
        join case_figure c on c.project_id = $1 and c.test_case_id = t.test_case_id
        left join step_figure f on f.project_id = $1 and f.test_step_id = s.test_step_id
       where s.project_id = $1 and s.test_run_id between $2 and $3 and s.test_step_id is not null
         and not t.is_deleted and t.end_date is not null
         and (f.test_step_id is null or (f.end_date, f.test_run_id) < (t.end_date, t.test_run_id))`,
    values: [projectId, range.from, range.to],
  });
}

/** Returns those of these steps with a figure that does not show a result in an eligible run as it is. */
export async function unfoundedSteps(
  db: Database,
  projectId: number,
  testStepIds: readonly number[],
): Promise<number[]> {
  return idsFrom(db, {
    name: 'unfounded-steps',
    text: `
      select f.test_step_id as id
        from step_figure f
        left join lateral (
          select s.execution_status_id, t.end_date
            from test_run t
            join case_figure c on c.project_id = $1 and c.test_case_id = t.test_case_id
            join test_run_step s on s.project_id = $1 and s.test_run_id = t.test_run_id and s.test_step_id = f.test_step_id
           where t.project_id = $1 and t.test_run_id = f.test_run_id and not t.is_deleted and t.end_date is not null
           order by s.position desc, s.test_run_step_id desc
           limit 1) r on true
       where f.project_id = $1 and f.test_step_id = any ($2)
         and (r.execution_status_id, r.end_date) is distinct from (f.execution_status_id, f.end_date)`,
    values: [projectId, testStepIds],
  });
}

/** Returns those of these cases with a figure of this kind that differs from their cells. */
export async function casesWithWrongFigures(
  db: Database,
  projectId: number,
  { figure, testCaseIds, roll }: { figure: LatestFigure; testCaseIds: readonly number[]; roll: readonly RollPair[] },
): Promise<number[]> {
  return joiningWholeSets(db, {
    name: `wrong-${figure.name}-figures`,
    text: `
      with ${rollFrom('$3', '$4')},
      wanted as (${figure.wanted('cell')})
      select distinct coalesce(w.test_case_id, o.test_case_id) as id
        from wanted w
        full join (select * from ${figure.table} where project_id = $1 and test_case_id = any ($2)) o on ${keysMatch(figure, 'w', 'o')}
       where ${contents(figure, 'w')} is distinct from ${contents(figure, 'o')}`,
    values: [projectId, testCaseIds, roll.map((pair) => pair.releaseId), roll.map((pair) => pair.ancestorId)],
  });
}

/** Returns the parents whose counters differ from the figures that contribute to them. */
export async function wrongCounters(db: Database, projectId: number, kind: CounterKind): Promise<number[]> {
  const list = (alias: string) =>
    counterColumns(kind)
      .map((column) => `${alias}.${column}`)
      .join(', ');
  return joiningWholeSets(db, {
    text: `
      with wanted as (${wantedCounters(kind, 'is not null')})
      select coalesce(w.${kind.key}, f.${kind.key}) as id
        from wanted w
        full join (select * from ${kind.table} where project_id = $1) f using (${kind.key})
       where w.${kind.key} is null or f.${kind.key} is null or (${list('w')}) is distinct from (${list('f')})`,
    values: [projectId],
  });
}

/** Returns every case of the project, and those that only rows of this table know of. */
export async function casesKnownTo(
  db: Database,
  projectId: number,
  table: 'cell' | LatestFigure['table'],
): Promise<number[]> {
  return idsFrom(db, {
    text: `select test_case_id as id from test_case where project_id = $1
           union select test_case_id from ${table} where project_id = $1 order by id`,
    values: [projectId],
  });
}

/** Returns the steps that have a figure. */
export async function stepsWithFigures(db: Database, projectId: number): Promise<number[]> {
  return idsFrom(db, {
    text: 'select test_step_id as id from step_figure where project_id = $1 order by id',
    values: [projectId],
  });
}

interface IdStatement {
  name?: string;
  text: string;
  values: unknown[];
}

async function idsFrom(db: Database, statement: IdStatement): Promise<number[]> {
  const rows = await db.query<{ id: number }>(statement);
  return rows.map((row) => row.id);
}

async function joiningWholeSets(db: Database, statement: IdStatement): Promise<number[]> {
  return db.snapshot(async (snapshot) => {
    await joinWholeSets(snapshot);
    const rows = await snapshot.query<{ id: number }>(statement);
    return rows.map((row) => row.id);
  });
}
