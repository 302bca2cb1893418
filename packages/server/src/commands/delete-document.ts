import { notFound } from '../domain/errors.ts';
import type { ProjectCommand } from './context.ts';

/** Deletes a document and detaches it from everything. Throws `notFound` for one that does not exist. */
export async function deleteDocument({ db, projectId }: ProjectCommand, documentId: number): Promise<void> {
  await db.transaction(async (transaction) => {
    const deleted = await transaction.query(
      `update document set is_deleted = true, updated_at = now() where project_id = $1 and document_id = $2 and not is_deleted
       returning 1`,
      [projectId, documentId],
    );
    if (deleted.length === 0) throw notFound(`Document ${documentId}`);
    await transaction.query('delete from document_attachment where project_id = $1 and document_id = $2', [
      projectId,
      documentId,
    ]);
  });
}
