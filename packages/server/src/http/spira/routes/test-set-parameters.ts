import { clearTestSetParameter, setTestSetParameter } from '../../../commands/set-test-set-parameter.ts';
import { notFound } from '../../../domain/errors.ts';
import { hasRow, testSetParameters } from '../../../views/test-set-rows.ts';
import { RemoteTestSetParameter, RemoteTestSetTestCaseParameter } from '../../../wire/spira/objects/test-set-row.ts';
import { inProject } from '../../services.ts';
import { type Call, can, empty, list, noBody, operation, toCreate } from '../operation.ts';
import { testSetIdOfPath } from './test-set-rows.ts';

const SET = 'projects/{project_id}/test-sets/{test_set_id}';
const ofRow = (rowId: number) =>
  ({ field: 'testSetTestCaseId', test: 'anyOf', values: [rowId], orNull: false }) as const;

interface OfRow {
  testSetTestCaseId?: number | null;
  testCaseParameterId?: number | null;
}
interface OfSet {
  testSetId?: number | null;
  testCaseParameterId?: number | null;
}

/** Required members are there by now: they were checked when the body was read. */
const rowOwner = ({ path, body }: Call<OfRow>) => ({
  testSetId: path.id('test_set_id', 'Test set'),
  testSetRowId: body.testSetTestCaseId ?? -1,
});
const setOwner = ({ body }: Call<OfSet>) => ({ testSetId: body.testSetId ?? -1, testSetRowId: 0 });

const saving = (['POST', 'PUT'] as const).flatMap((method) => [
  operation({
    method,
    path: `${SET}/test-cases/parameters`,
    summary: 'Gives a parameter a value for one row, over the one it has.',
    priority: 2,
    needs: can('testSet:modify'),
    body: toCreate(RemoteTestSetTestCaseParameter),
    returns: empty,
    handle: async (call) =>
      setTestSetParameter(inProject(call.services, call.actor, call.project), {
        owner: rowOwner(call),
        value: call.body,
      }),
  }),
  operation({
    method,
    path: 'projects/{project_id}/test-sets/parameters',
    summary: 'Gives a parameter a value for a whole test set, over the one it has.',
    priority: 2,
    needs: can('testSet:modify'),
    body: toCreate(RemoteTestSetParameter),
    returns: empty,
    handle: async (call) =>
      setTestSetParameter(inProject(call.services, call.actor, call.project), {
        owner: setOwner(call),
        value: call.body,
      }),
  }),
]);

export const testSetParameterOperations = [
  ...saving,
  operation({
    method: 'GET',
    path: `${SET}/test-cases/{test_set_test_case_id}/parameters`,
    summary: 'The values that a row gives to parameters.',
    priority: 2,
    needs: can('testSet:view'),
    body: noBody,
    returns: list(RemoteTestSetTestCaseParameter),
    handle: async (call) => {
      const { services, project, path } = call;
      const testSetId = await testSetIdOfPath(call);
      const rowId = path.id('test_set_test_case_id', 'Row of the test set');
      if (!(await hasRow(services.read, project.projectId, { testSetId, testSetTestCaseId: rowId }))) {
        throw notFound(`Row ${rowId} of test set ${testSetId}`);
      }
      return testSetParameters.list(services.read, [project.projectId, testSetId], { where: [ofRow(rowId)] });
    },
  }),
  operation({
    method: 'GET',
    path: `${SET}/parameters`,
    summary: 'The values that a test set gives to parameters.',
    priority: 2,
    needs: can('testSet:view'),
    body: noBody,
    returns: list(RemoteTestSetParameter),
    handle: async (call) => {
      const testSetId = await testSetIdOfPath(call);
      return testSetParameters.list(call.services.read, [call.project.projectId, testSetId], { where: [ofRow(0)] });
    },
  }),
  operation({
    method: 'DELETE',
    path: `${SET}/test-cases/parameters`,
    summary: 'Takes the value of a parameter away from a row.',
    priority: 2,
    needs: can('testSet:modify'),
    body: toCreate(RemoteTestSetTestCaseParameter),
    returns: empty,
    handle: async (call) =>
      clearTestSetParameter(inProject(call.services, call.actor, call.project), {
        owner: rowOwner(call),
        testCaseParameterId: call.body.testCaseParameterId ?? -1,
      }),
  }),
  operation({
    method: 'DELETE',
    path: 'projects/{project_id}/test-sets/parameters',
    summary: 'Takes the value of a parameter away from a test set.',
    priority: 2,
    needs: can('testSet:modify'),
    body: toCreate(RemoteTestSetParameter),
    returns: empty,
    handle: async (call) =>
      clearTestSetParameter(inProject(call.services, call.actor, call.project), {
        owner: setOwner(call),
        testCaseParameterId: call.body.testCaseParameterId ?? -1,
      }),
  }),
];
