import { actualMinutes } from '../domain/duration.ts';
import { type Issue, refuse } from '../domain/errors.ts';
import { isExecutionStatus, notAnExecutionStatus } from '../domain/execution-status.ts';
import { allowedValues, runnerFormats } from '../domain/tables.ts';
import { type AutomatedTestRunInput, type ParameterValue, TestRunType } from '../domain/test-run.ts';
import { automatedDates } from '../domain/test-run-dates.ts';
import { type TestingSettings, testingSettings } from '../domain/testing-settings.ts';
import type { Transaction } from '../storage/database.ts';
import { holdReferences } from '../storage/locks.ts';
import type { RunReferences } from '../storage/run-references.ts';
import type { ProjectCommand } from './context.ts';
import { CarriesValues, type SettledCustomValues, settleCustomValues } from './custom-properties.ts';
import { type CheckedRun, type EnteredRun, enterRuns, findReferencesOf } from './enter-runs.ts';
import { checkRuns, type ItemCheck, resolveRun, resolveSteps, type SentRuns } from './run-checks.ts';

/** The automated runs of one call. */
export interface RecordCall {
  /** By position; undefined where `issues` already say why an item cannot be read. */
  runs: readonly (AutomatedTestRunInput | undefined)[];
  issues?: readonly Issue[];
  /** `runs`: one record, figures follow before the answer. `bulk`: figures wait for a refresh (BK-5). */
  kind: 'runs' | 'bulk';
  /** The caller sent a list, so that issues name positions; by default a bulk call does. */
  isList?: boolean;
}

interface Checking {
  /** What the custom values of the run become. */
  custom: SettledCustomValues | undefined;
  references: RunReferences;
  settings: TestingSettings;
  callerId: number;
  now: Date;
}

/**
 * Records automated runs, all or none (BK-2), and returns them in the order given, ids ascending (BK-1). Refuses what
 * does not exist in the project, values outside their tables and a missing runner name, naming every bad item.
 */
export async function recordTestRuns(
  { db, figures, actor, projectId, now: clock }: ProjectCommand,
  { runs, issues = [], kind, isList = kind === 'bulk' }: RecordCall,
): Promise<EnteredRun[]> {
  if (runs.length === 0) return [];
  const now = clock();
  const caller = { projectId, callerId: actor.userId, now };
  const entered = await db.transaction(async (transaction) => {
    await holdReferences(transaction, projectId);
    const { checked, problems, projectGuid } = await checkAutomatedRuns(transaction, { runs, issues, isList }, caller);
    refuse(problems);
    return enterRuns(transaction, checked, { projectId, projectGuid, kind, now });
  });
  await figures.afterCommit(projectId, kind === 'bulk' ? 'bulk' : 'facts');
  return entered;
}

/**
 * Returns the runs that may be entered and whatever is wrong with the others. References must be held; each kind of them
 * is looked at with one statement.
 */
export async function checkAutomatedRuns(
  transaction: Transaction,
  sent: SentRuns<AutomatedTestRunInput>,
  { projectId, callerId, now }: { projectId: number; callerId: number; now: Date },
): Promise<{ checked: CheckedRun[]; problems: Issue[]; projectGuid: string }> {
  const { runs, isList, from = 0 } = sent;
  const references = await findReferencesOf(transaction, { projectId, callerId, runs });
  const custom = await settleCustomValues(transaction, projectId, {
    artifactTypeId: CarriesValues.testRun,
    items: runs.map((run, at) => ({ sent: run?.customProperties, index: isList ? from + at : undefined })),
  });
  const checking = { references, settings: testingSettings(references.settings), callerId, now };
  const found = checkRuns(sent, (run, item, position) =>
    checkedRun(run, { ...checking, custom: custom[position] }, item),
  );
  return { ...found, projectGuid: references.projectGuid };
}

/** Returns the run as it is entered, every default of rest-v7 13.2 settled; undefined without a test case. */
function checkedRun(
  input: AutomatedTestRunInput,
  { references, custom, settings, callerId, now }: Checking,
  check: ItemCheck,
): CheckedRun | undefined {
  checkValues(input, check);
  checkAutomation(input, references, check);
  const resolved = resolveRun(input, { references, callerId, custom, check });
  if (!resolved) return undefined;
  const { testCase, testCaseId } = resolved;
  const { startDate, endDate } = automatedDates(input, now);
  const automationEngineId = input.automationEngineId ?? testCase.automationEngineId;
  return {
    resolved,
    steps: resolveSteps(input.testRunSteps ?? [], testCaseId, { references, check }),
    automationEngineToken: references.automationEngines.get(automationEngineId ?? 0)?.token ?? null,
    run: {
      testCaseId,
      releaseId: resolved.releaseId,
      testSetId: resolved.testSetId,
      testSetTestCaseId: resolved.testSetTestCaseId,
      buildId: resolved.buildId,
      testConfigurationId: resolved.testConfigurationId,
      testerId: resolved.testerId,
      testRunTypeId: TestRunType.Automated,
      executionStatusId: input.executionStatusId ?? 0,
      name: isBlank(input.name) ? testCase.name : input.name!,
      startDate,
      endDate,
      estimatedDuration: testCase.estimatedDuration,
      actualDuration: settings.disableActualDuration ? 0 : actualMinutes(startDate, endDate),
      tags: input.tags ?? null,
      customProperties: resolved.customProperties,
      automationHostId: input.automationHostId ?? null,
      automationEngineId,
      automationAttachmentId: input.automationAttachmentId ?? testCase.automationAttachmentId,
      testRunFormatId: input.testRunFormatId || PLAIN_TEXT,
      runnerName: input.runnerName ?? null,
      runnerTestName: input.runnerTestName ?? testCase.name,
      runnerAssertCount: input.runnerAssertCount ?? 0,
      runnerMessage: input.runnerMessage ?? '',
      runnerStackTrace: input.runnerStackTrace ?? '',
      parameters: input.parameters?.map(givenValue) ?? null,
    },
  };
}

/** On the wire 0 says that there is no row or no such parameter. */
const givenValue = (given: ParameterValue): ParameterValue => ({
  testSetTestCaseId: given.testSetTestCaseId ?? 0,
  testCaseParameterId: given.testCaseParameterId ?? 0,
  name: given.name ?? null,
  value: given.value ?? null,
});

/** AU-4: what the trace is unless the caller says otherwise; some clients say 0. */
const PLAIN_TEXT = 1;

function checkValues(input: AutomatedTestRunInput, check: ItemCheck): void {
  if (isBlank(input.runnerName)) check.report('invalid', 'runnerName', 'RunnerName is required');
  if (!isExecutionStatus(input.executionStatusId)) {
    check.report('outsideTable', 'executionStatusId', notAnExecutionStatus(input.executionStatusId));
  }
  if (input.testRunFormatId && !runnerFormats.has(input.testRunFormatId)) {
    const message = `${input.testRunFormatId} is not a format; allowed are ${allowedValues(runnerFormats)}`;
    check.report('outsideTable', 'testRunFormatId', message);
  }
}

function checkAutomation(
  { automationHostId: hostId, automationEngineId: engineId, automationAttachmentId: documentId }: AutomatedTestRunInput,
  references: RunReferences,
  check: ItemCheck,
): void {
  if (hostId && !references.automationHosts.has(hostId)) check.missing('automationHostId', 'Automation host', hostId);
  if (engineId && !references.automationEngines.has(engineId))
    check.missing('automationEngineId', 'Automation engine', engineId);
  if (documentId && !references.documents.has(documentId)) {
    check.missing('automationAttachmentId', 'Document', documentId);
  }
}

function isBlank(text: string | null | undefined): boolean {
  return text === null || text === undefined || text.trim() === '';
}
