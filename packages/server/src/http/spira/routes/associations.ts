import { commentOnLink, linkArtifacts, unlinkArtifacts } from '../../../commands/link-artifacts.ts';
import { mayLink, visibleTypes } from '../../../domain/artifact-types.ts';
import { DomainError, notFound } from '../../../domain/errors.ts';
import { artifactTypes } from '../../../domain/tables.ts';
import { associations, linkSourceType } from '../../../views/associations.ts';
import { RemoteAssociation } from '../../../wire/spira/objects/association.ts';
import { LARGEST_ID } from '../../../wire/spira/scalars.ts';
import { existingArtifactOfPath, refuseHidden } from '../artifact-access.ts';
import { listing } from '../listing.ts';
import { commandOf } from '../one-thing.ts';
import { anyMember, type Call, empty, noBody, one, operation, toCreate, toUpdate } from '../operation.ts';

const OF_ARTIFACT = 'projects/{project_id}/associations/{artifact_type_id}/{artifact_id}';

function refuseUnlinkable({ project: { role } }: Call<unknown>, artifactTypeId: number): void {
  if (mayLink(role, artifactTypeId)) return;
  const what = artifactTypes.get(artifactTypeId);
  throw new DomainError('forbidden', `Your role, ${role.name}, may not link artifacts of type ${what}`);
}

const ofArtifact = listing({
  object: RemoteAssociation,
  needs: anyMember,
  source: async (call) => {
    const { artifactTypeId, artifactId } = await existingArtifactOfPath(call);
    const { projectId, role } = call.project;
    return { view: associations, parameters: [projectId, artifactTypeId, artifactId, visibleTypes(role)] };
  },
});

/** Returns the id of a link that exists and that the caller may change. */
async function changeableLink(call: Call<unknown>, artifactLinkId: number): Promise<number> {
  const isId = artifactLinkId >= 1 && artifactLinkId <= LARGEST_ID;
  const typeId = isId && (await linkSourceType(call.services.read, call.project.projectId, artifactLinkId));
  if (!typeId) throw notFound(`Link ${artifactLinkId}`);
  refuseUnlinkable(call, typeId);
  return artifactLinkId;
}

export const associationOperations = [
  ofArtifact.list({
    path: OF_ARTIFACT,
    summary: 'The links of an artifact, told from it; links that follow from run steps have ids below zero.',
    priority: 2,
    slice: 'whole',
  }),
  ofArtifact.search({
    path: `${OF_ARTIFACT}/search`,
    summary: 'The links of an artifact that meet the filters.',
    priority: 2,
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
      const { services, project, body } = call;
      refuseUnlinkable(call, body.sourceArtifactTypeId ?? 0);
      refuseHidden(project.role, body.destArtifactTypeId ?? 0);
      const id = await linkArtifacts(commandOf(call), body);
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
      await commentOnLink(commandOf(call), { artifactLinkId, comment });
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
      await unlinkArtifacts(commandOf(call), artifactLinkId);
    },
  }),
];
