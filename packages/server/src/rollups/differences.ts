import type { RollPair } from '../domain/release-tree.ts';
import type { Database } from '../storage/database.ts';
import { joinWholeSets } from '../storage/planning.ts';
import { type CounterKind, counterColumns, wantedCounters } from './counters.ts';
import { contents, keysMatch, type LatestFigure, rollFrom } from './latest-figures.ts';
import { latestStepResults } from './step-figures.ts';

// Where figures differ from what they ought to be: read-only statements without locks, each with one snapshot. A
// figure that a refresh changes meanwhile may be reported although it is right; deriving it anew then changes nothing.

/** Returns the cases whose cells differ from their runs: one pass over the runs of the project. */
export async function casesWithWrongCells(db: Database, projectId: number): Promise<number[]> {
  return idsFrom(db, {
    text: `
      with fact as (
        select test_case_id, release_id, test_set_row_id,
               latest[2] as test_run_id, latest[3]::smallint as execution_status_id, latest[1] as end_ms, nullif(latest[4], -1)::int as actual_duration
          from (select test_case_id, coalesce(release_id, 0) as release_id, coalesce(test_set_row_id, 0) as test_set_row_id,
                       max(array[(extract(epoch from end_date) * 1000)::bigint, test_run_id, execution_status_id, coalesce(actual_duration, -1)]) as latest
                  from test_run
                 where project_id = $1 and not is_deleted and end_date is not null
                 group by 1, 2, 3) l)
      select distinct coalesce(f.test_case_id, k.test_case_id) as id
        from fact f
        full join (select * from cell where project_id = $1) k using (test_case_id, release_id, test_set_row_id)
       where (f.test_run_id, f.execution_status_id, f.actual_duration, f.end_ms)
             is distinct from (k.test_run_id, k.execution_status_id, k.actual_duration, (extract(epoch from k.end_date) * 1000)::bigint)`,
    values: [projectId],
  });
}

/** Returns the cases with a figure of this kind that differs from their cells. */
export async function casesWithWrongFigures(
  db: Database,
  projectId: number,
  figure: LatestFigure,
  roll: readonly RollPair[],
): Promise<number[]> {
  const everyCase = `array(select test_case_id from test_case where project_id = $1)`;
  return idsFrom(db, {
    text: `
      with ${rollFrom('$2', '$3')},
      wanted as (${figure.wanted('cell').replaceAll('($2)', `(${everyCase})`)})
      select distinct coalesce(w.test_case_id, o.test_case_id) as id
        from wanted w
        full join (select * from ${figure.table} where project_id = $1) o on ${keysMatch(figure, 'w', 'o')}
       where ${contents(figure, 'w')} is distinct from ${contents(figure, 'o')}`,
    values: [projectId, roll.map((pair) => pair.releaseId), roll.map((pair) => pair.ancestorId)],
  });
}

/** Returns the test steps whose figure differs from the runs. */
export async function wrongSteps(db: Database, projectId: number): Promise<number[]> {
  return idsFrom(db, {
    text: `
      with wanted as (${latestStepResults('s.test_step_id is not null')})
      select coalesce(w.test_step_id, f.test_step_id) as id
        from wanted w
        full join (select * from step_figure where project_id = $1) f using (test_step_id)
       where (w.execution_status_id, w.end_date, w.test_run_id) is distinct from (f.execution_status_id, f.end_date, f.test_run_id)`,
    values: [projectId],
  });
}

/** Returns the parents whose counters differ from the figures that contribute to them. */
export async function wrongCounters(db: Database, projectId: number, kind: CounterKind): Promise<number[]> {
  const list = (alias: string) =>
    counterColumns(kind)
      .map((column) => `${alias}.${column}`)
      .join(', ');
  return idsFrom(db, {
    text: `
      with wanted as (${wantedCounters(kind, 'is not null')})
      select coalesce(w.${kind.key}, f.${kind.key}) as id
        from wanted w
        full join (select * from ${kind.table} where project_id = $1) f using (${kind.key})
       where w.${kind.key} is null or f.${kind.key} is null or (${list('w')}) is distinct from (${list('f')})`,
    values: [projectId],
  });
}

async function idsFrom(db: Database, statement: { text: string; values: unknown[] }): Promise<number[]> {
  return db.snapshot(async (snapshot) => {
    await joinWholeSets(snapshot);
    const rows = await snapshot.query<{ id: number }>(statement);
    return rows.map((row) => row.id);
  });
}
