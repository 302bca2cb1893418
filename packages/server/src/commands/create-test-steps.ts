import { DomainError, refuse } from '../domain/errors.ts';
import type { Transaction } from '../storage/database.ts';
import { listStepIds, lockStepsOf, putStepParameters, saveStepOrder } from '../storage/test-steps.ts';
import type { ProjectCommand } from './context.ts';
import { CarriesValues, settleCustomValues } from './custom-properties.ts';
import { type StepParameter, type TestStepInput, testStepIssues, valuesByName } from './test-step-input.ts';

/** The most steps that one call creates (the public reference says so). */
export const MOST_NEW_STEPS = 30;

/**
 * Creates steps of a case, each inserted at its position or at the end, the rest making room, and returns their ids in
 * the order given. All or nothing. Refused: more than 30, links to unknown cases or to the case itself.
 */
export async function createTestSteps(
  { db, projectId }: ProjectCommand,
  { testCaseId, steps, isList = true }: { testCaseId: number; steps: readonly TestStepInput[]; isList?: boolean },
): Promise<number[]> {
  if (steps.length > MOST_NEW_STEPS) {
    throw new DomainError(
      'invalid',
      `At most ${MOST_NEW_STEPS} steps can be created at once, ${steps.length} were sent`,
    );
  }
  return db.transaction(async (transaction) => {
    await lockStepsOf(transaction, projectId, testCaseId);
    const custom = await settleCustomValues(transaction, projectId, {
      artifactTypeId: CarriesValues.testStep,
      items: steps.map(({ customProperties: sent }, index) => ({ sent, index: isList ? index : undefined })),
    });
    refuse([
      ...(await testStepIssues(transaction, projectId, { testCaseId, steps, isList })),
      ...custom.flatMap(({ issues }) => issues),
    ]);
    return insertSteps(transaction, projectId, { testCaseId, steps, customJsons: custom.map(({ json }) => json) });
  });
}

/**
 * Creates a step that stands for the steps of another case and returns its id; `parameters` are passed to that case
 * (SP-2, SP-5). Refused as in createTestSteps.
 */
export async function linkTestCase(
  { db, projectId }: ProjectCommand,
  link: { testCaseId: number; linkedTestCaseId: number; position?: number | undefined; parameters: StepParameter[] },
): Promise<number> {
  const { testCaseId, linkedTestCaseId } = link;
  const steps = [{ description: 'Linked test case', linkedTestCaseId, position: link.position ?? null }];
  return db.transaction(async (transaction) => {
    await lockStepsOf(transaction, projectId, testCaseId);
    refuse(await testStepIssues(transaction, projectId, { testCaseId, steps, isList: false }));
    const [testStepId] = await insertSteps(transaction, projectId, { testCaseId, steps });
    if (testStepId === undefined) throw new Error('One step was inserted, so there is an id');
    await putStepParameters(transaction, projectId, { testStepId, values: valuesByName(link.parameters) });
    return testStepId;
  });
}

async function insertSteps(
  transaction: Transaction,
  projectId: number,
  {
    testCaseId,
    steps,
    customJsons = [],
  }: { testCaseId: number; steps: readonly TestStepInput[]; customJsons?: readonly (string | null | undefined)[] },
): Promise<number[]> {
  const order = await listStepIds(transaction, projectId, testCaseId);
  const created: number[] = [];
  for (const [at, step] of steps.entries()) {
    const { testStepId } = await transaction.kysely
      .insertInto('testStep')
      .values({
        projectId,
        testCaseId,
        position: 0,
        description: step.description ?? '',
        expectedResult: step.expectedResult ?? null,
        sampleData: step.sampleData ?? null,
        precondition: step.precondition ?? null,
        linkedTestCaseId: step.linkedTestCaseId ?? null,
        tags: step.tags ?? null,
        customProperties: customJsons[at] ?? null,
      })
      .returning('testStepId')
      .executeTakeFirstOrThrow();
    const position = step.position ?? 0;
    order.splice(position >= 1 ? position - 1 : order.length, 0, testStepId);
    created.push(testStepId);
  }
  await saveStepOrder(transaction, projectId, order);
  return created;
}
