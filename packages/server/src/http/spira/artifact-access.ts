import { mayAttachTo, maySee } from '../../domain/artifact-types.ts';
import { DomainError, notFound } from '../../domain/errors.ts';
import type { Role } from '../../domain/permissions.ts';
import { artifactTypes } from '../../domain/tables.ts';
import { requireArtifact } from '../../views/artifacts.ts';
import type { Call } from './operation.ts';

/** Refuses artifacts of a type that the caller's role does not show. */
export function refuseHidden(role: Role, artifactTypeId: number): void {
  if (!maySee(role, artifactTypeId)) throw hidden(role, artifactTypeId);
}

/** Refuses to attach a document to artifacts of a type that the caller neither sees nor records. */
export function refuseUnattachable(role: Role, artifactTypeId: number): void {
  if (!mayAttachTo(role, artifactTypeId)) throw hidden(role, artifactTypeId);
}

function hidden(role: Role, artifactTypeId: number): DomainError {
  const what = artifactTypes.get(artifactTypeId);
  return new DomainError('forbidden', `Your role, ${role.name}, does not show artifacts of type ${what}`);
}

/** Returns the artifact that the path names by type and id, after `refuse` has looked at its type. */
export function artifactOfPath(
  { path, project }: Call<unknown>,
  refuse: (role: Role, artifactTypeId: number) => void = refuseHidden,
): { artifactTypeId: number; artifactId: number } {
  const artifactTypeId = path.id('artifact_type_id', 'Artifact type');
  if (!artifactTypes.has(artifactTypeId)) throw notFound(`Artifact type ${artifactTypeId}`);
  refuse(project.role, artifactTypeId);
  return { artifactTypeId, artifactId: path.id('artifact_id', 'Artifact') };
}

/** Returns the artifact that the path names; 403 and 404 as its type and id deserve. */
export async function existingArtifactOfPath(call: Call<unknown>) {
  const artifact = artifactOfPath(call);
  await requireArtifact(call.services.read, call.project.projectId, artifact);
  return artifact;
}
