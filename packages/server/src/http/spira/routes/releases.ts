import { createRelease } from '../../../commands/create-release.ts';
import { notFound } from '../../../domain/errors.ts';
import { releases } from '../../../views/releases.ts';
import { RemoteRelease } from '../../../wire/spira/objects/release.ts';
import { inProject } from '../../services.ts';
import { can, list, noBody, one, operation, toCreate } from '../operation.ts';

export const releaseOperations = [
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
    handle: async ({ services, project, path }) => {
      const releaseId = path.id('release_id', 'Release');
      const release = await releases.find(services.read, [project.projectId], releaseId);
      if (!release) throw notFound(`Release ${releaseId}`);
      return release;
    },
  }),
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
];
