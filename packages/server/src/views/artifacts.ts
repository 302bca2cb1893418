import { notFound } from '../domain/errors.ts';
import { artifactReferences } from '../storage/artifact-references.ts';
import type { Queryable } from '../storage/database.ts';
import { existingIds } from '../storage/references.ts';

/** Throws `notFound` unless the artifact exists in the project. For lists below one. */
export async function requireArtifact(
  db: Queryable,
  projectId: number,
  { artifactTypeId, artifactId }: { artifactTypeId: number; artifactId: number },
): Promise<void> {
  const kind = artifactReferences.get(artifactTypeId);
  const existing = kind ? await existingIds(db, projectId, kind, [artifactId]) : new Set<number>();
  if (!existing.has(artifactId)) throw notFound(`Artifact ${artifactId} of type ${artifactTypeId}`);
}
