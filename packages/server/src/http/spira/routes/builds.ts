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
import { listing } from '../listing.ts';
import { commandOf, deleting } from '../one-thing.ts';
import { type Call, can, noBody, one, oneOrList, operation, toCreateOrFilters } from '../operation.ts';
import { idOfPath } from '../things.ts';
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
  return [call.project.projectId, await releaseOfPath(call)];
}

/** Declares GET of one build of the release of the path. */
const readingBuild = (view: typeof buildDetails, declared: { path: string; summary: string }) =>
  operation({
    ...declared,
    method: 'GET',
    priority: 2,
    needs: maySee,
    body: noBody,
    returns: one(RemoteBuild),
    handle: async (call) => {
      const buildId = call.path.id('build_id', 'Build');
      const build = await view.find(call.services.read, await buildsOfPath(call), buildId);
      if (!build) throw notFound(`Build ${buildId}`);
      return build;
    },
  });

/** Returns what lists the builds of the release of the path. */
const ofRelease = (view: typeof builds) =>
  listing({
    object: RemoteBuild,
    needs: maySee,
    source: async (call) => ({ view, parameters: await buildsOfPath(call) }),
  });

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
      const { services, project, body } = call;
      if ('readFilters' in body) {
        requireRole(call, maySee, 'see builds');
        const listQuery = call.listQuery(RemoteBuild, body.readFilters());
        return builds.list(services.read, await buildsOfPath(call), listQuery);
      }
      requireRole(call, mayCreate, 'create builds');
      const releaseId = idOfPath(call, 'release');
      const buildId = await createBuild(commandOf(call), { releaseId, build: body.readToCreate() });
      return buildDetails.find(services.read, [project.projectId, releaseId], buildId);
    },
  }),
  ofRelease(builds).list({
    path: 'projects/{project_id}/releases/{release_id}/builds',
    summary: 'The builds of a release, newest first.',
    priority: 2,
    slice: 'whole',
  }),
  ofRelease(buildsWithoutDescription).list({
    path: 'projects/{project_id}/releases/{release_id}/builds/no_description',
    summary: 'The builds of a release, newest first, without their logs.',
    priority: 2,
    slice: 'whole',
  }),
  readingBuild(buildDetails, {
    path: 'projects/{project_id}/releases/{release_id}/builds/{build_id}',
    summary: 'One build with its revisions.',
  }),
  readingBuild(buildDetailsWithoutDescription, {
    path: 'projects/{project_id}/releases/{release_id}/builds/{build_id}/no_description',
    summary: 'One build with its revisions, without its log.',
  }),
  deleting({
    path: 'projects/{project_id}/releases/{release_id}/builds',
    summary: 'Deletes all builds of a release.',
    priority: 2,
    needs: can('release:modify'),
    thing: 'release',
    act: deleteBuilds,
  }),
];
