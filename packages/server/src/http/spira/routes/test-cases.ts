import { createTestCase } from '../../../commands/create-test-case.ts';
import { deleteTestCase } from '../../../commands/delete-test-case.ts';
import { moveTestCase } from '../../../commands/move-test-case.ts';
import { updateTestCase } from '../../../commands/update-test-case.ts';
import { coverageByTestCase } from '../../../views/requirement-coverage.ts';
import { findTestCase, ownTestCases, testCasesFor } from '../../../views/test-cases.ts';
import { RemoteRequirementTestCaseMapping } from '../../../wire/spira/objects/requirement.ts';
import { RemoteTestCase } from '../../../wire/spira/objects/test-case.ts';
import { listing, ownList } from '../listing.ts';
import { acting, creating, deleting, readingOne, updating } from '../one-thing.ts';
import { can, list, noBody, operation } from '../operation.ts';
import { modifiesOf } from '../ownership.ts';
import { releaseAskedFor } from '../release-parameter.ts';
import { existingOfPath } from '../things.ts';

/** All test cases, or those mapped to release_id with their figures for it. */
const lists = listing({
  object: RemoteTestCase,
  needs: can('testCase:view'),
  source: async (call) => testCasesFor(call.project.projectId, await releaseAskedFor(call)),
});

const reading = [
  lists.list({
    path: 'projects/{project_id}/test-cases',
    summary: 'Test cases without steps; with release_id those mapped to it, with their figures for it.',
    priority: 1,
  }),
  lists.search({
    path: 'projects/{project_id}/test-cases/search',
    summary: 'Test cases that meet the filters; release_id as in the list.',
    priority: 1,
  }),
  lists.count({
    path: 'projects/{project_id}/test-cases/count',
    summary: 'The number of test cases; release_id as in the list.',
    priority: 2,
  }),
  lists.countFound({
    path: 'projects/{project_id}/test-cases/count',
    summary: 'The number of test cases that meet the filters; release_id as in the list.',
    priority: 2,
  }),
  readingOne({
    path: 'projects/{project_id}/test-cases/{test_case_id}',
    summary: 'One test case with its steps.',
    priority: 1,
    needs: can('testCase:view'),
    object: RemoteTestCase,
    thing: 'testCase',
    find: findTestCase,
  }),
  operation({
    method: 'GET',
    path: 'projects/{project_id}/test-cases/{test_case_id}/requirements',
    summary: 'The requirements that a test case covers.',
    priority: 2,
    needs: can('testCase:view'),
    body: noBody,
    returns: list(RemoteRequirementTestCaseMapping),
    handle: async (call) =>
      coverageByTestCase.list(call.services.read, [call.project.projectId, await existingOfPath(call, 'testCase')]),
  }),
  ownList({
    path: 'test-cases',
    summary: 'The test cases that the caller owns, in all products he is a member of.',
    priority: 1,
    object: RemoteTestCase,
    view: ownTestCases,
  }),
];

const writing = [
  creating({
    path: 'projects/{project_id}/test-cases',
    summary: 'Creates a test case without steps.',
    priority: 2,
    needs: can('testCase:create'),
    object: RemoteTestCase,
    create: createTestCase,
    find: findTestCase,
  }),
  updating({
    path: 'projects/{project_id}/test-cases',
    summary: 'Updates a test case; ConcurrencyDate must be the one that was read. Its steps and figures stay.',
    priority: 2,
    needs: can('testCase:modify', 'testCase:modifyOwned'),
    object: RemoteTestCase,
    update: (command, sent, { project }) => updateTestCase(command, sent, modifiesOf(project, 'testCase')),
  }),
  deleting({
    path: 'projects/{project_id}/test-cases/{test_case_id}',
    summary: 'Deletes a test case; its runs no longer show and count nowhere.',
    priority: 2,
    needs: can('testCase:delete'),
    thing: 'testCase',
    act: deleteTestCase,
  }),
  acting({
    path: 'projects/{project_id}/test-cases/{test_case_id}/move',
    summary: 'Puts a test case into test_case_folder_id; without one into the root.',
    priority: 2,
    needs: can('testCase:modify', 'testCase:bulkEdit'),
    thing: 'testCase',
    act: (command, testCaseId, { query }) =>
      moveTestCase(command, { testCaseId, testCaseFolderId: query.id('test_case_folder_id') ?? null }),
  }),
];

export const testCaseOperations = [...reading, ...writing];
