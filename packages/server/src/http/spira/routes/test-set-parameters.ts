import { clearTestSetParameter, setTestSetParameter } from '../../../commands/set-test-set-parameter.ts';
import { notFound } from '../../../domain/errors.ts';
import { hasRow, testSetParameters } from '../../../views/test-set-rows.ts';
import { RemoteTestSetParameter, RemoteTestSetTestCaseParameter } from '../../../wire/spira/objects/test-set-row.ts';
import { among } from '../conditions.ts';
import { commandOf } from '../one-thing.ts';
import { type AnyObject, type Call, can, empty, list, noBody, operation, toCreate } from '../operation.ts';
import { existingOfPath, idOfPath } from '../things.ts';

const SET = 'projects/{project_id}/test-sets/{test_set_id}';

/** What a value for a parameter says, of a row or of a whole set. */
interface Sent {
  testSetId?: number | null;
  testSetTestCaseId?: number | null;
  testCaseParameterId?: number | null;
  value?: string | null;
}

/** Who gives parameters values: a row of the test set of the path, or the test set of the body. */
interface Owned {
  path: string;
  object: AnyObject;
  /** Required members are there by now: they were checked when the body was read. */
  ownerOf(call: Call<Sent>): { testSetId: number; testSetRowId: number };
}
const ofRow: Owned = {
  path: `${SET}/test-cases/parameters`,
  object: RemoteTestSetTestCaseParameter,
  ownerOf: (call) => ({
    testSetId: idOfPath(call, 'testSet'),
    testSetRowId: call.body.testSetTestCaseId ?? -1,
  }),
};
const ofSet: Owned = {
  path: 'projects/{project_id}/test-sets/parameters',
  object: RemoteTestSetParameter,
  ownerOf: ({ body }) => ({ testSetId: body.testSetId ?? -1, testSetRowId: 0 }),
};

interface Changed {
  method: 'POST' | 'PUT' | 'DELETE';
  summary: string;
  change(call: Call<Sent>): Promise<unknown>;
}

/** Declares a change of a value that the body names. */
const changing = ({ path, object }: Owned, { change, ...declared }: Changed) =>
  operation({
    ...declared,
    path,
    priority: 2,
    needs: can('testSet:modify'),
    body: toCreate(object),
    returns: empty,
    handle: async (call: Call<Sent>) => change(call),
  });

const saving = (owned: Owned, method: 'POST' | 'PUT', summary: string) =>
  changing(owned, {
    method,
    summary,
    change: (call) => setTestSetParameter(commandOf(call), { owner: owned.ownerOf(call), value: call.body }),
  });

const clearing = (owned: Owned, summary: string) =>
  changing(owned, {
    method: 'DELETE',
    summary,
    change: (call) =>
      clearTestSetParameter(commandOf(call), {
        owner: owned.ownerOf(call),
        testCaseParameterId: call.body.testCaseParameterId ?? -1,
      }),
  });

/** Returns the values that a row gives to parameters; row 0 is the set itself. */
const valuesOf = ({ services, project }: Call<unknown>, testSetId: number, rowId: number) =>
  testSetParameters.list(services.read, [project.projectId, testSetId], {
    where: [among('testSetTestCaseId', [rowId])],
  });

export const testSetParameterOperations = [
  ...(['POST', 'PUT'] as const).flatMap((method) => [
    saving(ofRow, method, 'Gives a parameter a value for one row, over the one it has.'),
    saving(ofSet, method, 'Gives a parameter a value for a whole test set, over the one it has.'),
  ]),
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
      const testSetId = await existingOfPath(call, 'testSet');
      const rowId = path.id('test_set_test_case_id', 'Row of the test set');
      if (!(await hasRow(services.read, project.projectId, { testSetId, testSetTestCaseId: rowId }))) {
        throw notFound(`Row ${rowId} of test set ${testSetId}`);
      }
      return valuesOf(call, testSetId, rowId);
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
    handle: async (call) => valuesOf(call, await existingOfPath(call, 'testSet'), 0),
  }),
  clearing(ofRow, 'Takes the value of a parameter away from a row.'),
  clearing(ofSet, 'Takes the value of a parameter away from a test set.'),
];
