import { addComments } from '../../../commands/add-comments.ts';
import { DomainError } from '../../../domain/errors.ts';
import { artifactTypeIds } from '../../../domain/permissions.ts';
import { requireArtifact } from '../../../views/artifacts.ts';
import { comments } from '../../../views/comments.ts';
import type { Decoded } from '../../../wire/spira/object.ts';
import { RemoteComment } from '../../../wire/spira/objects/comment.ts';
import { among } from '../conditions.ts';
import { itemsOf } from '../list-items.ts';
import { commandOf } from '../one-thing.ts';
import { type Call, can, list, listToCreate, noBody, one, operation, toCreate } from '../operation.ts';
import { idOfPath, type Thing, things } from '../things.ts';

/** What can be commented on: the name in the path of its list, and what it is. */
const commented = [
  { name: 'incidents', thing: 'incident' },
  { name: 'test-cases', thing: 'testCase' },
  { name: 'test-sets', thing: 'testSet' },
  { name: 'releases', thing: 'release' },
  { name: 'requirements', thing: 'requirement' },
] as const satisfies { name: string; thing: Thing & keyof typeof artifactTypeIds }[];
type Commented = (typeof commented)[number];

const pathOf = ({ name, thing }: Commented) => `projects/{project_id}/${name}/{${things[thing].id}}/comments`;
const artifactOf = (call: Call<unknown>, { thing }: Commented) => ({
  artifactTypeId: artifactTypeIds[thing],
  artifactId: idOfPath(call, thing),
});

async function added(call: Call<unknown>, kind: Commented, sent: readonly Decoded<typeof RemoteComment>[]) {
  const { services, project } = call;
  if (project.role.canAddComments === false) {
    throw new DomainError('forbidden', `Your role, ${project.role.name}, may not add comments`);
  }
  const artifact = artifactOf(call, kind);
  const values = await addComments(commandOf(call), { artifact, comments: sent });
  return comments.list(services.read, [project.projectId, artifact.artifactTypeId, artifact.artifactId], {
    where: [among('commentId', values)],
  });
}

const reading = commented.map((kind) =>
  operation({
    method: 'GET',
    path: pathOf(kind),
    summary: 'The comments, oldest first.',
    priority: 2,
    needs: can(`${kind.thing}:view`),
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
    path: pathOf(kind),
    summary: 'Adds comments: a list, or one.',
    priority: 2,
    needs: can(`${kind.thing}:view`),
    body: listToCreate(RemoteComment),
    returns: list(RemoteComment),
    handle: async (call) => added(call, kind, itemsOf(call.body)),
  }),
);

const addingToOthers = commented.slice(1).map((kind) =>
  operation({
    method: 'POST',
    path: pathOf(kind),
    summary: 'Adds a comment.',
    priority: 2,
    needs: can(`${kind.thing}:view`),
    body: toCreate(RemoteComment),
    returns: one(RemoteComment),
    handle: async (call) => (await added(call, kind, [call.body]))[0],
  }),
);

export const commentOperations = [...reading, ...addingToIncidents, ...addingToOthers];
