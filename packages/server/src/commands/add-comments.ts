import { type Issue, refuse } from '../domain/errors.ts';
import { type ExistingArtifact, requireArtifact } from './artifact-checks.ts';
import type { ProjectCommand } from './context.ts';
import { missingReferences } from './input-checks.ts';

/** One remark. */
export interface CommentInput {
  text?: string | null;
  userId?: number | null;
  creationDate?: Date | null;
  isPermanent?: boolean | null;
}

/**
 * Adds comments to an artifact, in the order given, and returns their ids. All or nothing: an unknown artifact or user
 * stores none. The artifact's stamp stays.
 */
export async function addComments(
  { db, actor, projectId, now }: ProjectCommand,
  { artifact, comments }: { artifact: ExistingArtifact; comments: readonly CommentInput[] },
): Promise<number[]> {
  return db.transaction(async (transaction) => {
    await requireArtifact(transaction, projectId, artifact);
    const issues: Issue[] = await missingReferences(
      transaction,
      projectId,
      comments.map((comment, index) => ({ kind: 'member', field: 'userId', id: comment.userId, index })),
    );
    refuse(issues);
    if (comments.length === 0) return [];
    const rows = await transaction.kysely
      .insertInto('comment')
      .values(
        comments.map((comment) => ({
          projectId,
          ...artifact,
          userId: comment.userId ?? actor.userId,
          text: comment.text ?? '',
          isPermanent: comment.isPermanent ?? false,
          createdAt: comment.creationDate ?? now(),
        })),
      )
      .returning('commentId')
      .execute();
    return rows.map((row) => row.commentId).sort((a, b) => a - b);
  });
}
