import { createTestSet } from '../../../commands/create-test-set.ts';
import { deleteTestSet } from '../../../commands/delete-test-set.ts';
import { moveTestSet } from '../../../commands/move-test-set.ts';
import { updateTestSet } from '../../../commands/update-test-set.ts';
import { notFound } from '../../../domain/errors.ts';
import { rollOfRelease } from '../../../views/roll.ts';
import { testConfigurationSetDetails } from '../../../views/test-configuration-sets.ts';
import { ownTestSets, testSets, testSetsForRelease, testSetsHolding } from '../../../views/test-sets.ts';
import { RemoteTestConfigurationSet } from '../../../wire/spira/objects/test-configuration.ts';
import { RemoteTestSet } from '../../../wire/spira/objects/test-set.ts';
import { LARGEST_PAGE } from '../../../wire/spira/paging.ts';
import { among } from '../conditions.ts';
import { listing, ownList } from '../listing.ts';
import { acting, creating, deleting, readingOne, updating } from '../one-thing.ts';
import { type Call, can, list, noBody, one, operation } from '../operation.ts';
import { modifiesOf } from '../ownership.ts';
import { existingOfPath, oneOfPath, rowOf } from '../things.ts';

/** Returns the sets that a call is about and the view's parameters: all, or those for release_id (PG-6). */
export async function testSetsFor({ services, project, query }: Call<unknown>) {
  const releaseId = query.id('release_id');
  if (releaseId === undefined) return { view: testSets, parameters: [project.projectId] };
  const roll = await rollOfRelease(services.read, project.projectId, releaseId);
  return { view: testSetsForRelease, parameters: [project.projectId, roll] };
}

const findTestSet = rowOf(testSets);
const lists = listing({ object: RemoteTestSet, needs: can('testSet:view'), source: testSetsFor });

const reading = [
  lists.list({
    path: 'projects/{project_id}/test-sets',
    summary: 'Test sets; with release_id those run in it or planned for it, with their figures for it.',
    priority: 1,
  }),
  lists.search({
    path: 'projects/{project_id}/test-sets/search',
    summary: 'Test sets that meet the filters; release_id as in the list.',
    priority: 1,
  }),
  lists.count({
    path: 'projects/{project_id}/test-sets/count',
    summary: 'The number of test sets; release_id as in the list.',
    priority: 2,
  }),
  lists.countFound({
    path: 'projects/{project_id}/test-sets/count',
    summary: 'The number of test sets that meet the filters; release_id as in the list.',
    priority: 2,
  }),
  readingOne({
    path: 'projects/{project_id}/test-sets/{test_set_id}',
    summary: 'One test set with its figures over all releases.',
    priority: 1,
    needs: can('testSet:view'),
    object: RemoteTestSet,
    thing: 'testSet',
    find: findTestSet,
  }),
  operation({
    method: 'GET',
    path: 'projects/{project_id}/test-sets/{test_set_id}/test-configuration-sets',
    summary: 'The test configuration set of a test set, with its entries; 404 when it has none.',
    priority: 2,
    needs: can('testSet:view'),
    body: noBody,
    returns: one(RemoteTestConfigurationSet),
    handle: async (call) => {
      const { testSetId, testConfigurationSetId } = await oneOfPath(call, 'testSet', findTestSet);
      const { services, project } = call;
      const found =
        testConfigurationSetId === null
          ? undefined
          : await testConfigurationSetDetails.find(services.read, [project.projectId], testConfigurationSetId);
      if (!found) throw notFound(`A test configuration set of test set ${testSetId}`);
      return found;
    },
  }),
  operation({
    method: 'GET',
    path: 'projects/{project_id}/test-sets/test-case/{test_case_id}',
    summary: 'The test sets that have a row with this test case; at most 500.',
    priority: 2,
    needs: can('testSet:view'),
    body: noBody,
    returns: list(RemoteTestSet),
    handle: async (call) => {
      const { services, project } = call;
      const testCaseId = await existingOfPath(call, 'testCase');
      return testSets.list(services.read, [project.projectId], {
        where: [among('testSetId', await testSetsHolding(services.read, project.projectId, testCaseId))],
        page: { offset: 0, limit: LARGEST_PAGE },
      });
    },
  }),
  ownList({
    path: 'test-sets',
    summary: 'The test sets that the caller owns, in all products he is a member of.',
    priority: 1,
    object: RemoteTestSet,
    view: ownTestSets,
  }),
];

const writing = [
  creating({
    path: 'projects/{project_id}/test-sets',
    summary: 'Creates a test set without rows.',
    priority: 2,
    needs: can('testSet:create'),
    object: RemoteTestSet,
    create: createTestSet,
    find: findTestSet,
  }),
  updating({
    path: 'projects/{project_id}/test-sets',
    summary: 'Updates a test set; ConcurrencyDate must be the one that was read.',
    priority: 2,
    needs: can('testSet:modify', 'testSet:modifyOwned'),
    object: RemoteTestSet,
    update: (command, sent, { project }) => updateTestSet(command, sent, modifiesOf(project, 'testSet')),
  }),
  deleting({
    path: 'projects/{project_id}/test-sets/{test_set_id}',
    summary: 'Deletes a test set; its runs and cases stay.',
    priority: 2,
    needs: can('testSet:delete'),
    thing: 'testSet',
    act: deleteTestSet,
  }),
  acting({
    path: 'projects/{project_id}/test-sets/{test_set_id}/move',
    summary: 'Puts a test set into test_set_folder_id; without one into the root.',
    priority: 2,
    needs: can('testSet:modify', 'testSet:bulkEdit'),
    thing: 'testSet',
    act: (command, testSetId, { query }) =>
      moveTestSet(command, { testSetId, testSetFolderId: query.id('test_set_folder_id') ?? null }),
  }),
];

export const testSetOperations = [...reading, ...writing];
