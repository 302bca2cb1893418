import { createTestSetFolder } from '../../../commands/create-test-set-folder.ts';
import { deleteTestSetFolder } from '../../../commands/delete-test-set-folder.ts';
import { updateTestSetFolder } from '../../../commands/update-test-set-folder.ts';
import { notFound } from '../../../domain/errors.ts';
import type { Condition } from '../../../domain/filter.ts';
import { requireExisting } from '../../../views/existing.ts';
import { rollOfRelease } from '../../../views/roll.ts';
import { listTestSetFolders } from '../../../views/test-set-folders.ts';
import { RemoteTestSet } from '../../../wire/spira/objects/test-set.ts';
import { RemoteTestSetFolder } from '../../../wire/spira/objects/test-set-folder.ts';
import { inProject, type Services } from '../../services.ts';
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
import { testSetsFor } from './test-sets.ts';

const FOLDER = 'projects/{project_id}/test-set-folders/{test_set_folder_id}';

/** Returns the folder of the path, undefined for the root; 404 when there is none. */
async function folderOfPath({ services, project, path }: Call<unknown>): Promise<number | undefined> {
  const id = path.optionalId('test_set_folder_id');
  if (id !== undefined) {
    await requireExisting(services.read, project.projectId, { kind: 'testSetFolder', id, what: 'Test set folder' });
  }
  return id;
}

async function inFolder(call: Call<unknown>): Promise<Condition> {
  const folderId = await folderOfPath(call);
  const field = 'testSetFolderId';
  return folderId === undefined
    ? { field, test: 'isNull' }
    : { field, test: 'anyOf', values: [folderId], orNull: false };
}

async function findFolder(services: Services, projectId: number, testSetFolderId: number) {
  const folders = await listTestSetFolders(services.read, projectId);
  const folder = folders.find((one) => one.testSetFolderId === testSetFolderId);
  if (!folder) throw notFound(`Test set folder ${testSetFolderId}`);
  return folder;
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
  operation({
    method: 'GET',
    path: FOLDER,
    summary: 'One folder of test sets.',
    priority: 2,
    needs: can('testSet:view'),
    body: noBody,
    returns: one(RemoteTestSetFolder),
    handle: async ({ services, project, path }) =>
      findFolder(services, project.projectId, path.id('test_set_folder_id', 'Test set folder')),
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
      const folderId = await folderOfPath(call);
      const releaseId = query.id('release_id');
      const roll = releaseId && (await rollOfRelease(services.read, project.projectId, releaseId));
      const all = await listTestSetFolders(services.read, project.projectId, roll || undefined);
      return all.filter((folder) => folder.parentTestSetFolderId === (folderId ?? null));
    },
  }),
  operation({
    method: 'POST',
    path: 'projects/{project_id}/test-set-folders',
    summary: 'Creates a folder of test sets.',
    priority: 2,
    needs: can('testSet:bulkEdit'),
    body: toCreate(RemoteTestSetFolder),
    returns: one(RemoteTestSetFolder),
    handle: async ({ services, actor, project, body }) => {
      const folderId = await createTestSetFolder(inProject(services, actor, project), body);
      return findFolder(services, project.projectId, folderId);
    },
  }),
  operation({
    method: 'PUT',
    path: 'projects/{project_id}/test-set-folders',
    summary: 'Updates a folder; another parent moves it. LastUpdateDate must be the one that was read.',
    priority: 2,
    needs: can('testSet:bulkEdit'),
    body: toUpdate(RemoteTestSetFolder),
    returns: empty,
    handle: async ({ services, actor, project, body }) =>
      updateTestSetFolder(inProject(services, actor, project), body),
  }),
  operation({
    method: 'DELETE',
    path: FOLDER,
    summary: 'Deletes a folder and the folders below it; their test sets move to the root.',
    priority: 2,
    needs: can('testSet:delete'),
    body: noBody,
    returns: empty,
    handle: async ({ services, actor, project, path }) =>
      deleteTestSetFolder(inProject(services, actor, project), path.id('test_set_folder_id', 'Test set folder')),
  }),
];

const content = [
  operation({
    method: 'GET',
    path: `${FOLDER}/test-sets`,
    summary: 'The test sets directly in a folder (null: the root); release_id as in the list of test sets.',
    priority: 1,
    needs: can('testSet:view'),
    body: noBody,
    returns: list(RemoteTestSet),
    handle: async (call) => {
      const { view, parameters } = await testSetsFor(call);
      return view.list(call.services.read, parameters, call.listQuery(RemoteTestSet, [await inFolder(call)]));
    },
  }),
  operation({
    method: 'POST',
    path: `${FOLDER}/test-sets/search`,
    summary: 'The test sets directly in a folder that meet the filters.',
    priority: 2,
    needs: can('testSet:view'),
    body: filtersOf(RemoteTestSet),
    returns: list(RemoteTestSet),
    handle: async (call) => {
      const { view, parameters } = await testSetsFor(call);
      const where = [await inFolder(call), ...call.body];
      return view.list(call.services.read, parameters, call.listQuery(RemoteTestSet, where));
    },
  }),
  operation({
    method: 'GET',
    path: `${FOLDER}/count`,
    summary: 'The number of test sets directly in a folder (null: the root).',
    priority: 2,
    needs: can('testSet:view'),
    body: noBody,
    returns: scalar('int'),
    handle: async (call) => {
      const { view, parameters } = await testSetsFor(call);
      return view.count(call.services.read, parameters, [await inFolder(call)]);
    },
  }),
  operation({
    method: 'POST',
    path: `${FOLDER}/count`,
    summary: 'The number of test sets directly in a folder that meet the filters.',
    priority: 2,
    needs: can('testSet:view'),
    body: filtersOf(RemoteTestSet),
    returns: scalar('int'),
    handle: async (call) => {
      const { view, parameters } = await testSetsFor(call);
      return view.count(call.services.read, parameters, [await inFolder(call), ...call.body]);
    },
  }),
];

export const testSetFolderOperations = [...folders, ...content];
