import { commentOnLink, linkArtifacts, unlinkArtifacts } from '../../../commands/link-artifacts.ts';
import { mayLink, visibleTypes } from '../../../domain/artifact-types.ts';
import { DomainError, notFound } from '../../../domain/errors.ts';
import { artifactTypes } from '../../../domain/tables.ts';
import { requireArtifact } from '../../../views/artifacts.ts';
import { associations, linkSourceType } from '../../../views/associations.ts';
import { RemoteAssociation } from '../../../wire/spira/objects/association.ts';
import { LARGEST_ID } from '../../../wire/spira/scalars.ts';
import { inProject } from '../../services.ts';
import { artifactOfPath, refuseHidden } from '../artifact-access.ts';
import {
  anyMember,
  type Call,
  empty,
  filtersOf,
  list,
  noBody,
  one,
  operation,
  toCreate,
  toUpdate,
} from '../operation.ts';

const OF_ARTIFACT = 'projects/{project_id}/associations/{artifact_type_id}/{artifact_id}';

function refuseUnlinkable({ project: { role } }: Call<unknown>, artifactTypeId: number): void {
  if (mayLink(role, artifactTypeId)) return;
  const what = artifactTypes.get(artifactTypeId);
  throw new DomainError('forbidden', `Your role, ${role.name}, may not link artifacts of type ${what}`);
}

/** Returns the parameters of the view for the artifact of the path; 403 and 404 as its type and id deserve. */
async function parametersOfPath(call: Call<unknown>): Promise<unknown[]> {
  const { services, project } = call;
  const artifact = artifactOfPath(call);
  await requireArtifact(services.read, project.projectId, artifact);
  return [project.projectId, artifact.artifactTypeId, artifact.artifactId, visibleTypes(project.role)];
}

/** Returns the id of a link that exists and that the caller may change. */
async function changeableLink(call: Call<unknown>, artifactLinkId: number): Promise<number> {
  const isId = artifactLinkId >= 1 && artifactLinkId <= LARGEST_ID;
  const typeId = isId && (await linkSourceType(call.services.read, call.project.projectId, artifactLinkId));
  if (!typeId) throw notFound(`Link ${artifactLinkId}`);
  refuseUnlinkable(call, typeId);
  return artifactLinkId;
}

export const associationOperations = [
  operation({
    method: 'GET',
    path: OF_ARTIFACT,
    summary: 'The links of an artifact, told from it; links that follow from run steps have ids below zero.',
    priority: 2,
    needs: anyMember,
    body: noBody,
    returns: list(RemoteAssociation),
    handle: async (call) => associations.list(call.services.read, await parametersOfPath(call)),
  }),
  operation({
    method: 'POST',
    path: `${OF_ARTIFACT}/search`,
    summary: 'The links of an artifact that meet the filters.',
    priority: 2,
    needs: anyMember,
    body: filtersOf(RemoteAssociation),
    returns: list(RemoteAssociation),
    handle: async (call) =>
      associations.list(call.services.read, await parametersOfPath(call), call.listQuery(RemoteAssociation, call.body)),
  }),
  operation({
    method: 'POST',
    path: 'projects/{project_id}/associations',
    summary: 'Links two artifacts.',
    priority: 2,
    needs: anyMember,
    body: toCreate(RemoteAssociation),
    returns: one(RemoteAssociation),
    handle: async (call) => {
      const { services, actor, project, body } = call;
      refuseUnlinkable(call, body.sourceArtifactTypeId ?? 0);
      refuseHidden(project.role, body.destArtifactTypeId ?? 0);
      const id = await linkArtifacts(inProject(services, actor, project), body);
      const source = [body.sourceArtifactTypeId, body.sourceArtifactId];
      const parameters = [project.projectId, ...source, [body.destArtifactTypeId]];
      return associations.find(services.read, parameters, id);
    },
  }),
  operation({
    method: 'PUT',
    path: 'projects/{project_id}/associations',
    summary: 'Changes the remark on a link, nothing else.',
    priority: 2,
    needs: anyMember,
    body: toUpdate(RemoteAssociation),
    returns: empty,
    handle: async (call) => {
      const artifactLinkId = await changeableLink(call, call.body.artifactLinkId ?? 0);
      const { comment } = call.body;
      if (comment === undefined) return;
      await commentOnLink(inProject(call.services, call.actor, call.project), { artifactLinkId, comment });
    },
  }),
  operation({
    method: 'DELETE',
    path: 'projects/{project_id}/associations/{artifact_link_id}',
    summary: 'Takes a link away.',
    priority: 2,
    needs: anyMember,
    body: noBody,
    returns: empty,
    handle: async (call) => {
      const artifactLinkId = await changeableLink(call, call.path.id('artifact_link_id', 'Link'));
      await unlinkArtifacts(inProject(call.services, call.actor, call.project), artifactLinkId);
    },
  }),
];
