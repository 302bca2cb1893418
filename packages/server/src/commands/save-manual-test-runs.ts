import { actualMinutes } from '../domain/duration.ts';
import { DomainError, type Issue } from '../domain/errors.ts';
import { isExecutionStatus, isSavable, overallStatus } from '../domain/execution-status.ts';
import { ExecutionStatus, type ExecutionStatusId } from '../domain/tables.ts';
import { type ManualTestRunInput, TestRunType } from '../domain/test-run.ts';
import { manualDates } from '../domain/test-run-dates.ts';
import { type TestingSettings, testingSettings } from '../domain/testing-settings.ts';
import type { Transaction } from '../storage/database.ts';
import { holdReferences } from '../storage/locks.ts';
import type { RunReferences } from '../storage/run-references.ts';
import { clearOwners } from '../storage/test-case-owners.ts';
import type { ProjectCommand } from './context.ts';
import { CarriesValues, type SettledCustomValues, settleCustomValues } from './custom-properties.ts';
import { type CheckedRun, type EnteredRun, enterRuns, findReferencesOf } from './enter-runs.ts';
import { checkedRuns, type ItemCheck, resolveRun, resolveSteps } from './run-checks.ts';

/** The manual runs of one call. */
export interface SaveCall {
  /** By position; undefined where `issues` already say why an item cannot be read. */
  runs: readonly (ManualTestRunInput | undefined)[];
  issues?: readonly Issue[];
  /** The end of those runs that do not bring their own. */
  endDate?: Date | null;
  /** The caller sent a list, so that issues name positions. */
  isList?: boolean;
}

interface Checking {
  /** What the custom values of the run become. */
  custom: SettledCustomValues | undefined;
  references: RunReferences;
  settings: TestingSettings;
  callerId: number;
  callEndDate: Date | null;
  now: Date;
}

/**
 * Saves manual runs, all or none (SV-6), and returns them in the order given with every id filled. The status of a run
 * comes from its steps; a run whose steps do not say how it ended is refused (SV-1). A run without an end is stored but
 * counts nowhere (ED-3).
 */
export async function saveManualTestRuns(
  { db, figures, actor, projectId, now: clock }: ProjectCommand,
  { runs, issues = [], endDate: callEndDate = null, isList = true }: SaveCall,
): Promise<EnteredRun[]> {
  if (runs.length === 0) throw new DomainError('invalid', 'At least one test run is needed');
  const now = clock();
  const callerId = actor.userId;
  const entered = await db.transaction(async (transaction) => {
    await holdReferences(transaction, projectId);
    const references = await findReferencesOf(transaction, { projectId, callerId, runs });
    const settings = testingSettings(references.settings);
    const custom = await settleCustomValues(transaction, projectId, {
      artifactTypeId: CarriesValues.testRun,
      items: runs.map((run, index) => ({ sent: run?.customProperties, index: isList ? index : undefined })),
    });
    const checking = { references, settings, callerId, callEndDate, now };
    const checked = checkedRuns({ runs, issues, isList }, (run, item, position) =>
      checkedRun(run, { ...checking, custom: custom[position] }, item),
    );
    if (settings.passingUnassignsCase) await unassignPassed(transaction, projectId, checked);
    return enterRuns(transaction, checked, { projectId, projectGuid: references.projectGuid, kind: 'runs', now });
  });
  await figures.afterCommit(projectId, 'facts');
  return entered;
}

/** Returns the run as it is entered, undefined when something is wrong with it. */
function checkedRun(
  input: ManualTestRunInput,
  { references, custom, settings, callerId, callEndDate, now }: Checking,
  check: ItemCheck,
): CheckedRun | undefined {
  const resolved = resolveRun(input, { references, callerId, custom, check });
  const sentSteps = input.testRunSteps ?? [];
  const steps = resolveSteps(sentSteps, input.testCaseId ?? 0, { references, check });
  const isFound = resolved !== undefined && !check.issues.some((issue) => issue.code === 'notFound');
  // What does not exist is said first (rest-v7 12.3); the rules for what does come after.
  const executionStatusId = isFound ? checkedStatus(input, check) : undefined;
  if (!resolved || executionStatusId === undefined) return undefined;
  const { testCase, testCaseId } = resolved;
  const stepStartDates = sentSteps.map((step) => step.startDate);
  const { startDate, endDate } = manualDates({ ...input, stepStartDates }, callEndDate, now);
  const isTimed = !settings.disableActualDuration || endDate === null;
  return {
    resolved,
    steps,
    automationEngineToken: null,
    run: {
      testCaseId,
      releaseId: resolved.releaseId,
      testSetId: resolved.testSetId,
      testSetTestCaseId: resolved.testSetTestCaseId,
      buildId: resolved.buildId,
      testConfigurationId: resolved.testConfigurationId,
      testerId: resolved.testerId,
      testRunTypeId: TestRunType.Manual,
      executionStatusId,
      name: input.name?.trim() ? input.name : testCase.name,
      startDate,
      endDate,
      estimatedDuration: testCase.estimatedDuration,
      actualDuration: isTimed ? actualMinutes(startDate, endDate) : 0,
      tags: input.tags ?? null,
      customProperties: resolved.customProperties,
      ...notAutomated,
    },
  };
}

const notAutomated = {
  automationHostId: null,
  automationEngineId: null,
  automationAttachmentId: null,
  testRunFormatId: null,
  runnerName: null,
  runnerTestName: null,
  runnerAssertCount: null,
  runnerMessage: null,
  runnerStackTrace: null,
  parameters: null,
} as const;

/** Returns the status that the steps give the run; the first rule that it breaks is reported instead. */
function checkedStatus(input: ManualTestRunInput, check: ItemCheck): ExecutionStatusId | undefined {
  if (input.testRunId) {
    const message = `Test run ${input.testRunId} is stored and cannot be changed; send 0 for a new one`;
    check.report('invalid', 'testRunId', message);
    return undefined;
  }
  const statuses = (input.testRunSteps ?? []).map((step) => step.executionStatusId);
  if (statuses.length === 0) {
    check.report('unfinished', 'testRunSteps', 'A manual test run needs at least one step');
    return undefined;
  }
  // Steps whose status is none were reported with their position.
  if (!statuses.every(isExecutionStatus)) return undefined;
  const overall = overallStatus(statuses);
  if (isSavable(overall)) return overall;
  const message =
    'The test run is unfinished: some of its steps are Not Run, and none is Failed, Blocked or Caution to explain it';
  check.report('unfinished', 'testRunSteps', message);
  return undefined;
}

/** TC-4: who passes a case is done with it. The case's stamp stays, so that nobody's edit fails (CC-2). */
async function unassignPassed(
  transaction: Transaction,
  projectId: number,
  checked: readonly CheckedRun[],
): Promise<void> {
  const passed = checked.filter(({ run }) => run.executionStatusId === ExecutionStatus.Passed && run.endDate !== null);
  await clearOwners(
    transaction,
    projectId,
    passed.map(({ run }) => run.testCaseId),
  );
}
