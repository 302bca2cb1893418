import { createTestCaseFolder } from '../../../commands/create-test-case-folder.ts';
import { deleteTestCaseFolder } from '../../../commands/delete-test-case-folder.ts';
import { updateTestCaseFolder } from '../../../commands/update-test-case-folder.ts';
import { testCaseFolders, testCaseFoldersFor } from '../../../views/test-case-folders.ts';
import { testCasesFor } from '../../../views/test-cases.ts';
import { RemoteTestCase, RemoteTestCaseFolder } from '../../../wire/spira/objects/test-case.ts';
import { listing } from '../listing.ts';
import { creating, deleting, readingOne, updating } from '../one-thing.ts';
import { can, list, noBody, operation } from '../operation.ts';
import { releaseAskedFor } from '../release-parameter.ts';
import { inFolderOfPath, rowOf } from '../things.ts';

const FOLDER = 'projects/{project_id}/test-folders/{test_case_folder_id}';

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
  creating({
    path: 'projects/{project_id}/test-folders',
    summary: 'Creates a folder of test cases.',
    priority: 2,
    needs: can('testCase:bulkEdit'),
    object: RemoteTestCaseFolder,
    create: createTestCaseFolder,
    find: rowOf(testCaseFolders),
  }),
  updating({
    path: 'projects/{project_id}/test-folders',
    summary: 'Updates a folder; LastUpdateDate must be the one that was read, another parent moves the folder.',
    priority: 2,
    needs: can('testCase:bulkEdit'),
    object: RemoteTestCaseFolder,
    update: updateTestCaseFolder,
  }),
  readingOne({
    path: FOLDER,
    summary: 'One folder of test cases.',
    priority: 2,
    needs: can('testCase:view'),
    object: RemoteTestCaseFolder,
    thing: 'testCaseFolder',
    find: rowOf(testCaseFolders),
  }),
  deleting({
    path: FOLDER,
    summary: 'Deletes a folder and the folders below it; their test cases move to the root.',
    priority: 2,
    needs: can('testCase:delete'),
    thing: 'testCaseFolder',
    act: deleteTestCaseFolder,
  }),
  operation({
    method: 'GET',
    path: `${FOLDER}/children`,
    summary: 'The folders directly in a folder (null: in the root); with release_id with their figures for it.',
    priority: 2,
    needs: can('testCase:view'),
    body: noBody,
    returns: list(RemoteTestCaseFolder),
    handle: async (call) => {
      const where = [await inFolderOfPath(call, 'testCaseFolder', 'parentTestCaseFolderId')];
      const { view, parameters } = testCaseFoldersFor(call.project.projectId, await releaseAskedFor(call));
      return view.list(call.services.read, parameters, { where });
    },
  }),
];

const lists = listing({
  object: RemoteTestCase,
  needs: can('testCase:view'),
  source: async (call) => {
    const where = [await inFolderOfPath(call, 'testCaseFolder', 'testCaseFolderId')];
    return { ...testCasesFor(call.project.projectId, await releaseAskedFor(call)), where };
  },
});

const contents = [
  lists.list({
    path: `${FOLDER}/test-cases`,
    summary: 'The test cases directly in a folder (null: in the root); release_id as in the list of test cases.',
    priority: 1,
  }),
  lists.search({
    path: `${FOLDER}/test-cases/search`,
    summary: 'The test cases directly in a folder that meet the filters.',
    priority: 2,
  }),
  lists.count({ path: `${FOLDER}/count`, summary: 'The number of test cases directly in a folder.', priority: 2 }),
  lists.countFound({
    path: `${FOLDER}/count`,
    summary: 'The number of test cases directly in a folder that meet the filters.',
    priority: 2,
  }),
];

export const testFolderOperations = [...folders, ...contents];
