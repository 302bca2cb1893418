import { addTestSetRow } from '../../../commands/add-test-set-row.ts';
import { removeTestSetRow } from '../../../commands/remove-test-set-row.ts';
import { updateTestSetRow } from '../../../commands/update-test-set-row.ts';
import { DomainError, type Issue, refuse } from '../../../domain/errors.ts';
import { testCasesOfSet } from '../../../views/test-cases.ts';
import { testSetRows } from '../../../views/test-set-rows.ts';
import { RemoteTestCase } from '../../../wire/spira/objects/test-case.ts';
import {
  RemoteTestSetTestCaseMapping,
  RemoteTestSetTestCaseParameter,
} from '../../../wire/spira/objects/test-set-row.ts';
import { Decoding, parseDate } from '../../../wire/spira/scalars.ts';
import { among } from '../conditions.ts';
import { commandOf, updating } from '../one-thing.ts';
import { anyBody, type Call, can, empty, list, noBody, operation } from '../operation.ts';
import { existingOfPath, idOfPath } from '../things.ts';

const SET = 'projects/{project_id}/test-sets/{test_set_id}';

/** The values may be a list, one object or nothing at all. */
function parametersOf(body: unknown) {
  const sent = Array.isArray(body) ? body : [body];
  const issues: Issue[] = [];
  const values = sent
    .filter((one) => one !== null && one !== undefined && one !== '')
    .map((one, index) => RemoteTestSetTestCaseParameter.decode(one, new Decoding(issues, index)));
  refuse(issues);
  return values.filter((value) => value !== undefined);
}

function plannedDate({ query }: Call<unknown>): Date | null {
  const text = query.text('planned_date');
  const date = text === undefined ? null : parseDate(text);
  if (date === undefined) throw new DomainError('invalid', 'planned_date is not a date (like 2024-05-14T14:06:00Z)');
  return date;
}

export const testSetRowOperations = [
  operation({
    method: 'GET',
    path: `${SET}/test-case-mapping`,
    summary: 'The rows of a test set by position.',
    priority: 1,
    needs: can('testSet:view'),
    body: noBody,
    returns: list(RemoteTestSetTestCaseMapping),
    handle: async (call) =>
      testSetRows.list(call.services.read, [call.project.projectId, await existingOfPath(call, 'testSet')]),
  }),
  updating({
    path: `${SET}/test-case-mapping`,
    summary: 'Updates owner, planned date, set-up flag and position of a row.',
    priority: 2,
    needs: can('testSet:modify'),
    object: RemoteTestSetTestCaseMapping,
    update: async (command, row, call) => updateTestSetRow(command, { testSetId: idOfPath(call, 'testSet'), row }),
  }),
  operation({
    method: 'POST',
    path: `${SET}/test-case-mapping/{test_case_id}`,
    summary: 'Adds a row, before existing_test_set_test_case_id or last; answers with it.',
    priority: 2,
    needs: can('testSet:modify'),
    body: anyBody,
    returns: list(RemoteTestSetTestCaseMapping),
    handle: async (call) => {
      const { services, project, query } = call;
      const testSetId = idOfPath(call, 'testSet');
      const rowId = await addTestSetRow(commandOf(call), {
        testSetId,
        testCaseId: idOfPath(call, 'testCase'),
        ownerId: query.id('owner_id') ?? null,
        plannedDate: plannedDate(call),
        beforeRowId: query.id('existing_test_set_test_case_id') ?? null,
        parameters: parametersOf(call.body),
      });
      return testSetRows.list(services.read, [project.projectId, testSetId], {
        where: [among('testSetTestCaseId', [rowId])],
      });
    },
  }),
  operation({
    method: 'GET',
    path: `${SET}/test-cases`,
    summary: 'The test case of each row by position, with the status that it has in this test set.',
    priority: 2,
    needs: can('testSet:view'),
    body: noBody,
    returns: list(RemoteTestCase),
    handle: async (call) =>
      testCasesOfSet.list(call.services.read, [call.project.projectId, await existingOfPath(call, 'testSet')]),
  }),
  operation({
    method: 'DELETE',
    path: `${SET}/test-cases/{test_set_test_case_id}`,
    summary: 'Removes a row, named by its own id.',
    priority: 2,
    needs: can('testSet:modify'),
    body: noBody,
    returns: empty,
    handle: async (call) =>
      removeTestSetRow(commandOf(call), {
        testSetId: idOfPath(call, 'testSet'),
        rowId: call.path.id('test_set_test_case_id', 'Row of the test set'),
      }),
  }),
];
