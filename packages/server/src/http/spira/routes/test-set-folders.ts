import { createTestSetFolder } from '../../../commands/create-test-set-folder.ts';
import { deleteTestSetFolder } from '../../../commands/delete-test-set-folder.ts';
import { updateTestSetFolder } from '../../../commands/update-test-set-folder.ts';
import { rollOfRelease } from '../../../views/roll.ts';
import { listTestSetFolders } from '../../../views/test-set-folders.ts';
import type { ReadSide } from '../../../views/view.ts';
import { RemoteTestSet } from '../../../wire/spira/objects/test-set.ts';
import { RemoteTestSetFolder } from '../../../wire/spira/objects/test-set-folder.ts';
import { listing } from '../listing.ts';
import { creating, deleting, readingOne, updating } from '../one-thing.ts';
import { can, list, noBody, operation } from '../operation.ts';
import { folderOfPath, inFolderOfPath } from '../things.ts';
import { testSetsFor } from './test-sets.ts';

const FOLDER = 'projects/{project_id}/test-set-folders/{test_set_folder_id}';

async function findFolder(db: ReadSide, projectId: number, testSetFolderId: number) {
  const folders = await listTestSetFolders(db, projectId);
  return folders.find((folder) => folder.testSetFolderId === testSetFolderId);
}

const folders = [
  operation({
    method: 'GET',
    path: 'projects/{project_id}/test-set-folders',
    summary: 'All folders of test sets in tree order, each with the figures of everything below it.',
    priority: 1,
    needs: can('testSet:view'),
    body: noBody,
    returns: list(RemoteTestSetFolder),
    handle: async ({ services, project }) => listTestSetFolders(services.read, project.projectId),
  }),
  readingOne({
    path: FOLDER,
    summary: 'One folder of test sets.',
    priority: 2,
    needs: can('testSet:view'),
    object: RemoteTestSetFolder,
    thing: 'testSetFolder',
    find: findFolder,
  }),
  operation({
    method: 'GET',
    path: `${FOLDER}/children`,
    summary: 'The folders directly below a folder (null: the root); with release_id with their figures for it.',
    priority: 2,
    needs: can('testSet:view'),
    body: noBody,
    returns: list(RemoteTestSetFolder),
    handle: async (call) => {
      const { services, project, query } = call;
      const folderId = await folderOfPath(call, 'testSetFolder');
      const releaseId = query.id('release_id');
      const roll = releaseId && (await rollOfRelease(services.read, project.projectId, releaseId));
      const all = await listTestSetFolders(services.read, project.projectId, roll || undefined);
      return all.filter((folder) => folder.parentTestSetFolderId === (folderId ?? null));
    },
  }),
  creating({
    path: 'projects/{project_id}/test-set-folders',
    summary: 'Creates a folder of test sets.',
    priority: 2,
    needs: can('testSet:bulkEdit'),
    object: RemoteTestSetFolder,
    create: createTestSetFolder,
    find: findFolder,
  }),
  updating({
    path: 'projects/{project_id}/test-set-folders',
    summary: 'Updates a folder; another parent moves it. LastUpdateDate must be the one that was read.',
    priority: 2,
    needs: can('testSet:bulkEdit'),
    object: RemoteTestSetFolder,
    update: updateTestSetFolder,
  }),
  deleting({
    path: FOLDER,
    summary: 'Deletes a folder and the folders below it; their test sets move to the root.',
    priority: 2,
    needs: can('testSet:delete'),
    thing: 'testSetFolder',
    act: deleteTestSetFolder,
  }),
];

const lists = listing({
  object: RemoteTestSet,
  needs: can('testSet:view'),
  source: async (call) => ({
    ...(await testSetsFor(call)),
    where: [await inFolderOfPath(call, 'testSetFolder', 'testSetFolderId')],
  }),
});

const content = [
  lists.list({
    path: `${FOLDER}/test-sets`,
    summary: 'The test sets directly in a folder (null: the root); release_id as in the list of test sets.',
    priority: 1,
  }),
  lists.search({
    path: `${FOLDER}/test-sets/search`,
    summary: 'The test sets directly in a folder that meet the filters.',
    priority: 2,
  }),
  lists.count({
    path: `${FOLDER}/count`,
    summary: 'The number of test sets directly in a folder (null: the root).',
    priority: 2,
  }),
  lists.countFound({
    path: `${FOLDER}/count`,
    summary: 'The number of test sets directly in a folder that meet the filters.',
    priority: 2,
  }),
];

export const testSetFolderOperations = [...folders, ...content];
