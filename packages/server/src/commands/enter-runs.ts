import { appendChange } from '../changes/change-log.ts';
import type { NewTestRun, NewTestRunStep, TestRunInput } from '../domain/test-run.ts';
import type { Transaction } from '../storage/database.ts';
import { findTextHashes } from '../storage/long-texts.ts';
import { findRunReferences, type RunReferences, type WantedReferences } from '../storage/run-references.ts';
import { insertTestRunSteps, insertTestRuns } from '../storage/test-runs.ts';
import { longTextsOf } from './keep-texts-of-runs.ts';
import type { ResolvedRun } from './run-checks.ts';

/** A step as it stands in the ledger. */
export interface EnteredStep extends NewTestRunStep {
  testRunStepId: number;
  testRunId: number;
}

/** A run as it stands in the ledger, with the names and guids of what it refers to: what a caller gets back. */
export interface EnteredRun extends NewTestRun {
  testRunId: number;
  projectId: number;
  projectGuid: string;
  concurrencyDate: Date;
  testCaseGuid: string;
  testerGuid: string | null;
  releaseGuid: string | null;
  releaseVersionNumber: string | null;
  testSetGuid: string | null;
  automationEngineToken: string | null;
  isAttachments: false;
  testRunSteps: readonly EnteredStep[];
}

/** A run that passed all checks and is about to be entered. */
export interface CheckedRun {
  run: NewTestRun;
  steps: readonly NewTestRunStep[];
  resolved: ResolvedRun;
  automationEngineToken: string | null;
}

type References = TestRunInput & {
  automationHostId?: number | null;
  automationAttachmentId?: number | null;
};

/** Returns what exists of everything the runs of one call refer to. Undefined items were refused before. */
export function findReferencesOf(
  transaction: Transaction,
  { projectId, callerId, runs }: { projectId: number; callerId: number; runs: readonly (References | undefined)[] },
): Promise<RunReferences> {
  const wanted = {
    userIds: [callerId],
    testCaseIds: [],
    releaseIds: [],
    buildIds: [],
    testSetIds: [],
    rowIds: [],
    places: [],
    testConfigurationIds: [],
    automationHostIds: [],
    documentIds: [],
    testStepIds: [],
  } satisfies WantedReferences as Lists;
  for (const run of runs) if (run) collect(run, wanted);
  return findRunReferences(transaction, projectId, wanted);
}

type Lists = { [Kind in keyof WantedReferences]: WantedReferences[Kind] extends Iterable<infer Item> ? Item[] : never };

function collect(run: References, wanted: Lists): void {
  const { testCaseId, testSetId, testSetTestCaseId } = run;
  add(wanted.userIds, run.testerId);
  add(wanted.testCaseIds, testCaseId);
  add(wanted.releaseIds, run.releaseId);
  add(wanted.buildIds, run.buildId);
  add(wanted.testSetIds, testSetId);
  add(wanted.rowIds, testSetTestCaseId);
  if (testSetId && testCaseId && !testSetTestCaseId) wanted.places.push({ testSetId, testCaseId });
  add(wanted.testConfigurationIds, run.testConfigurationId);
  add(wanted.automationHostIds, run.automationHostId);
  add(wanted.documentIds, run.automationAttachmentId);
  for (const step of run.testRunSteps ?? []) {
    add(wanted.testStepIds, step.testStepId);
    add(wanted.testCaseIds, step.testCaseId);
  }
}

function add(list: number[], id: number | null | undefined): void {
  if (id) list.push(id);
}

interface Entry {
  projectId: number;
  projectGuid: string;
  now: Date;
}

/**
 * Enters checked runs in the ledger: one statement for the runs, one for their steps if there are any, one change row.
 * Nothing else is written and nothing but the change log and the runs is locked, so calls never wait for each other.
 */
export async function enterRuns(
  transaction: Transaction,
  checked: readonly CheckedRun[],
  { kind, ...entry }: Entry & { kind: 'runs' | 'bulk' },
): Promise<EnteredRun[]> {
  const entered = await enterWithoutChange(transaction, checked, entry);
  await appendChange(transaction, entry.projectId, { kind, runIds: entered.map((run) => run.testRunId) });
  return entered;
}

/** The same without the change row, which the caller appends for all that it enters. */
export async function enterWithoutChange(
  transaction: Transaction,
  checked: readonly CheckedRun[],
  { projectId, projectGuid, now }: Entry,
): Promise<EnteredRun[]> {
  const hashes = await findTextHashes(transaction, projectId, longTextsOf(checked.map(({ run }) => run)));
  const rows = checked.map(({ run, resolved, automationEngineToken }) => ({
    ...run,
    runnerMessageHash: hashes.of(run.runnerMessage),
    runnerStackTraceHash: hashes.of(run.runnerStackTrace),
    testRunId: 0,
    projectId,
    projectGuid,
    concurrencyDate: now,
    testCaseGuid: resolved.testCase.guid,
    testerGuid: resolved.testerGuid,
    releaseGuid: resolved.releaseGuid,
    releaseVersionNumber: resolved.releaseVersionNumber,
    testSetGuid: resolved.testSetGuid,
    automationEngineToken,
    isAttachments: false as const,
    testRunSteps: [] as EnteredStep[],
  }));
  const runIds = await insertTestRuns(transaction, projectId, rows);
  const steps: EnteredStep[] = [];
  for (const [position, row] of rows.entries()) {
    row.testRunId = runIds[position]!;
    for (const step of checked[position]!.steps) {
      const entered = { ...step, testRunStepId: 0, testRunId: row.testRunId };
      row.testRunSteps.push(entered);
      steps.push(entered);
    }
  }
  const stepIds = await insertTestRunSteps(transaction, projectId, steps);
  for (const [position, step] of steps.entries()) step.testRunStepId = stepIds[position]!;
  return rows;
}
