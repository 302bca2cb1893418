import { DomainError, type Issue, notFound, refuse } from '../domain/errors.ts';
import { expandedSteps, type GivenValue, MOST_STEPS, type StepLibrary } from '../domain/step-expansion.ts';
import { ExecutionStatus } from '../domain/tables.ts';
import { TestRunType } from '../domain/test-run.ts';
import type { Queryable } from '../storage/database.ts';
import { findRunReferences, noReferences } from '../storage/run-references.ts';
import { findShellCases, findShellSet, findStepLibrary, type ShellCase } from '../storage/shell-sources.ts';
import type { ProjectCommand } from './context.ts';
import { plannedRuns } from './shell-set-contents.ts';

/** What a shell is made for. */
interface ShellPlan {
  testCase: ShellCase;
  given: readonly (readonly GivenValue[])[];
  place: ShellPlace;
}

/** Where a run is to count. */
export interface ShellPlace {
  releaseId: number | null;
  releaseGuid: string | null;
  releaseVersionNumber: string | null;
  testSetId: number | null;
  testSetGuid: string | null;
  testSetTestCaseId: number | null;
  testConfigurationId: number | null;
}

const nowhere: ShellPlace = {
  releaseId: null,
  releaseGuid: null,
  releaseVersionNumber: null,
  testSetId: null,
  testSetGuid: null,
  testSetTestCaseId: null,
  testConfigurationId: null,
};

/** The steps of all shells of one call together; beyond it the answer would not fit in memory. */
const MOST_STEPS_IN_A_CALL = 200_000;

/** A manual run to be filled in, not stored: no ids, every step Not Run. */
export type ManualShell = ReturnType<typeof shellOf>;

/**
 * Returns a shell for each test case, in the order asked for; a repeated id gives one each time. Nothing is stored.
 * Refuses unknown cases and an unknown release (404), and a case without steps (EX-5).
 */
export async function createShellsFromTestCases(
  { db, actor, projectId, now }: ProjectCommand,
  { testCaseIds, releaseId }: { testCaseIds: readonly number[]; releaseId: number | null },
): Promise<ManualShell[]> {
  const context = await shellContext(db, { projectId, callerId: actor.userId, releaseId, now: now() });
  const cases = await findShellCases(db, projectId, testCaseIds);
  refuse(
    testCaseIds.flatMap((id, index): Issue[] =>
      cases.has(id)
        ? []
        : [{ code: 'notFound', index, field: '', message: `Test case ${id} does not exist in this project` }],
    ),
  );
  const place = { ...nowhere, ...context.release };
  const plans = testCaseIds.map((id) => ({ testCase: cases.get(id)!, given: [], place }));
  return shellsOf(plans, await findStepLibrary(db, projectId, [...cases.keys()]), context);
}

/**
 * Returns a shell for each row of a test set and each entry of its configurations, row by row, with set, row and release
 * filled (SP-6). Nothing is stored. Refuses an unknown set (404) and a case without steps (EX-5).
 */
export async function createShellsFromTestSet(
  { db, actor, projectId, now }: ProjectCommand,
  testSetId: number,
): Promise<ManualShell[]> {
  const set = await findShellSet(db, projectId, testSetId);
  if (!set) throw notFound(`Test set ${testSetId}`);
  const context = await shellContext(db, { projectId, callerId: actor.userId, releaseId: null, now: now() });
  const runs = await plannedRuns(db, projectId, [set]);
  const cases = await findShellCases(
    db,
    projectId,
    runs.map((run) => run.row.testCaseId),
  );
  const plans = runs.flatMap(({ row, testConfigurationId, given }): ShellPlan[] => {
    const testCase = cases.get(row.testCaseId);
    const { releaseId, releaseGuid, releaseVersionNumber, guid: testSetGuid } = set;
    const place = { releaseId, releaseGuid, releaseVersionNumber, ...row, testSetGuid, testConfigurationId };
    return testCase ? [{ testCase, given, place }] : [];
  });
  return shellsOf(plans, await findStepLibrary(db, projectId, [...cases.keys()]), context);
}

/** What all shells of a call share. */
export interface ShellContext {
  projectId: number;
  projectGuid: string;
  testerId: number;
  testerGuid: string | null;
  now: Date;
  release: Pick<ShellPlace, 'releaseId' | 'releaseGuid' | 'releaseVersionNumber'>;
}

/** Returns what all shells of a call share; refuses an unknown release. */
export async function shellContext(
  db: Queryable,
  asked: { projectId: number; callerId: number; releaseId: number | null; now: Date },
): Promise<ShellContext> {
  const { projectId, callerId, releaseId, now } = asked;
  const releaseIds = releaseId === null ? [] : [releaseId];
  const references = await findRunReferences(db, projectId, { ...noReferences, userIds: [callerId], releaseIds });
  const release = releaseId === null ? undefined : references.releases.get(releaseId);
  if (releaseId !== null && !release) throw notFound(`Release ${releaseId}`);
  return {
    projectId,
    projectGuid: references.projectGuid,
    testerId: callerId,
    testerGuid: references.users.get(callerId)?.guid ?? null,
    now,
    release: { releaseId, releaseGuid: release?.guid ?? null, releaseVersionNumber: release?.versionNumber ?? null },
  };
}

function shellsOf(plans: readonly ShellPlan[], library: StepLibrary, context: ShellContext): ManualShell[] {
  const shells: ManualShell[] = [];
  const withoutSteps = new Map<number, string>();
  let total = 0;
  for (const plan of plans) {
    const { testCaseId, name } = plan.testCase;
    const steps = expandedSteps(testCaseId, library, plan.given);
    total += steps?.length ?? 0;
    if (!steps || total > MOST_STEPS_IN_A_CALL) {
      const most = steps ? `${MOST_STEPS_IN_A_CALL} in one call` : MOST_STEPS;
      throw new DomainError('invalid', `Test case ${testCaseId} (${name}): more steps than can be made, ${most}`);
    }
    if (steps.length === 0) withoutSteps.set(testCaseId, name);
    else shells.push(shellOf(plan, steps, context));
  }
  if (withoutSteps.size > 0) {
    const names = [...withoutSteps].map(([id, name]) => `${id} (${name})`).join(', ');
    throw new DomainError('invalid', `A test case without steps cannot be executed manually: ${names}`);
  }
  return shells;
}

function shellOf(
  { testCase, place }: ShellPlan,
  steps: NonNullable<ReturnType<typeof expandedSteps>>,
  { projectId, projectGuid, testerId, testerGuid, now }: ShellContext,
) {
  return {
    ...place,
    projectId,
    projectGuid,
    testerId,
    testerGuid,
    testRunId: 0,
    name: testCase.name,
    testCaseId: testCase.testCaseId,
    testCaseGuid: testCase.guid,
    testRunTypeId: TestRunType.Manual,
    executionStatusId: ExecutionStatus.NotRun,
    estimatedDuration: testCase.estimatedDuration,
    startDate: now,
    endDate: null,
    concurrencyDate: now,
    isAttachments: false,
    testRunSteps: steps.map((step, at) => ({
      ...step,
      testRunStepId: 0,
      testRunId: 0,
      executionStatusId: ExecutionStatus.NotRun,
      position: at + 1,
    })),
  };
}
