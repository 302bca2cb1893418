import { TestRunType } from '../domain/test-run.ts';
import { runDimensions } from '../storage/run-dimensions.ts';
import { runsById } from '../storage/runs-by-id.ts';
import { artifactColumns } from './artifact-columns.ts';
import type { BlockReading } from './blocks/declaration.ts';
import { date, json, number, text, type ViewDefinition, view } from './view.ts';

// A run is there as long as neither it nor its test case is deleted (DL-4); its set and its release may be (DL-3).
const fromRuns = (runs: string) => `${runs}
  join test_case c on c.project_id = t.project_id and c.test_case_id = t.test_case_id and not c.is_deleted`;
const from = fromRuns('test_run t');
const existing = 't.project_id = $1 and not t.is_deleted';
/** Runs that were never completed are in no list (ED-3). */
const completed = `${existing} and t.end_date is not null`;

/** A long text stands apart from its runs, once for all of them (storage/long-texts.ts). */
const wholeText = (column: 'runner_message' | 'runner_stack_trace') =>
  `case when t.${column}_hash is null then t.${column}
        else (select x.body from long_text x where x.project_id = t.project_id and x.hash = t.${column}_hash) end`;

const columns = {
  ...artifactColumns(5, 't.test_run_id'),
  guid: text('null'),
  testRunId: number('t.test_run_id'),
  name: text('t.name'),
  testCaseId: number('t.test_case_id'),
  testCaseGuid: text('c.guid::text'),
  testRunTypeId: number('t.test_run_type_id'),
  testerId: number('t.tester_id'),
  testerGuid: text('(select u.guid::text from app_user u where u.user_id = t.tester_id)'),
  executionStatusId: number('t.execution_status_id'),
  releaseId: number('t.release_id'),
  releaseGuid: text(
    '(select r.guid::text from release r where r.project_id = t.project_id and r.release_id = t.release_id)',
  ),
  releaseVersionNumber: text(
    '(select r.version_number from release r where r.project_id = t.project_id and r.release_id = t.release_id)',
  ),
  testSetId: number('t.test_set_id'),
  testSetGuid: text(
    '(select s.guid::text from test_set s where s.project_id = t.project_id and s.test_set_id = t.test_set_id)',
  ),
  testSetTestCaseId: number('t.test_set_row_id'),
  startDate: date('t.start_date'),
  endDate: date('t.end_date'),
  buildId: number('t.build_id'),
  estimatedDuration: number('t.estimated_duration'),
  actualDuration: number('t.actual_duration'),
  testConfigurationId: number('t.test_configuration_id'),
};

const runnerColumns = {
  testRunFormatId: number('t.runner_format_id'),
  runnerName: text('t.runner_name'),
  runnerTestName: text('t.runner_test_name'),
  runnerAssertCount: number('t.runner_assert_count'),
  runnerMessage: text(wholeText('runner_message')),
  automationHostId: number('t.automation_host_id'),
  automationEngineId: number('t.automation_engine_id'),
  automationAttachmentId: number('t.automation_attachment_id'),
};

const automatedColumns = {
  ...columns,
  ...runnerColumns,
  runnerStackTrace: text(wholeText('runner_stack_trace')),
  automationEngineToken: text(
    '(select e.token from automation_engine e where e.automation_engine_id = t.automation_engine_id)',
  ),
  parameters: json('t.parameters'),
};

const guidOf = (table: string, key: string) => (value: string) =>
  `(select o.guid::text from ${table} o where o.project_id = $1 and o.${key} = ${value})`;

/** How long histories are read: see views/blocks. */
const blocks: BlockReading = {
  name: 'test-runs',
  dimensions: runDimensions,
  derived: {
    testCaseGuid: { dimension: runDimensions.testCaseId, sql: guidOf('test_case', 'test_case_id') },
    testerGuid: {
      dimension: runDimensions.testerId,
      sql: (value) => `(select u.guid::text from app_user u where u.user_id = ${value})`,
    },
    releaseGuid: { dimension: runDimensions.releaseId, sql: guidOf('release', 'release_id') },
    releaseVersionNumber: {
      dimension: runDimensions.releaseId,
      sql: (value) => `(select r.version_number from release r where r.project_id = $1 and r.release_id = ${value})`,
    },
    testSetGuid: { dimension: runDimensions.testSetId, sql: guidOf('test_set', 'test_set_id') },
    automationEngineToken: {
      dimension: runDimensions.automationEngineId,
      sql: (value) => `(select e.token from automation_engine e where e.automation_engine_id = ${value})`,
    },
  },
  zones: { startDate: 'start', endDate: 'end', concurrencyDate: 'stamp' },
  near: { endDate: ['testCaseId'], testRunId: [] },
  fromStretches: (...stretches) => fromRuns(runsById({ table: 'test_run', columns: '*', stretches, as: 't' })),
};

/** A list of runs, newest end first. Whatever any run can be filtered by can be asked of every list. */
const list = {
  from,
  key: 'testRunId',
  defaultSort: { field: 'endDate', descending: true },
  neverNull: [
    'endDate',
    'startDate',
    'concurrencyDate',
    'executionStatusId',
    'testRunTypeId',
    'testCaseId',
    'testerId',
    'name',
  ],
  constant: ['guid', 'projectId', 'projectGuid'],
  unread: runnerColumns,
} satisfies Partial<ViewDefinition<typeof columns>>;

/** Completed runs of any kind, without steps and output. Parameters: project id. */
export const testRuns = view({ ...list, scope: completed, columns, blocks });

/** Completed manual runs, without steps. Parameters: project id. */
export const manualTestRuns = view({
  ...list,
  scope: `${completed} and t.test_run_type_id = ${TestRunType.Manual}`,
  columns,
  blocks: { ...blocks, name: 'manual-test-runs', testRunTypeId: TestRunType.Manual },
});

/** Completed automated runs with their output, without steps. Parameters: project id. */
export const automatedTestRuns = view({
  ...list,
  scope: `${completed} and t.test_run_type_id = ${TestRunType.Automated}`,
  columns: automatedColumns,
  blocks: { ...blocks, name: 'automated-test-runs', testRunTypeId: TestRunType.Automated },
});

/** Runs by id, those that were never completed included (ED-3). Parameters: project id. */
export const singleTestRuns = view({ from, scope: existing, key: 'testRunId', columns });

/** Manual runs by id. Parameters: project id. */
export const singleManualTestRuns = view({
  from,
  scope: `${existing} and t.test_run_type_id = ${TestRunType.Manual}`,
  key: 'testRunId',
  columns,
});

/** Automated runs by id, with their output. Parameters: project id. */
export const singleAutomatedTestRuns = view({
  from,
  scope: `${existing} and t.test_run_type_id = ${TestRunType.Automated}`,
  key: 'testRunId',
  columns: automatedColumns,
});
