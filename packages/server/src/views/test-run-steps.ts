import type { Queryable } from '../storage/database.ts';
import { idStretches, runsById } from '../storage/runs-by-id.ts';

/** A step of a stored run, by domain names. */
export interface TestRunStepRow {
  testRunStepId: number;
  testRunId: number;
  testStepId: number | null;
  testCaseId: number;
  executionStatusId: number;
  position: number;
  description: string | null;
  expectedResult: string | null;
  sampleData: string | null;
  actualResult: string | null;
  actualDuration: number | null;
  startDate: Date | null;
  endDate: Date | null;
}

/**
 * Returns the runs, each with its steps: by position, then in the order in which they were sent. One statement for all
 * of them.
 */
export async function withSteps<Run extends { testRunId: number | null }>(
  db: Queryable,
  projectId: number,
  runs: readonly Run[],
): Promise<(Run & { testRunSteps: TestRunStepRow[] })[]> {
  const byRun = new Map(runs.map((run) => [run.testRunId, { ...run, testRunSteps: [] as TestRunStepRow[] }]));
  if (byRun.size === 0) return [];
  const runIds = [...byRun.keys()].filter((id) => id !== null);
  const steps = await db.query<TestRunStepRow>({
    name: 'list-steps-of-runs',
    text: `select test_run_step_id as "testRunStepId", test_run_id as "testRunId", test_step_id as "testStepId",
                  test_case_id as "testCaseId", execution_status_id as "executionStatusId", position, description,
                  expected_result as "expectedResult", sample_data as "sampleData", actual_result as "actualResult",
                  actual_duration as "actualDuration", start_date as "startDate", end_date as "endDate"
             from ${runsById({ table: 'test_run_step', columns: '*', stretches: ['$2', '$3'], as: 's' })}
            order by test_run_id, position, test_run_step_id`,
    values: [projectId, ...idStretches(runIds)],
  });
  for (const step of steps) byRun.get(step.testRunId)?.testRunSteps.push(step);
  return [...byRun.values()];
}
