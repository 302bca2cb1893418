import { notFound, refuse } from '../domain/errors.ts';
import { updateStamped } from '../storage/concurrency.ts';
import { lockStepsOf, requireStepOf } from '../storage/test-steps.ts';
import type { ProjectCommand } from './context.ts';
import { CarriesValues, settleOwnCustomValues } from './custom-properties.ts';
import { type TestStepInput, testStepIssues } from './test-step-input.ts';

/** A step as it is sent back: which one, what the caller read of it (its stamp), and its values. */
export interface TestStepUpdate extends TestStepInput {
  testStepId?: number | null;
  concurrencyDate?: Date | null;
}

/**
 * Updates a step; missing members keep their value, null clears those that may be empty. Its place stays: other steps
 * may have come or gone since it was read, and moving is a call of its own. Refused: a stale or missing stamp (CC-1),
 * links to unknown cases or to the case itself. Runs made before keep what they copied (SP-1).
 */
export async function updateTestStep(
  { db, projectId }: ProjectCommand,
  { testCaseId, step }: { testCaseId: number; step: TestStepUpdate },
): Promise<void> {
  await db.transaction(async (transaction) => {
    await lockStepsOf(transaction, projectId, testCaseId);
    const { testStepId } = step;
    if (typeof testStepId !== 'number') throw notFound('The test step that was named');
    const stored = await requireStepOf(transaction, projectId, { testCaseId, testStepId });
    const custom = await settleOwnCustomValues(transaction, projectId, {
      artifactTypeId: CarriesValues.testStep,
      sent: step.customProperties,
      stored: stored.customProperties,
    });
    refuse([
      ...(await testStepIssues(transaction, projectId, { testCaseId, steps: [step], isList: false })),
      ...custom.issues,
    ]);
    await updateStamped(transaction, {
      table: 'testStep',
      key: { projectId, testCaseId, testStepId },
      what: `Test step ${testStepId}`,
      stamp: step.concurrencyDate,
      changes: {
        description: step.description ?? undefined,
        expectedResult: step.expectedResult,
        sampleData: step.sampleData,
        precondition: step.precondition,
        linkedTestCaseId: step.linkedTestCaseId,
        tags: step.tags,
        customProperties: custom.json,
      },
    });
  });
}
