import { createTestCaseParameter } from '../../../commands/create-test-case-parameter.ts';
import { deleteTestCaseParameter } from '../../../commands/delete-test-case-parameter.ts';
import { updateTestCaseParameter } from '../../../commands/update-test-case-parameter.ts';
import { parameterToken } from '../../../domain/parameter-token.ts';
import { findTestCaseParameter, testCaseParameters } from '../../../views/test-steps.ts';
import { RemoteTestCaseParameter } from '../../../wire/spira/objects/test-case.ts';
import { commandOf, creating, updating } from '../one-thing.ts';
import { type Call, can, empty, list, noBody, operation, scalar, toUpdate } from '../operation.ts';
import { existingOfPath } from '../things.ts';
import { refuseForeignTestCase } from './test-steps.ts';

const modify = can('testCase:modify', 'testCase:modifyOwned');

/** Refuses whoever may not modify the case that declares the parameter of the body. */
async function refuseForeignParameter(call: Call<{ testCaseParameterId?: number | null }>): Promise<void> {
  const id = call.body.testCaseParameterId ?? 0;
  const parameter = await findTestCaseParameter(call.services.read, call.project.projectId, id);
  await refuseForeignTestCase(call, parameter?.testCaseId ?? 0);
}

export const testCaseParameterOperations = [
  operation({
    method: 'GET',
    path: 'projects/{project_id}/test-cases/{test_case_id}/parameters',
    summary: 'The parameters that a test case declares, by name.',
    priority: 2,
    needs: can('testCase:view'),
    body: noBody,
    returns: list(RemoteTestCaseParameter),
    handle: async (call) =>
      testCaseParameters.list(call.services.read, [call.project.projectId, await existingOfPath(call, 'testCase')]),
  }),
  creating({
    path: 'projects/{project_id}/test-cases/parameters',
    summary: 'Declares a parameter of a test case; its name is kept in lower case.',
    priority: 2,
    needs: modify,
    object: RemoteTestCaseParameter,
    create: async (command, sent, call) => {
      await refuseForeignTestCase(call, sent.testCaseId ?? 0);
      return createTestCaseParameter(command, sent);
    },
    find: findTestCaseParameter,
  }),
  updating({
    path: 'projects/{project_id}/test-cases/parameters',
    summary: 'Changes the name or the default value of a parameter.',
    priority: 2,
    needs: modify,
    object: RemoteTestCaseParameter,
    update: async (command, sent, call) => {
      await refuseForeignParameter(call);
      await updateTestCaseParameter(command, sent);
    },
  }),
  operation({
    method: 'DELETE',
    path: 'projects/{project_id}/test-cases/parameters',
    summary: 'Deletes the parameter that the body names, with the values that sets and configurations give it.',
    priority: 2,
    needs: modify,
    body: toUpdate(RemoteTestCaseParameter),
    returns: empty,
    handle: async (call) => {
      await refuseForeignParameter(call);
      await deleteTestCaseParameter(commandOf(call), call.body.testCaseParameterId);
    },
  }),
  operation({
    method: 'POST',
    path: 'projects/{project_id}/test-cases/parameters/create-token',
    summary: 'How steps refer to a parameter named parameter_name.',
    priority: 2,
    needs: can('testCase:view'),
    body: noBody,
    returns: scalar('string'),
    handle: async ({ query }) => parameterToken(query.text('parameter_name') ?? ''),
  }),
];
