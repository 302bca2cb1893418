import { notFound } from '../domain/errors.ts';
import { holdReferences } from '../storage/locks.ts';
import { type ExistingArtifact, requireArtifact } from './artifact-checks.ts';
import type { ProjectCommand } from './context.ts';
import { requireExisting } from './input-checks.ts';

/** Attaches a stored document to an artifact; doing it twice is once. Throws `notFound` when either does not exist. */
export async function attachDocument(
  { db, projectId }: ProjectCommand,
  { documentId, artifact }: { documentId: number; artifact: ExistingArtifact },
): Promise<void> {
  await db.transaction(async (transaction) => {
    await holdReferences(transaction, projectId);
    await requireArtifact(transaction, projectId, artifact);
    await requireExisting(transaction, projectId, { kind: 'document', id: documentId });
    await transaction.query(
      `insert into document_attachment (project_id, artifact_type_id, artifact_id, document_id)
       values ($1, $2, $3, $4) on conflict do nothing`,
      [projectId, artifact.artifactTypeId, artifact.artifactId, documentId],
    );
  });
}

/** Detaches a document from an artifact; the document stays. Throws `notFound` when it is not attached to it. */
export async function detachDocument(
  { db, projectId }: ProjectCommand,
  { documentId, artifact }: { documentId: number; artifact: ExistingArtifact },
): Promise<void> {
  await db.transaction(async (transaction) => {
    const removed = await transaction.query(
      `delete from document_attachment
        where project_id = $1 and artifact_type_id = $2 and artifact_id = $3 and document_id = $4 returning 1`,
      [projectId, artifact.artifactTypeId, artifact.artifactId, documentId],
    );
    if (removed.length === 0) throw notFound(`Document ${documentId} at this artifact`);
  });
}
