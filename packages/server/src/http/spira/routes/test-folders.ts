import { createTestCaseFolder } from '../../../commands/create-test-case-folder.ts';
import { deleteTestCaseFolder } from '../../../commands/delete-test-case-folder.ts';
import { updateTestCaseFolder } from '../../../commands/update-test-case-folder.ts';
import { notFound } from '../../../domain/errors.ts';
import type { Condition } from '../../../domain/filter.ts';
import { requireExisting } from '../../../views/existing.ts';
import { testCaseFolders, testCaseFoldersFor } from '../../../views/test-case-folders.ts';
import { testCasesFor } from '../../../views/test-cases.ts';
import { RemoteTestCase, RemoteTestCaseFolder } from '../../../wire/spira/objects/test-case.ts';
import { inProject } from '../../services.ts';
import {
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
import { releaseAskedFor } from '../release-parameter.ts';

/** Returns the condition that something lies directly in the folder of the path (none: in the root); 404 without one. */
async function inFolderOfPath({ services, project, path }: Call<unknown>, field: string): Promise<Condition> {
  const folderId = path.optionalId('test_case_folder_id');
  if (folderId === undefined) return { field, test: 'isNull' };
  const wanted = { kind: 'testCaseFolder', id: folderId, what: 'Test case folder' } as const;
  await requireExisting(services.read, project.projectId, wanted);
  return { field, test: 'anyOf', values: [folderId], orNull: false };
}

async function listed(call: Call<unknown>, filters: readonly Condition[] = []) {
  const where = [await inFolderOfPath(call, 'testCaseFolderId'), ...filters];
  const { view, parameters } = testCasesFor(call.project.projectId, await releaseAskedFor(call));
  return view.list(call.services.read, parameters, call.listQuery(RemoteTestCase, where));
}

async function counted(call: Call<unknown>, filters: readonly Condition[] = []) {
  const where = [await inFolderOfPath(call, 'testCaseFolderId'), ...filters];
  const { view, parameters } = testCasesFor(call.project.projectId, await releaseAskedFor(call));
  return view.count(call.services.read, parameters, where);
}

const folders = [
  operation({
    method: 'GET',
    path: 'projects/{project_id}/test-folders',
    summary: 'All folders of test cases in tree order, each with the figures of everything below it.',
    priority: 1,
    needs: can('testCase:view'),
    body: noBody,
    returns: list(RemoteTestCaseFolder),
    handle: async ({ services, project }) => testCaseFolders.list(services.read, [project.projectId]),
  }),
  operation({
    method: 'POST',
    path: 'projects/{project_id}/test-folders',
    summary: 'Creates a folder of test cases.',
    priority: 2,
    needs: can('testCase:bulkEdit'),
    body: toCreate(RemoteTestCaseFolder),
    returns: one(RemoteTestCaseFolder),
    handle: async ({ services, actor, project, body }) => {
      const folderId = await createTestCaseFolder(inProject(services, actor, project), body);
      return testCaseFolders.find(services.read, [project.projectId], folderId);
    },
  }),
  operation({
    method: 'PUT',
    path: 'projects/{project_id}/test-folders',
    summary: 'Updates a folder; LastUpdateDate must be the one that was read, another parent moves the folder.',
    priority: 2,
    needs: can('testCase:bulkEdit'),
    body: toUpdate(RemoteTestCaseFolder),
    returns: empty,
    handle: async ({ services, actor, project, body }) =>
      updateTestCaseFolder(inProject(services, actor, project), body),
  }),
  operation({
    method: 'GET',
    path: 'projects/{project_id}/test-folders/{test_case_folder_id}',
    summary: 'One folder of test cases.',
    priority: 2,
    needs: can('testCase:view'),
    body: noBody,
    returns: one(RemoteTestCaseFolder),
    handle: async ({ services, project, path }) => {
      const folderId = path.id('test_case_folder_id', 'Test case folder');
      const folder = await testCaseFolders.find(services.read, [project.projectId], folderId);
      if (!folder) throw notFound(`Test case folder ${folderId}`);
      return folder;
    },
  }),
  operation({
    method: 'DELETE',
    path: 'projects/{project_id}/test-folders/{test_case_folder_id}',
    summary: 'Deletes a folder and the folders below it; their test cases move to the root.',
    priority: 2,
    needs: can('testCase:delete'),
    body: noBody,
    returns: empty,
    handle: async ({ services, actor, project, path }) =>
      deleteTestCaseFolder(inProject(services, actor, project), path.id('test_case_folder_id', 'Test case folder')),
  }),
  operation({
    method: 'GET',
    path: 'projects/{project_id}/test-folders/{test_case_folder_id}/children',
    summary: 'The folders directly in a folder (null: in the root); with release_id with their figures for it.',
    priority: 2,
    needs: can('testCase:view'),
    body: noBody,
    returns: list(RemoteTestCaseFolder),
    handle: async (call) => {
      const where = [await inFolderOfPath(call, 'parentTestCaseFolderId')];
      const { view, parameters } = testCaseFoldersFor(call.project.projectId, await releaseAskedFor(call));
      return view.list(call.services.read, parameters, { where });
    },
  }),
];

const contents = [
  operation({
    method: 'GET',
    path: 'projects/{project_id}/test-folders/{test_case_folder_id}/test-cases',
    summary: 'The test cases directly in a folder (null: in the root); release_id as in the list of test cases.',
    priority: 1,
    needs: can('testCase:view'),
    body: noBody,
    returns: list(RemoteTestCase),
    handle: (call) => listed(call),
  }),
  operation({
    method: 'POST',
    path: 'projects/{project_id}/test-folders/{test_case_folder_id}/test-cases/search',
    summary: 'The test cases directly in a folder that meet the filters.',
    priority: 2,
    needs: can('testCase:view'),
    body: filtersOf(RemoteTestCase),
    returns: list(RemoteTestCase),
    handle: (call) => listed(call, call.body),
  }),
  operation({
    method: 'GET',
    path: 'projects/{project_id}/test-folders/{test_case_folder_id}/count',
    summary: 'The number of test cases directly in a folder.',
    priority: 2,
    needs: can('testCase:view'),
    body: noBody,
    returns: scalar('int'),
    handle: (call) => counted(call),
  }),
  operation({
    method: 'POST',
    path: 'projects/{project_id}/test-folders/{test_case_folder_id}/count',
    summary: 'The number of test cases directly in a folder that meet the filters.',
    priority: 2,
    needs: can('testCase:view'),
    body: filtersOf(RemoteTestCase),
    returns: scalar('int'),
    handle: (call) => counted(call, call.body),
  }),
];

export const testFolderOperations = [...folders, ...contents];
