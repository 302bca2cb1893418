import { createRelease } from '../../../commands/create-release.ts';
import { deleteRelease } from '../../../commands/delete-release.ts';
import { moveRelease } from '../../../commands/move-release.ts';
import { updateRelease } from '../../../commands/update-release.ts';
import { notFound } from '../../../domain/errors.ts';
import { releases } from '../../../views/releases.ts';
import { RemoteRelease } from '../../../wire/spira/objects/release.ts';
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

/** Returns the release of the path; 404 when there is none. */
export async function releaseOfPath({ services, project, path }: Call<unknown>, name = 'release_id') {
  const releaseId = path.id(name, 'Release');
  const release = await releases.find(services.read, [project.projectId], releaseId);
  if (!release) throw notFound(`Release ${releaseId}`);
  return { ...release, releaseId };
}

const reading = [
  operation({
    method: 'GET',
    path: 'projects/{project_id}/releases',
    summary: 'All releases, sprints and phases in tree order; active_only leaves out the closed ones.',
    priority: 1,
    needs: can('release:view'),
    body: noBody,
    returns: list(RemoteRelease),
    handle: async ({ services, project, query }) => {
      const where = query.flag('active_only') ? [{ field: 'active', test: 'isTrue', value: true } as const] : [];
      return releases.list(services.read, [project.projectId], { where });
    },
  }),
  operation({
    method: 'GET',
    path: 'projects/{project_id}/releases/{release_id}',
    summary: 'One release.',
    priority: 1,
    needs: can('release:view'),
    body: noBody,
    returns: one(RemoteRelease),
    handle: (call) => releaseOfPath(call),
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
      const { releaseId } = await releaseOfPath(call);
      return releases.list(call.services.read, [call.project.projectId], {
        where: [{ field: 'parentReleaseId', test: 'anyOf', values: [releaseId], orNull: false }],
      });
    },
  }),
  operation({
    method: 'POST',
    path: 'projects/{project_id}/releases/search',
    summary: 'Releases of any status that meet the filters, in tree order.',
    priority: 2,
    needs: can('release:view'),
    body: filtersOf(RemoteRelease),
    returns: list(RemoteRelease),
    handle: async ({ services, project, body, listQuery }) =>
      releases.list(services.read, [project.projectId], listQuery(RemoteRelease, body)),
  }),
  operation({
    method: 'POST',
    path: 'projects/{project_id}/releases/count',
    summary: 'The number of releases that meet the filters.',
    priority: 2,
    needs: can('release:view'),
    body: filtersOf(RemoteRelease),
    returns: scalar('int'),
    handle: async ({ services, project, body }) => releases.count(services.read, [project.projectId], body),
  }),
];

const writing = [
  operation({
    method: 'POST',
    path: 'projects/{project_id}/releases',
    summary: 'Creates a release at the end of the root.',
    priority: 2,
    needs: can('release:create'),
    body: toCreate(RemoteRelease),
    returns: one(RemoteRelease),
    handle: async ({ services, actor, project, body }) => {
      const releaseId = await createRelease(inProject(services, actor, project), { release: body });
      return releases.find(services.read, [project.projectId], releaseId);
    },
  }),
  operation({
    method: 'POST',
    path: 'projects/{project_id}/releases/{parent_release_id}',
    summary: 'Creates a release as the last child of another one; a sprint can have none.',
    priority: 2,
    needs: can('release:create'),
    body: toCreate(RemoteRelease),
    returns: one(RemoteRelease),
    handle: async ({ services, actor, project, path, body }) => {
      const releaseId = await createRelease(inProject(services, actor, project), {
        release: body,
        parentReleaseId: path.id('parent_release_id', 'Release'),
      });
      return releases.find(services.read, [project.projectId], releaseId);
    },
  }),
  operation({
    method: 'PUT',
    path: 'projects/{project_id}/releases',
    summary: 'Updates a release; ConcurrencyDate must be the one that was read.',
    priority: 2,
    needs: can('release:modify'),
    body: toUpdate(RemoteRelease),
    returns: empty,
    handle: async ({ services, actor, project, body }) => updateRelease(inProject(services, actor, project), body),
  }),
  operation({
    method: 'DELETE',
    path: 'projects/{project_id}/releases/{release_id}',
    summary: 'Deletes a release and everything below it.',
    priority: 2,
    needs: can('release:delete'),
    body: noBody,
    returns: empty,
    handle: async ({ services, actor, project, path }) =>
      deleteRelease(inProject(services, actor, project), path.id('release_id', 'Release')),
  }),
];

const moving = [
  operation({
    method: 'POST',
    path: 'projects/{project_id}/releases/{release_id}/indent',
    summary: 'Makes a release the last child of the one before it; the first among its siblings stays.',
    priority: 2,
    needs: can('release:modify', 'release:bulkEdit'),
    body: noBody,
    returns: empty,
    handle: async ({ services, actor, project, path }) =>
      moveRelease(inProject(services, actor, project), { releaseId: path.id('release_id', 'Release'), to: 'indent' }),
  }),
  operation({
    method: 'POST',
    path: 'projects/{project_id}/releases/{release_id}/outdent',
    summary: 'Makes a release the next sibling of its parent; at the root it stays.',
    priority: 2,
    needs: can('release:modify', 'release:bulkEdit'),
    body: noBody,
    returns: empty,
    handle: async ({ services, actor, project, path }) =>
      moveRelease(inProject(services, actor, project), { releaseId: path.id('release_id', 'Release'), to: 'outdent' }),
  }),
  operation({
    method: 'POST',
    path: 'projects/{project_id}/releases/{release_id}/move',
    summary: 'Moves a release right before destination_release_id; without one to the end of the root.',
    priority: 2,
    needs: can('release:modify', 'release:bulkEdit'),
    body: noBody,
    returns: empty,
    handle: async ({ services, actor, project, path, query }) =>
      moveRelease(inProject(services, actor, project), {
        releaseId: path.id('release_id', 'Release'),
        to: { before: query.id('destination_release_id') ?? null },
      }),
  }),
];

export const releaseOperations = [...reading, ...writing, ...moving];
