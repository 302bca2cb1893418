import { addComments } from '../../../commands/add-comments.ts';
import { ArtifactType } from '../../../domain/artifact-types.ts';
import { DomainError, refuse } from '../../../domain/errors.ts';
import type { Artifact } from '../../../domain/permissions.ts';
import { requireArtifact } from '../../../views/artifacts.ts';
import { comments } from '../../../views/comments.ts';
import type { Decoded } from '../../../wire/spira/object.ts';
import { RemoteComment } from '../../../wire/spira/objects/comment.ts';
import { inProject } from '../../services.ts';
import { type Call, can, list, listToCreate, noBody, one, operation, toCreate } from '../operation.ts';

/** What can be commented on: the path of its list, the id in it, its type, and what lets somebody see it. */
const commented = [
  { things: 'incidents', id: 'incident_id', what: 'Incident', typeId: ArtifactType.Incident, artifact: 'incident' },
  { things: 'test-cases', id: 'test_case_id', what: 'Test case', typeId: 2, artifact: 'testCase' },
  { things: 'test-sets', id: 'test_set_id', what: 'Test set', typeId: 8, artifact: 'testSet' },
  { things: 'releases', id: 'release_id', what: 'Release', typeId: 4, artifact: 'release' },
  { things: 'requirements', id: 'requirement_id', what: 'Requirement', typeId: 1, artifact: 'requirement' },
] as const satisfies { things: string; id: string; what: string; typeId: number; artifact: Artifact }[];
type Commented = (typeof commented)[number];

const artifactOf = ({ path }: Call<unknown>, { id, what, typeId }: Commented) => ({
  artifactTypeId: typeId,
  artifactId: path.id(id, what),
});

async function added(call: Call<unknown>, kind: Commented, sent: readonly Decoded<typeof RemoteComment>[]) {
  const { services, actor, project } = call;
  if (project.role.canAddComments === false) {
    throw new DomainError('forbidden', `Your role, ${project.role.name}, may not add comments`);
  }
  const artifact = artifactOf(call, kind);
  const values = await addComments(inProject(services, actor, project), { artifact, comments: sent });
  return comments.list(services.read, [project.projectId, artifact.artifactTypeId, artifact.artifactId], {
    where: [{ field: 'commentId', test: 'anyOf', values, orNull: false }],
  });
}

const reading = commented.map((kind) =>
  operation({
    method: 'GET',
    path: `projects/{project_id}/${kind.things}/{${kind.id}}/comments`,
    summary: 'The comments, oldest first.',
    priority: 2,
    needs: can(`${kind.artifact}:view`),
    body: noBody,
    returns: list(RemoteComment),
    handle: async (call) => {
      const artifact = artifactOf(call, kind);
      await requireArtifact(call.services.read, call.project.projectId, artifact);
      return comments.list(call.services.read, [call.project.projectId, artifact.artifactTypeId, artifact.artifactId]);
    },
  }),
);

/** Comments on incidents come and go as a list; a single one is taken, too. */
const addingToIncidents = commented.slice(0, 1).map((kind) =>
  operation({
    method: 'POST',
    path: `projects/{project_id}/${kind.things}/{${kind.id}}/comments`,
    summary: 'Adds comments: a list, or one.',
    priority: 2,
    needs: can(`${kind.artifact}:view`),
    body: listToCreate(RemoteComment),
    returns: list(RemoteComment),
    handle: async (call) => {
      refuse(call.body.issues);
      return added(
        call,
        kind,
        call.body.items.filter((item) => item !== undefined),
      );
    },
  }),
);

const addingToOthers = commented.slice(1).map((kind) =>
  operation({
    method: 'POST',
    path: `projects/{project_id}/${kind.things}/{${kind.id}}/comments`,
    summary: 'Adds a comment.',
    priority: 2,
    needs: can(`${kind.artifact}:view`),
    body: toCreate(RemoteComment),
    returns: one(RemoteComment),
    handle: async (call) => (await added(call, kind, [call.body]))[0],
  }),
);

export const commentOperations = [...reading, ...addingToIncidents, ...addingToOthers];
