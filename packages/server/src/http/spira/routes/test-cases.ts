import { createTestCase } from '../../../commands/create-test-case.ts';
import { deleteTestCase } from '../../../commands/delete-test-case.ts';
import { moveTestCase } from '../../../commands/move-test-case.ts';
import { updateTestCase } from '../../../commands/update-test-case.ts';
import { notFound } from '../../../domain/errors.ts';
import type { ListQuery } from '../../../domain/filter.ts';
import { requireExisting } from '../../../views/existing.ts';
import { coverageByTestCase } from '../../../views/requirement-coverage.ts';
import { findTestCase, ownTestCases, testCasesFor } from '../../../views/test-cases.ts';
import { RemoteRequirementTestCaseMapping } from '../../../wire/spira/objects/requirement.ts';
import { RemoteTestCase } from '../../../wire/spira/objects/test-case.ts';
import { inProject } from '../../services.ts';
import {
  anyLogin,
  type Call,
  can,
  empty,
  filtersOf,
  list,
  noBody,
  one,
  operation,
  scalar,
  toCreate,
  toUpdate,
} from '../operation.ts';
import { wholeUnlessPaged } from '../own-list.ts';
import { modifiesOf } from '../ownership.ts';
import { releaseAskedFor } from '../release-parameter.ts';

/** Returns the test cases asked for: all, or those mapped to release_id with their figures for it. */
async function listed(call: Call<unknown>, query: ListQuery) {
  const { view, parameters } = testCasesFor(call.project.projectId, await releaseAskedFor(call));
  return view.list(call.services.read, parameters, query);
}

async function counted(call: Call<unknown>, where: ListQuery['where'] = []) {
  const { view, parameters } = testCasesFor(call.project.projectId, await releaseAskedFor(call));
  return view.count(call.services.read, parameters, where);
}

/** Returns the test case of the path with its steps; 404 when there is none. */
async function testCaseOfPath({ services, project, path }: Call<unknown>) {
  const testCaseId = path.id('test_case_id', 'Test case');
  const testCase = await findTestCase(services.read, project.projectId, testCaseId);
  if (!testCase) throw notFound(`Test case ${testCaseId}`);
  return testCase;
}

const reading = [
  operation({
    method: 'GET',
    path: 'projects/{project_id}/test-cases',
    summary: 'Test cases without steps; with release_id those mapped to it, with their figures for it.',
    priority: 1,
    needs: can('testCase:view'),
    body: noBody,
    returns: list(RemoteTestCase),
    handle: (call) => listed(call, call.listQuery(RemoteTestCase)),
  }),
  operation({
    method: 'POST',
    path: 'projects/{project_id}/test-cases/search',
    summary: 'Test cases that meet the filters; release_id as in the list.',
    priority: 1,
    needs: can('testCase:view'),
    body: filtersOf(RemoteTestCase),
    returns: list(RemoteTestCase),
    handle: (call) => listed(call, call.listQuery(RemoteTestCase, call.body)),
  }),
  operation({
    method: 'GET',
    path: 'projects/{project_id}/test-cases/count',
    summary: 'The number of test cases; release_id as in the list.',
    priority: 2,
    needs: can('testCase:view'),
    body: noBody,
    returns: scalar('int'),
    handle: (call) => counted(call),
  }),
  operation({
    method: 'POST',
    path: 'projects/{project_id}/test-cases/count',
    summary: 'The number of test cases that meet the filters; release_id as in the list.',
    priority: 2,
    needs: can('testCase:view'),
    body: filtersOf(RemoteTestCase),
    returns: scalar('int'),
    handle: (call) => counted(call, call.body),
  }),
  operation({
    method: 'GET',
    path: 'projects/{project_id}/test-cases/{test_case_id}',
    summary: 'One test case with its steps.',
    priority: 1,
    needs: can('testCase:view'),
    body: noBody,
    returns: one(RemoteTestCase),
    handle: (call) => testCaseOfPath(call),
  }),
  operation({
    method: 'GET',
    path: 'projects/{project_id}/test-cases/{test_case_id}/requirements',
    summary: 'The requirements that a test case covers.',
    priority: 2,
    needs: can('testCase:view'),
    body: noBody,
    returns: list(RemoteRequirementTestCaseMapping),
    handle: async ({ services, project: { projectId }, path }) => {
      const testCaseId = path.id('test_case_id', 'Test case');
      await requireExisting(services.read, projectId, { kind: 'testCase', id: testCaseId, what: 'Test case' });
      return coverageByTestCase.list(services.read, [projectId, testCaseId]);
    },
  }),
  operation({
    method: 'GET',
    path: 'test-cases',
    summary: 'The test cases that the caller owns, in all products he is a member of.',
    priority: 1,
    needs: anyLogin,
    body: noBody,
    returns: list(RemoteTestCase),
    handle: async ({ services, actor, query, listQuery }) =>
      ownTestCases.list(services.read, [actor.userId], wholeUnlessPaged(query, listQuery(RemoteTestCase))),
  }),
];

const writing = [
  operation({
    method: 'POST',
    path: 'projects/{project_id}/test-cases',
    summary: 'Creates a test case without steps.',
    priority: 2,
    needs: can('testCase:create'),
    body: toCreate(RemoteTestCase),
    returns: one(RemoteTestCase),
    handle: async ({ services, actor, project, body }) => {
      const testCaseId = await createTestCase(inProject(services, actor, project), body);
      return findTestCase(services.read, project.projectId, testCaseId);
    },
  }),
  operation({
    method: 'PUT',
    path: 'projects/{project_id}/test-cases',
    summary: 'Updates a test case; ConcurrencyDate must be the one that was read. Its steps and figures stay.',
    priority: 2,
    needs: can('testCase:modify', 'testCase:modifyOwned'),
    body: toUpdate(RemoteTestCase),
    returns: empty,
    handle: async ({ services, actor, project, body }) =>
      updateTestCase(inProject(services, actor, project), body, modifiesOf(project, 'testCase')),
  }),
  operation({
    method: 'DELETE',
    path: 'projects/{project_id}/test-cases/{test_case_id}',
    summary: 'Deletes a test case; its runs no longer show and count nowhere.',
    priority: 2,
    needs: can('testCase:delete'),
    body: noBody,
    returns: empty,
    handle: async ({ services, actor, project, path }) =>
      deleteTestCase(inProject(services, actor, project), path.id('test_case_id', 'Test case')),
  }),
  operation({
    method: 'POST',
    path: 'projects/{project_id}/test-cases/{test_case_id}/move',
    summary: 'Puts a test case into test_case_folder_id; without one into the root.',
    priority: 2,
    needs: can('testCase:modify', 'testCase:bulkEdit'),
    body: noBody,
    returns: empty,
    handle: async ({ services, actor, project, path, query }) =>
      moveTestCase(inProject(services, actor, project), {
        testCaseId: path.id('test_case_id', 'Test case'),
        testCaseFolderId: query.id('test_case_folder_id') ?? null,
      }),
  }),
];

export const testCaseOperations = [...reading, ...writing];
