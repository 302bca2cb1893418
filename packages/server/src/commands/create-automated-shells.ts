import { notFound } from '../domain/errors.ts';
import { ownParameterValues } from '../domain/step-expansion.ts';
import { ExecutionStatus } from '../domain/tables.ts';
import { TestRunType } from '../domain/test-run.ts';
import type { Transaction } from '../storage/database.ts';
import {
  type DeclaredParameter,
  findShellCases,
  findShellSet,
  listDeclaredParameters,
  listPlannedSets,
  type ShellCase,
  type ShellSet,
} from '../storage/shell-sources.ts';
import type { ProjectCommand } from './context.ts';
import { type ShellContext, shellContext } from './create-test-run-shells.ts';
import { type PlannedRun, plannedRuns } from './shell-set-contents.ts';

/** An automated run for an agent to execute and record, not stored. */
export type AutomatedShell = ReturnType<typeof shellOf>;

/**
 * Returns the work list of an automation host: a shell for each row and configuration entry of the test sets that are
 * assigned to it, not started, and planned within the range (a missing end is open). Notes that the host has asked.
 */
export async function createShellsForHost(
  command: ProjectCommand,
  { token, from, to }: { token: string; from: Date | null; to: Date | null },
): Promise<AutomatedShell[]> {
  const { db, projectId } = command;
  return db.transaction(async (transaction) => {
    const automationHostId = await contactedHost(transaction, command, token);
    const sets = await listPlannedSets(transaction, projectId, { automationHostId, from, to });
    return shellsOfSets(transaction, command, { sets, automationHostId });
  });
}

/** Returns the same for one test set, whether or not it is assigned to the host. */
export async function createShellsForHostFromTestSet(
  command: ProjectCommand,
  { token, testSetId }: { token: string; testSetId: number },
): Promise<AutomatedShell[]> {
  const { db, projectId } = command;
  return db.transaction(async (transaction) => {
    const set = await findShellSet(transaction, projectId, testSetId);
    if (!set) throw notFound(`Test set ${testSetId}`);
    const automationHostId = await contactedHost(transaction, command, token);
    return shellsOfSets(transaction, command, { sets: [set], automationHostId });
  });
}

/** Returns the id of the host with this token and notes the contact; its stamp stays. */
async function contactedHost(
  transaction: Transaction,
  { projectId, now }: ProjectCommand,
  token: string,
): Promise<number> {
  const [host] = await transaction.query<{ id: number }>(
    `update automation_host set last_contact_at = $3
      where project_id = $1 and lower(token) = lower($2) and not is_deleted returning automation_host_id as id`,
    [projectId, token.replaceAll('\u0000', ''), now()],
  );
  if (!host) throw notFound(`An automation host with the token ${token.slice(0, 60)}`);
  return host.id;
}

async function shellsOfSets(
  transaction: Transaction,
  { projectId, actor, now }: ProjectCommand,
  { sets, automationHostId }: { sets: readonly ShellSet[]; automationHostId: number },
): Promise<AutomatedShell[]> {
  if (sets.length === 0) return [];
  const context = await shellContext(transaction, { projectId, callerId: actor.userId, releaseId: null, now: now() });
  const runs = await plannedRuns(transaction, projectId, sets);
  const caseIds = [...new Set(runs.map((run) => run.row.testCaseId))];
  const cases = await findShellCases(transaction, projectId, caseIds);
  const declared = Map.groupBy(
    await listDeclaredParameters(transaction, projectId, caseIds),
    (parameter) => parameter.testCaseId,
  );
  return runs.flatMap((run) => {
    const testCase = cases.get(run.row.testCaseId);
    const parameters = declared.get(run.row.testCaseId) ?? [];
    return testCase ? [shellOf(run, testCase, { ...context, automationHostId, parameters })] : [];
  });
}

function shellOf(
  { set, row, testConfigurationId, given }: PlannedRun,
  testCase: ShellCase,
  context: ShellContext & { automationHostId: number; parameters: readonly DeclaredParameter[] },
) {
  const { projectId, projectGuid, testerId, testerGuid, now, automationHostId, parameters } = context;
  return {
    projectId,
    projectGuid,
    testerId,
    testerGuid,
    testRunId: 0,
    name: testCase.name,
    testCaseId: testCase.testCaseId,
    testCaseGuid: testCase.guid,
    testRunTypeId: TestRunType.Automated,
    executionStatusId: ExecutionStatus.NotRun,
    releaseId: set.releaseId,
    releaseGuid: set.releaseGuid,
    releaseVersionNumber: set.releaseVersionNumber,
    testSetId: set.testSetId,
    testSetGuid: set.guid,
    testSetTestCaseId: row.testSetTestCaseId,
    testConfigurationId,
    estimatedDuration: testCase.estimatedDuration,
    startDate: now,
    endDate: null,
    concurrencyDate: now,
    isAttachments: false,
    testRunFormatId: 1,
    runnerName: testCase.automationEngineName,
    runnerTestName: testCase.name,
    automationHostId,
    automationEngineId: testCase.automationEngineId,
    automationEngineToken: testCase.automationEngineToken,
    automationAttachmentId: testCase.automationAttachmentId,
    scheduledDate: set.plannedDate,
    parameters: ownParameterValues(parameters, testCase.testCaseId, given).map((parameter) => ({
      ...parameter,
      testSetTestCaseId: row.testSetTestCaseId,
    })),
    testRunSteps: null,
  };
}
