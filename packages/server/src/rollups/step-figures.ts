import type { Transaction } from '../storage/database.ts';
import { idStretches, rowsOfRun, runsById } from '../storage/runs-by-id.ts';

/** SELECT of the steps of one run, to be joined laterally. */
export const stepsOfRun = (runId: string) =>
  rowsOfRun({ table: 'test_run_step', runId, where: 'test_step_id is not null' });

/**
 * SELECT of the latest eligible result of test steps (TC-5); of a step that a run holds twice, the later position. Runs of a
 * case count while it has a figure: a deletion or a return that is pending takes or brings both. The run
 * is looked up by its key: where joins of whole sets are asked for, every run of a project would be read for one step
 * (measured: 226 ms a step of a product of 1 M runs).
 */
export const latestStepResults = (steps: string) => `
  select distinct on (s.test_step_id) s.test_step_id, s.execution_status_id, r.end_date, r.test_run_id
    from test_run_step s
   cross join lateral (${rowsOfRun({ table: 'test_run', runId: 's.test_run_id' })}) r
    join case_figure f on f.project_id = $1 and f.test_case_id = r.test_case_id
   where s.project_id = $1 and ${steps} and not r.is_deleted and r.end_date is not null
   order by s.test_step_id, r.end_date desc, r.test_run_id desc, s.position desc, s.test_run_step_id desc`;

const rebuildSql = `
with wanted as materialized (${latestStepResults('s.test_step_id = any ($2)')}),
gone as (
  delete from step_figure f
   where f.project_id = $1 and f.test_step_id = any ($2) and not exists (select from wanted w where w.test_step_id = f.test_step_id)
  returning 1),
put as (
  insert into step_figure (project_id, test_step_id, execution_status_id, end_date, test_run_id)
  select $1, w.* from wanted w
  on conflict (project_id, test_step_id) do update
     set execution_status_id = excluded.execution_status_id, end_date = excluded.end_date, test_run_id = excluded.test_run_id
   where (step_figure.execution_status_id, step_figure.end_date, step_figure.test_run_id)
         is distinct from (excluded.execution_status_id, excluded.end_date, excluded.test_run_id)
  returning 1)
select (select count(*) from gone) + (select count(*) from put) as changed`;

/** Derives the figures of these steps from the runs anew; returns how many changed. */
export async function rebuildSteps(
  transaction: Transaction,
  projectId: number,
  testStepIds: readonly number[],
): Promise<number> {
  if (testStepIds.length === 0) return 0;
  const [row] = await transaction.query<{ changed: number }>({
    name: 'rebuild-steps',
    text: rebuildSql,
    values: [projectId, testStepIds],
  });
  return row?.changed ?? 0;
}

/** Returns the steps that these runs hold. */
export async function stepsOfRuns(
  transaction: Transaction,
  projectId: number,
  runIds: readonly number[],
): Promise<number[]> {
  const rows = await transaction.query<{ id: number }>({
    name: 'steps-of-runs',
    text: `select distinct s.test_step_id as id
             from ${runsById({
               table: 'test_run_step',
               columns: 'test_step_id',
               stretches: ['$2', '$3'],
               where: 'test_step_id is not null',
               as: 's',
             })}`,
    values: [projectId, ...idStretches(runIds)],
  });
  return rows.map((row) => row.id);
}

/** Returns the steps that runs of these cases hold, linked ones included: they start or stop to count with the case. */
export async function stepsOfCases(
  transaction: Transaction,
  projectId: number,
  testCaseIds: readonly number[],
): Promise<number[]> {
  if (testCaseIds.length === 0) return [];
  const rows = await transaction.query<{ id: number }>({
    name: 'steps-of-cases',
    text: `select distinct s.test_step_id as id
             from test_run r
            cross join lateral (${stepsOfRun('r.test_run_id')}) s
            where r.project_id = $1 and r.test_case_id = any ($2) and not r.is_deleted and r.end_date is not null`,
    values: [projectId, testCaseIds],
  });
  return rows.map((row) => row.id);
}
