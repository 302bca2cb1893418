import { createTestSet } from '../../../commands/create-test-set.ts';
import { deleteTestSet } from '../../../commands/delete-test-set.ts';
import { moveTestSet } from '../../../commands/move-test-set.ts';
import { updateTestSet } from '../../../commands/update-test-set.ts';
import { notFound } from '../../../domain/errors.ts';
import { requireExisting } from '../../../views/existing.ts';
import { rollOfRelease } from '../../../views/roll.ts';
import { testConfigurationSetDetails } from '../../../views/test-configuration-sets.ts';
import { ownTestSets, testSets, testSetsForRelease, testSetsHolding } from '../../../views/test-sets.ts';
import { RemoteTestConfigurationSet } from '../../../wire/spira/objects/test-configuration.ts';
import { RemoteTestSet } from '../../../wire/spira/objects/test-set.ts';
import { LARGEST_PAGE } from '../../../wire/spira/paging.ts';
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
import { modifiesOf } from '../ownership.ts';

/** Returns the sets that a call is about and the view's parameters: all, or those for release_id (PG-6). */
export async function testSetsFor({ services, project, query }: Call<unknown>) {
  const releaseId = query.id('release_id');
  if (releaseId === undefined) return { view: testSets, parameters: [project.projectId] };
  const roll = await rollOfRelease(services.read, project.projectId, releaseId);
  return { view: testSetsForRelease, parameters: [project.projectId, roll] };
}

/** Returns the test set of the path with its figures; 404 when there is none. */
async function testSetOfPath({ services, project, path }: Call<unknown>) {
  const testSetId = path.id('test_set_id', 'Test set');
  const testSet = await testSets.find(services.read, [project.projectId], testSetId);
  if (!testSet) throw notFound(`Test set ${testSetId}`);
  return testSet;
}

const reading = [
  operation({
    method: 'GET',
    path: 'projects/{project_id}/test-sets',
    summary: 'Test sets; with release_id those run in it or planned for it, with their figures for it.',
    priority: 1,
    needs: can('testSet:view'),
    body: noBody,
    returns: list(RemoteTestSet),
    handle: async (call) => {
      const { view, parameters } = await testSetsFor(call);
      return view.list(call.services.read, parameters, call.listQuery(RemoteTestSet));
    },
  }),
  operation({
    method: 'POST',
    path: 'projects/{project_id}/test-sets/search',
    summary: 'Test sets that meet the filters; release_id as in the list.',
    priority: 1,
    needs: can('testSet:view'),
    body: filtersOf(RemoteTestSet),
    returns: list(RemoteTestSet),
    handle: async (call) => {
      const { view, parameters } = await testSetsFor(call);
      return view.list(call.services.read, parameters, call.listQuery(RemoteTestSet, call.body));
    },
  }),
  operation({
    method: 'GET',
    path: 'projects/{project_id}/test-sets/count',
    summary: 'The number of test sets; release_id as in the list.',
    priority: 2,
    needs: can('testSet:view'),
    body: noBody,
    returns: scalar('int'),
    handle: async (call) => {
      const { view, parameters } = await testSetsFor(call);
      return view.count(call.services.read, parameters);
    },
  }),
  operation({
    method: 'POST',
    path: 'projects/{project_id}/test-sets/count',
    summary: 'The number of test sets that meet the filters; release_id as in the list.',
    priority: 2,
    needs: can('testSet:view'),
    body: filtersOf(RemoteTestSet),
    returns: scalar('int'),
    handle: async (call) => {
      const { view, parameters } = await testSetsFor(call);
      return view.count(call.services.read, parameters, call.body);
    },
  }),
  operation({
    method: 'GET',
    path: 'projects/{project_id}/test-sets/{test_set_id}',
    summary: 'One test set with its figures over all releases.',
    priority: 1,
    needs: can('testSet:view'),
    body: noBody,
    returns: one(RemoteTestSet),
    handle: (call) => testSetOfPath(call),
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
      const { testSetId, testConfigurationSetId } = await testSetOfPath(call);
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
    handle: async ({ services, project: { projectId }, path }) => {
      const testCaseId = path.id('test_case_id', 'Test case');
      await requireExisting(services.read, projectId, { kind: 'testCase', id: testCaseId, what: 'Test case' });
      const values = await testSetsHolding(services.read, projectId, testCaseId);
      return testSets.list(services.read, [projectId], {
        where: [{ field: 'testSetId', test: 'anyOf', values, orNull: false }],
        page: { offset: 0, limit: LARGEST_PAGE },
      });
    },
  }),
  operation({
    method: 'GET',
    path: 'test-sets',
    summary: 'The test sets that the caller owns, in all products he is a member of.',
    priority: 1,
    needs: anyLogin,
    body: noBody,
    returns: list(RemoteTestSet),
    handle: async ({ services, actor, query, listQuery }) => {
      const asked = listQuery(RemoteTestSet);
      return ownTestSets.list(
        services.read,
        [actor.userId],
        isPaged(query) ? asked : { ...asked, page: { offset: 0 } },
      );
    },
  }),
];

/** Without paging an own list is whole. */
function isPaged(query: Call<unknown>['query']): boolean {
  return (
    query.text('starting_row', 'start_row', 'startRow', 'number_of_rows', 'number_rows', 'numberRows') !== undefined
  );
}

const writing = [
  operation({
    method: 'POST',
    path: 'projects/{project_id}/test-sets',
    summary: 'Creates a test set without rows.',
    priority: 2,
    needs: can('testSet:create'),
    body: toCreate(RemoteTestSet),
    returns: one(RemoteTestSet),
    handle: async ({ services, actor, project, body }) => {
      const testSetId = await createTestSet(inProject(services, actor, project), body);
      return testSets.find(services.read, [project.projectId], testSetId);
    },
  }),
  operation({
    method: 'PUT',
    path: 'projects/{project_id}/test-sets',
    summary: 'Updates a test set; ConcurrencyDate must be the one that was read.',
    priority: 2,
    needs: can('testSet:modify', 'testSet:modifyOwned'),
    body: toUpdate(RemoteTestSet),
    returns: empty,
    handle: async ({ services, actor, project, body }) =>
      updateTestSet(inProject(services, actor, project), body, modifiesOf(project, 'testSet')),
  }),
  operation({
    method: 'DELETE',
    path: 'projects/{project_id}/test-sets/{test_set_id}',
    summary: 'Deletes a test set; its runs and cases stay.',
    priority: 2,
    needs: can('testSet:delete'),
    body: noBody,
    returns: empty,
    handle: async ({ services, actor, project, path }) =>
      deleteTestSet(inProject(services, actor, project), path.id('test_set_id', 'Test set')),
  }),
  operation({
    method: 'POST',
    path: 'projects/{project_id}/test-sets/{test_set_id}/move',
    summary: 'Puts a test set into test_set_folder_id; without one into the root.',
    priority: 2,
    needs: can('testSet:modify', 'testSet:bulkEdit'),
    body: noBody,
    returns: empty,
    handle: async ({ services, actor, project, path, query }) =>
      moveTestSet(inProject(services, actor, project), {
        testSetId: path.id('test_set_id', 'Test set'),
        testSetFolderId: query.id('test_set_folder_id') ?? null,
      }),
  }),
];

export const testSetOperations = [...reading, ...writing];
