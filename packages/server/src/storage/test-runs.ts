import type { NewTestRun, NewTestRunStep } from '../domain/test-run.ts';
import { BulkInsert } from './bulk-insert.ts';
import type { Transaction } from './database.ts';

/** A run to insert, with the time it was received. A text that has a hash here is stored apart (long-texts.ts). */
export type TestRunRow = NewTestRun & {
  concurrencyDate: Date;
  runnerMessageHash?: Buffer | undefined;
  runnerStackTraceHash?: Buffer | undefined;
};
/** A step to insert, with the run it belongs to. */
export type TestRunStepRow = NewTestRunStep & { testRunId: number };

const testRuns = new BulkInsert<TestRunRow>('test_run', 'test_run_id', [
  ['test_case_id', 'integer', (run) => run.testCaseId],
  ['release_id', 'integer', (run) => run.releaseId],
  ['test_set_id', 'integer', (run) => run.testSetId],
  ['test_set_row_id', 'integer', (run) => run.testSetTestCaseId],
  ['build_id', 'integer', (run) => run.buildId],
  ['test_configuration_id', 'integer', (run) => run.testConfigurationId],
  ['tester_id', 'integer', (run) => run.testerId],
  ['automation_host_id', 'integer', (run) => run.automationHostId],
  ['automation_engine_id', 'integer', (run) => run.automationEngineId],
  ['automation_attachment_id', 'integer', (run) => run.automationAttachmentId],
  ['runner_assert_count', 'integer', (run) => run.runnerAssertCount],
  ['estimated_duration', 'integer', (run) => run.estimatedDuration],
  ['actual_duration', 'integer', (run) => run.actualDuration],
  ['start_date', 'timestamptz', (run) => run.startDate],
  ['end_date', 'timestamptz', (run) => run.endDate],
  ['recorded_at', 'timestamptz', (run) => run.concurrencyDate],
  ['concurrency_date', 'timestamptz', (run) => run.concurrencyDate],
  ['test_run_type_id', 'smallint', (run) => run.testRunTypeId],
  ['execution_status_id', 'smallint', (run) => run.executionStatusId],
  ['runner_format_id', 'smallint', (run) => run.testRunFormatId],
  ['name', 'text', (run) => run.name],
  ['runner_name', 'text', (run) => run.runnerName],
  ['runner_test_name', 'text', (run) => run.runnerTestName],
  ['tags', 'text', (run) => run.tags],
  ['parameters', 'jsonb', (run) => run.parameters],
  ['custom_properties', 'jsonb', (run) => run.customProperties],
  ['runner_message', 'text', (run) => (run.runnerMessageHash ? null : run.runnerMessage)],
  ['runner_stack_trace', 'text', (run) => (run.runnerStackTraceHash ? null : run.runnerStackTrace)],
  ['runner_message_hash', 'bytea', (run) => run.runnerMessageHash],
  ['runner_stack_trace_hash', 'bytea', (run) => run.runnerStackTraceHash],
]);

const testRunSteps = new BulkInsert<TestRunStepRow>('test_run_step', 'test_run_step_id', [
  ['test_run_id', 'bigint', (step) => step.testRunId],
  ['position', 'integer', (step) => step.position],
  ['test_step_id', 'integer', (step) => step.testStepId],
  ['test_case_id', 'integer', (step) => step.testCaseId],
  ['execution_status_id', 'smallint', (step) => step.executionStatusId],
  ['description', 'text', (step) => step.description],
  ['expected_result', 'text', (step) => step.expectedResult],
  ['sample_data', 'text', (step) => step.sampleData],
  ['actual_result', 'text', (step) => step.actualResult],
  ['actual_duration', 'integer', (step) => step.actualDuration],
  ['start_date', 'timestamptz', (step) => step.startDate],
  ['end_date', 'timestamptz', (step) => step.endDate],
]);

/** Inserts runs, in one statement, and returns their ids: ascending in the order given (BK-1). */
export async function insertTestRuns(
  transaction: Transaction,
  projectId: number,
  runs: readonly TestRunRow[],
): Promise<number[]> {
  return runs.length === 0 ? [] : testRuns.insert(transaction, projectId, runs);
}

/** Inserts the steps of runs, in one statement, and returns their ids in the order given. */
export async function insertTestRunSteps(
  transaction: Transaction,
  projectId: number,
  steps: readonly TestRunStepRow[],
): Promise<number[]> {
  return steps.length === 0 ? [] : testRunSteps.insert(transaction, projectId, steps);
}

/** What can be edited of a stored run (IM-2), and the case that it belongs to. */
export interface EditableRun {
  testCaseId: number;
  releaseId: number | null;
  buildId: number | null;
  testSetId: number | null;
  testSetTestCaseId: number | null;
  testerId: number;
  tags: string | null;
  actualDuration: number | null;
}

/** Returns a run and keeps others from changing it until the end of the transaction; undefined when there is none. */
export async function lockTestRun(
  transaction: Transaction,
  projectId: number,
  testRunId: number,
): Promise<EditableRun | undefined> {
  const [run] = await transaction.query<EditableRun>(
    `select t.test_case_id as "testCaseId", t.release_id as "releaseId", t.build_id as "buildId",
            t.test_set_id as "testSetId", t.test_set_row_id as "testSetTestCaseId", t.tester_id as "testerId", t.tags,
            t.actual_duration as "actualDuration"
       from test_run t
       join test_case c on c.project_id = t.project_id and c.test_case_id = t.test_case_id and not c.is_deleted
      where t.project_id = $1 and t.test_run_id = $2 and not t.is_deleted
        for update of t`,
    [projectId, testRunId],
  );
  return run;
}

/** Deletes or restores a run; returns whether there was one to change. Runs of a deleted case are not there (DL-4). */
export async function setTestRunDeleted(
  transaction: Transaction,
  projectId: number,
  { testRunId, isDeleted }: { testRunId: number; isDeleted: boolean },
): Promise<boolean> {
  const changed = await transaction.query(
    `update test_run t
        set is_deleted = $3, concurrency_date = greatest(now()::timestamptz(3), t.concurrency_date + interval '1 ms')
       from test_case c
      where t.project_id = $1 and t.test_run_id = $2 and t.is_deleted <> $3
        and c.project_id = t.project_id and c.test_case_id = t.test_case_id and not c.is_deleted
     returning 1`,
    [projectId, testRunId, isDeleted],
  );
  return changed.length > 0;
}
