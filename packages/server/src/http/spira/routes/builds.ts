import { createBuild } from '../../../commands/create-build.ts';
import { deleteBuilds } from '../../../commands/delete-builds.ts';
import { DomainError, notFound } from '../../../domain/errors.ts';
import { meets, type Requirement } from '../../../domain/permissions.ts';
import {
  buildDetails,
  buildDetailsWithoutDescription,
  builds,
  buildsWithoutDescription,
} from '../../../views/builds.ts';
import { RemoteBuild } from '../../../wire/spira/objects/build.ts';
import { inProject } from '../../services.ts';
import { type Call, can, empty, list, noBody, one, oneOrList, operation, toCreateOrFilters } from '../operation.ts';
import { releaseOfPath } from './releases.ts';

const mayCreate = can('release:modify', 'build:create');
const maySee = can('release:view');

/** Create and search share a path, so the role is asked again, for what the body turned out to be. */
function requireRole({ project }: Call<unknown>, needs: Requirement, what: string): void {
  if (!meets(project.role, needs))
    throw new DomainError('forbidden', `Your role, ${project.role.name}, may not ${what}`);
}

/** Returns the parameters of the views of builds, for the release of the path. */
async function buildsOfPath(call: Call<unknown>): Promise<[projectId: number, releaseId: number]> {
  const { releaseId } = await releaseOfPath(call);
  return [call.project.projectId, releaseId];
}

async function oneBuild(view: typeof buildDetails, call: Call<unknown>) {
  const buildId = call.path.id('build_id', 'Build');
  const build = await view.find(call.services.read, await buildsOfPath(call), buildId);
  if (!build) throw notFound(`Build ${buildId}`);
  return build;
}

export const buildOperations = [
  operation({
    method: 'POST',
    path: 'projects/{project_id}/releases/{release_id}/builds',
    summary: 'An object creates a build (release:modify or build:create); a filter list, or nothing, searches builds.',
    priority: 1,
    needs: can('release:modify', 'build:create', 'release:view'),
    body: toCreateOrFilters(RemoteBuild),
    returns: oneOrList(RemoteBuild),
    handle: async (call) => {
      const { services, actor, project, path, body } = call;
      if ('readFilters' in body) {
        requireRole(call, maySee, 'see builds');
        const listQuery = call.listQuery(RemoteBuild, body.readFilters());
        return builds.list(services.read, await buildsOfPath(call), listQuery);
      }
      requireRole(call, mayCreate, 'create builds');
      const releaseId = path.id('release_id', 'Release');
      const context = inProject(services, actor, project);
      const buildId = await createBuild(context, { releaseId, build: body.readToCreate() });
      return buildDetails.find(services.read, [project.projectId, releaseId], buildId);
    },
  }),
  operation({
    method: 'GET',
    path: 'projects/{project_id}/releases/{release_id}/builds',
    summary: 'The builds of a release, newest first.',
    priority: 2,
    needs: maySee,
    body: noBody,
    returns: list(RemoteBuild),
    handle: async (call) => builds.list(call.services.read, await buildsOfPath(call)),
  }),
  operation({
    method: 'GET',
    path: 'projects/{project_id}/releases/{release_id}/builds/no_description',
    summary: 'The builds of a release, newest first, without their logs.',
    priority: 2,
    needs: maySee,
    body: noBody,
    returns: list(RemoteBuild),
    handle: async (call) => buildsWithoutDescription.list(call.services.read, await buildsOfPath(call)),
  }),
  operation({
    method: 'GET',
    path: 'projects/{project_id}/releases/{release_id}/builds/{build_id}',
    summary: 'One build with its revisions.',
    priority: 2,
    needs: maySee,
    body: noBody,
    returns: one(RemoteBuild),
    handle: (call) => oneBuild(buildDetails, call),
  }),
  operation({
    method: 'GET',
    path: 'projects/{project_id}/releases/{release_id}/builds/{build_id}/no_description',
    summary: 'One build with its revisions, without its log.',
    priority: 2,
    needs: maySee,
    body: noBody,
    returns: one(RemoteBuild),
    handle: (call) => oneBuild(buildDetailsWithoutDescription, call),
  }),
  operation({
    method: 'DELETE',
    path: 'projects/{project_id}/releases/{release_id}/builds',
    summary: 'Deletes all builds of a release.',
    priority: 2,
    needs: can('release:modify'),
    body: noBody,
    returns: empty,
    handle: async ({ services, actor, project, path }) =>
      deleteBuilds(inProject(services, actor, project), path.id('release_id', 'Release')),
  }),
];
