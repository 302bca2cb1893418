import { executionStatuses, runnerFormats, testRunTypes } from '../../../domain/tables.ts';
import { artifactBase } from '../artifact.ts';
import { date, enumeration, integer, objects, reference, text } from '../member.ts';
import { type Decoded, spiraObject } from '../object.ts';
import { RemoteTestRunStep } from './test-run-step.ts';
import { RemoteTestSetTestCaseParameter } from './test-set-row.ts';

/** What every kind of run carries. */
const run = {
  ...artifactBase(5),
  ProjectId: integer('The product of the path, whatever the body says.').readOnly().notNull().filter('ids'),
  ConcurrencyDate: date('When the run was stored or last edited; ignored when sent.').readOnly().notNull(),
  TestRunId: reference('Id of the run; 0 in shells.').readOnly().filter('ids'),
  Name: text('Name; missing or blank: that of the test case.', 255).filter('words'),
  TestCaseId: reference('The test case that was executed.').required('notFound').notNull().filter('ids'),
  TestCaseGuid: text('Guid of the test case.').readOnly(),
  TestRunTypeId: enumeration(testRunTypes, 'Decided by the operation that stored the run.')
    .readOnly()
    .notNull()
    .filter('ids'),
  TesterId: reference('Who executed it, a member of the product; missing or null: the caller.').filter('ids'),
  TesterGuid: text('Guid of the tester.').readOnly(),
  ExecutionStatusId: enumeration(executionStatuses, 'How the run ended.').notNull().filter('ids'),
  ReleaseId: reference('The release or sprint that the run counts for.').filter('ids'),
  ReleaseGuid: text('Guid of the release.').readOnly(),
  ReleaseVersionNumber: text('Version number of the release.').readOnly(),
  TestSetId: reference('The test set it was executed for.').filter('ids'),
  TestSetGuid: text('Guid of the test set.').readOnly(),
  TestSetTestCaseId: reference('The row of the test set; missing: the first that holds the test case.').filter('ids'),
  StartDate: date('When it began; missing: when it ended.').notNull().filter('dates'),
  EndDate: date('When it ended. Without one a manual run was never completed.').filter('dates'),
  BuildId: reference('The build that was tested; it brings its release.').filter('ids'),
  EstimatedDuration: integer('Minutes estimated for the test case when it was run.').readOnly().filter('range'),
  ActualDuration: integer('Minutes from start to end.').readOnly().filter('range'),
  TestConfigurationId: reference('The entry of the test configuration set that it was executed with.').filter('ids'),
};

const steps = (description: string) => ({
  TestRunSteps: objects<Decoded<typeof RemoteTestRunStep>>(() => RemoteTestRunStep, description),
});

export const RemoteTestRun = spiraObject(
  'RemoteTestRun',
  { description: 'A run of a test case, manual or automated, without its steps and its output.' },
  run,
);

export const RemoteManualTestRun = spiraObject(
  'RemoteManualTestRun',
  { description: 'A run that a person executed. Its status is computed from its steps.' },
  {
    ...run,
    TestRunId: reference('0 for a new run: stored results cannot be changed.').filter('ids'),
    ExecutionStatusId: enumeration(executionStatuses, 'Computed from the steps; ignored when sent.')
      .readOnly()
      .notNull()
      .filter('ids'),
    ...steps('The steps as they were executed, at least one.'),
  },
);

const automated = {
  ...run,
  TestRunFormatId: enumeration(runnerFormats, 'What RunnerStackTrace is; missing or 0: plain text.').notNull(),
  RunnerName: text('Name of the tool that executed it.', 255).required().filter('text'),
  RunnerTestName: text('Name of the test in that tool; missing: name of the test case.', 255).filter('text'),
  RunnerAssertCount: integer('Number of failed assertions; missing: 0.'),
  RunnerMessage: text('Summary of the result.').filter('text'),
  RunnerStackTrace: text('The whole output.'),
  AutomationHostId: reference('The host it was executed on.').filter('ids'),
  AutomationEngineId: reference('The engine that executed it; missing: that of the test case.'),
  AutomationEngineToken: text('Token of the engine.').readOnly(),
  AutomationAttachmentId: reference('The document that holds the script; missing: that of the test case.'),
  Parameters: objects<Decoded<typeof RemoteTestSetTestCaseParameter>>(
    () => RemoteTestSetTestCaseParameter,
    'Parameter values that the run was given.',
  ),
  ScheduledDate: date('Planned date of the test set; in shells for hosts only.').readOnly(),
  ...steps('Optional; they change the status of the test steps they name, never that of the run.'),
};

export const RemoteAutomatedTestRun = spiraObject(
  'RemoteAutomatedTestRun',
  { description: 'A run that a program executed. Its status is what is sent.' },
  automated,
);

/** The same on the path without a project, where the body may name it. */
export const RemoteAutomatedTestRunAnywhere = spiraObject(
  'RemoteAutomatedTestRun',
  { description: 'A run that a program executed, on the path without a project.' },
  { ...automated, ProjectId: reference('The product; missing: that of the test case.') },
);
