import { createRelease } from '../../../commands/create-release.ts';
import { deleteRelease } from '../../../commands/delete-release.ts';
import { moveRelease } from '../../../commands/move-release.ts';
import { updateRelease } from '../../../commands/update-release.ts';
import { releases } from '../../../views/releases.ts';
import { RemoteRelease } from '../../../wire/spira/objects/release.ts';
import { among, whenAsked } from '../conditions.ts';
import { listing } from '../listing.ts';
import { acting, creating, deleting, readingOne, updating } from '../one-thing.ts';
import { type Call, can, list, noBody, operation } from '../operation.ts';
import { idOfPath, oneOfPath, rowOf } from '../things.ts';

const findRelease = rowOf(releases);

/** Returns the id of the release of the path; 404 when there is none. */
export async function releaseOfPath(call: Call<unknown>): Promise<number> {
  await oneOfPath(call, 'release', findRelease);
  return idOfPath(call, 'release');
}

const lists = listing({
  object: RemoteRelease,
  needs: can('release:view'),
  source: ({ project }) => ({ view: releases, parameters: [project.projectId] }),
});

const reading = [
  lists.list({
    path: 'projects/{project_id}/releases',
    summary: 'All releases, sprints and phases in tree order; active_only leaves out the closed ones.',
    priority: 1,
    where: (call) => whenAsked(call, 'active_only', 'active'),
    slice: 'whole',
  }),
  readingOne({
    path: 'projects/{project_id}/releases/{release_id}',
    summary: 'One release.',
    priority: 1,
    needs: can('release:view'),
    object: RemoteRelease,
    thing: 'release',
    find: findRelease,
  }),
  operation({
    method: 'GET',
    path: 'projects/{project_id}/releases/{release_id}/children',
    summary: 'The releases directly below a release, in tree order.',
    priority: 2,
    needs: can('release:view'),
    body: noBody,
    returns: list(RemoteRelease),
    handle: async (call) => {
      const where = [among('parentReleaseId', [await releaseOfPath(call)])];
      return releases.list(call.services.read, [call.project.projectId], { where });
    },
  }),
  lists.search({
    path: 'projects/{project_id}/releases/search',
    summary: 'Releases of any status that meet the filters, in tree order.',
    priority: 2,
  }),
  lists.countFound({
    path: 'projects/{project_id}/releases/count',
    summary: 'The number of releases that meet the filters.',
    priority: 2,
  }),
];

const writing = [
  creating({
    path: 'projects/{project_id}/releases',
    summary: 'Creates a release at the end of the root.',
    priority: 2,
    needs: can('release:create'),
    object: RemoteRelease,
    create: (command, release) => createRelease(command, { release }),
    find: findRelease,
  }),
  creating({
    path: 'projects/{project_id}/releases/{parent_release_id}',
    summary: 'Creates a release as the last child of another one; a sprint can have none.',
    priority: 2,
    needs: can('release:create'),
    object: RemoteRelease,
    create: async (command, release, { path }) =>
      createRelease(command, { release, parentReleaseId: path.id('parent_release_id', 'Release') }),
    find: findRelease,
  }),
  updating({
    path: 'projects/{project_id}/releases',
    summary: 'Updates a release; ConcurrencyDate must be the one that was read.',
    priority: 2,
    needs: can('release:modify'),
    object: RemoteRelease,
    update: updateRelease,
  }),
  deleting({
    path: 'projects/{project_id}/releases/{release_id}',
    summary: 'Deletes a release and everything below it.',
    priority: 2,
    needs: can('release:delete'),
    thing: 'release',
    act: deleteRelease,
  }),
];

const move = { priority: 2, needs: can('release:modify', 'release:bulkEdit'), thing: 'release' } as const;

const moving = [
  acting({
    ...move,
    path: 'projects/{project_id}/releases/{release_id}/indent',
    summary: 'Makes a release the last child of the one before it; the first among its siblings stays.',
    act: (command, releaseId) => moveRelease(command, { releaseId, to: 'indent' }),
  }),
  acting({
    ...move,
    path: 'projects/{project_id}/releases/{release_id}/outdent',
    summary: 'Makes a release the next sibling of its parent; at the root it stays.',
    act: (command, releaseId) => moveRelease(command, { releaseId, to: 'outdent' }),
  }),
  acting({
    ...move,
    path: 'projects/{project_id}/releases/{release_id}/move',
    summary: 'Moves a release right before destination_release_id; without one to the end of the root.',
    act: (command, releaseId, { query }) =>
      moveRelease(command, { releaseId, to: { before: query.id('destination_release_id') ?? null } }),
  }),
];

export const releaseOperations = [...reading, ...writing, ...moving];
