import {
  addStepParameters,
  deleteStepParameters,
  updateStepParameters,
} from '../../../commands/change-step-parameters.ts';
import { createTestSteps, linkTestCase } from '../../../commands/create-test-steps.ts';
import { deleteTestStep } from '../../../commands/delete-test-step.ts';
import { moveTestStep } from '../../../commands/move-test-step.ts';
import { refuseForeign } from '../../../commands/ownership.ts';
import { updateTestStep } from '../../../commands/update-test-step.ts';
import { notFound } from '../../../domain/errors.ts';
import { testCases } from '../../../views/test-cases.ts';
import { testStepParameters, testSteps } from '../../../views/test-steps.ts';
import { RemoteTestStep, RemoteTestStepParameter } from '../../../wire/spira/objects/test-step.ts';
import { among } from '../conditions.ts';
import { itemsOf } from '../list-items.ts';
import { commandOf, updating } from '../one-thing.ts';
import {
  type Call,
  can,
  empty,
  list,
  listToCreate,
  noBody,
  one,
  operation,
  optionalListToCreate,
  scalar,
  toCreate,
} from '../operation.ts';
import { modifiesOf } from '../ownership.ts';
import { existingOfPath, idOfPath } from '../things.ts';

/** Returns the test case of the path by id, refusing whoever may not modify it. Steps are modified with their case. */
export async function modifiableTestCaseOfPath(call: Call<unknown>): Promise<number> {
  const testCaseId = idOfPath(call, 'testCase');
  await refuseForeignTestCase(call, testCaseId);
  return testCaseId;
}

/** Refuses whoever may only modify his own test cases, when this is none of them. */
export async function refuseForeignTestCase(
  { services, actor, project }: Pick<Call<unknown>, 'services' | 'actor' | 'project'>,
  testCaseId: number,
): Promise<void> {
  const modifies = modifiesOf(project, 'testCase');
  if (modifies === 'all') return;
  const testCase = await testCases.find(services.read, [project.projectId], testCaseId);
  refuseForeign(actor, modifies, testCase && [testCase.authorId, testCase.ownerId]);
}

/** Returns the step of the path by id, with its test case; 404 when there is none. */
async function testStepOfPath(call: Call<unknown>) {
  const testCaseId = idOfPath(call, 'testCase');
  const testStepId = idOfPath(call, 'testStep');
  const step = await testSteps.find(call.services.read, [call.project.projectId, testCaseId], testStepId);
  if (!step) throw notFound(`Test step ${testStepId} of test case ${testCaseId}`);
  return { ...step, testCaseId, testStepId };
}

const modify = can('testCase:modify', 'testCase:modifyOwned');

const steps = [
  operation({
    method: 'GET',
    path: 'projects/{project_id}/test-cases/{test_case_id}/test-steps',
    summary: 'The steps of a test case in their order.',
    priority: 1,
    needs: can('testCase:view'),
    body: noBody,
    returns: list(RemoteTestStep),
    handle: async (call) =>
      testSteps.list(call.services.read, [call.project.projectId, await existingOfPath(call, 'testCase')]),
  }),
  operation({
    method: 'POST',
    path: 'projects/{project_id}/test-cases/{test_case_id}/test-steps',
    summary: 'Creates a step at its Position, without one at the end.',
    priority: 2,
    needs: modify,
    body: toCreate(RemoteTestStep),
    returns: one(RemoteTestStep),
    handle: async (call) => {
      const { services, project, body } = call;
      const testCaseId = await modifiableTestCaseOfPath(call);
      const created = { testCaseId, steps: [body], isList: false };
      const [testStepId = 0] = await createTestSteps(commandOf(call), created);
      return testSteps.find(services.read, [project.projectId, testCaseId], testStepId);
    },
  }),
  updating({
    path: 'projects/{project_id}/test-cases/{test_case_id}/test-steps',
    summary: 'Updates a step; ConcurrencyDate must be the one that was read. Its place is changed by move only.',
    priority: 2,
    needs: modify,
    object: RemoteTestStep,
    update: async (command, step, call) =>
      updateTestStep(command, { testCaseId: await modifiableTestCaseOfPath(call), step }),
  }),
  operation({
    method: 'POST',
    path: 'projects/{project_id}/test-cases/{test_case_id}/test-steps/multiple',
    summary: 'Creates up to 30 steps, each at its Position or at the end; all or none.',
    priority: 2,
    needs: modify,
    body: listToCreate(RemoteTestStep),
    returns: list(RemoteTestStep),
    handle: async (call) => {
      const { services, project, body } = call;
      const testCaseId = await modifiableTestCaseOfPath(call);
      const values = await createTestSteps(commandOf(call), { testCaseId, steps: itemsOf(body) });
      const created = await testSteps.list(services.read, [project.projectId, testCaseId], {
        where: [among('testStepId', values)],
      });
      return values.flatMap((id) => created.find((step) => step.testStepId === id) ?? []);
    },
  }),
  operation({
    method: 'GET',
    path: 'projects/{project_id}/test-cases/{test_case_id}/test-steps/{test_step_id}',
    summary: 'One step.',
    priority: 2,
    needs: can('testCase:view'),
    body: noBody,
    returns: one(RemoteTestStep),
    handle: (call) => testStepOfPath(call),
  }),
  operation({
    method: 'DELETE',
    path: 'projects/{project_id}/test-cases/{test_case_id}/test-steps/{test_step_id}',
    summary: 'Deletes a step; the steps after it close up.',
    priority: 2,
    needs: modify,
    body: noBody,
    returns: empty,
    handle: async (call) => {
      const testCaseId = await modifiableTestCaseOfPath(call);
      const testStepId = idOfPath(call, 'testStep');
      await deleteTestStep(commandOf(call), { testCaseId, testStepId });
    },
  }),
  operation({
    method: 'POST',
    path: 'projects/{project_id}/test-cases/{test_case_id}/test-steps/{source_test_step_id}/move',
    summary: 'Moves a step right before destination_test_step_id; without one to the end.',
    priority: 2,
    needs: modify,
    body: noBody,
    returns: empty,
    handle: async (call) => {
      const testCaseId = await modifiableTestCaseOfPath(call);
      const testStepId = call.path.id('source_test_step_id', 'Test step');
      const before = call.query.id('destination_test_step_id') ?? null;
      await moveTestStep(commandOf(call), { testCaseId, testStepId, before });
    },
  }),
  operation({
    method: 'POST',
    path: 'projects/{project_id}/test-cases/{test_case_id}/test-links/{linked_test_case_id}',
    summary: 'Creates a step that stands for the steps of another test case; returns its id.',
    priority: 2,
    needs: modify,
    body: optionalListToCreate(RemoteTestStepParameter),
    returns: scalar('int'),
    handle: async (call) => {
      const { path, query, body } = call;
      return linkTestCase(commandOf(call), {
        testCaseId: await modifiableTestCaseOfPath(call),
        linkedTestCaseId: path.id('linked_test_case_id', 'Test case'),
        position: query.integer('position'),
        parameters: itemsOf(body),
      });
    },
  }),
];

const parametersPath = 'projects/{project_id}/test-cases/{test_case_id}/test-steps/{test_step_id}/parameters';

/** Declares one change of the values that a linking step passes. */
const parameterChange = (
  method: 'POST' | 'PUT' | 'DELETE',
  summary: string,
  change: typeof addStepParameters | typeof updateStepParameters | typeof deleteStepParameters,
) =>
  operation({
    method,
    path: parametersPath,
    summary,
    priority: 2,
    needs: modify,
    body: listToCreate(RemoteTestStepParameter),
    returns: empty,
    handle: async (call) => {
      const testCaseId = await modifiableTestCaseOfPath(call);
      const testStepId = idOfPath(call, 'testStep');
      const parameters = itemsOf(call.body);
      await change(commandOf(call), { testCaseId, testStepId, parameters });
    },
  });

const parameters = [
  operation({
    method: 'GET',
    path: parametersPath,
    summary: 'The values that a linking step passes.',
    priority: 2,
    needs: can('testCase:view'),
    body: noBody,
    returns: list(RemoteTestStepParameter),
    handle: async (call) => {
      const { testStepId } = await testStepOfPath(call);
      return testStepParameters.list(call.services.read, [call.project.projectId, testStepId]);
    },
  }),
  parameterChange('POST', 'Adds values; a name that is passed already gets the new value.', addStepParameters),
  parameterChange('PUT', 'Changes values by name.', updateStepParameters),
  parameterChange('DELETE', 'Takes values away by name.', deleteStepParameters),
];

export const testStepOperations = [...steps, ...parameters];
