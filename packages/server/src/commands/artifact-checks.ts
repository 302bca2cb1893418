import { type Issue, notFound } from '../domain/errors.ts';
import { allowedValues, artifactTypes } from '../domain/tables.ts';
import { artifactReferences } from '../storage/artifact-references.ts';
import type { Transaction } from '../storage/database.ts';
import { existingIds } from '../storage/references.ts';

/** An artifact named by its type and its id within that type. */
export interface ArtifactName {
  artifactTypeId?: number | null | undefined;
  artifactId?: number | null | undefined;
}

/** An artifact that has been looked up. */
export interface ExistingArtifact {
  artifactTypeId: number;
  artifactId: number;
}

const typeName = (artifactTypeId: number) => (artifactTypes.get(artifactTypeId) ?? 'Artifact').toLowerCase();

/** Returns an issue for every artifact whose type is none (`outsideTable`) or that does not exist in the project. */
export async function missingArtifacts(
  transaction: Transaction,
  projectId: number,
  named: readonly (ArtifactName & { field: string; typeField?: string; idField?: string })[],
): Promise<Issue[]> {
  const issues: Issue[] = [];
  for (const [type, ofType] of Map.groupBy(named, (one) => one.artifactTypeId ?? 0)) {
    const kind = artifactReferences.get(type);
    const ids = ofType.flatMap((one) => one.artifactId ?? []);
    const existing = kind ? await existingIds(transaction, projectId, kind, ids) : new Set<number>();
    for (const { field, typeField = 'artifactTypeId', idField = 'artifactId', artifactId } of ofType) {
      if (!artifactTypes.has(type)) {
        const message = `${type} is not an artifact type; allowed are ${allowedValues(artifactTypes)}`;
        issues.push({ code: 'outsideTable', field: field + typeField, message });
      } else if (!existing.has(artifactId ?? 0)) {
        const message = `There is no ${typeName(type)} ${artifactId ?? ''} in this project`;
        issues.push({ code: 'notFound', field: field + idField, message });
      }
    }
  }
  return issues;
}

/** Throws `notFound` unless the artifact exists in the project. */
export async function requireArtifact(
  transaction: Transaction,
  projectId: number,
  { artifactTypeId, artifactId }: ExistingArtifact,
): Promise<void> {
  const kind = artifactReferences.get(artifactTypeId);
  const existing = kind ? await existingIds(transaction, projectId, kind, [artifactId]) : new Set<number>();
  if (!existing.has(artifactId)) throw notFound(`Artifact ${artifactId} of type ${artifactTypeId}`);
}
