import { subtreeOf } from '../domain/tree-moves.ts';
import { listTree, requirementTree, saveTree } from '../storage/indent-trees.ts';
import { lockTrees } from '../storage/locks.ts';
import type { ProjectCommand } from './context.ts';
import { requireExisting } from './input-checks.ts';

/**
 * Deletes a requirement and everything below it; all can be restored (DL-1, DL-2). Trees are summed when they are read,
 * so no figure changes: the ancestors simply no longer see them.
 */
export async function deleteRequirement({ db, projectId }: ProjectCommand, requirementId: number): Promise<void> {
  await db.transaction(async (transaction) => {
    await lockTrees(transaction, projectId);
    await requireExisting(transaction, projectId, { kind: 'requirement', id: requirementId });
    const tree = await listTree(transaction, requirementTree, projectId);
    const deleted = subtreeOf(tree, requirementId);
    // updated_at keeps the moment of deletion: requirements deleted together are restored together.
    await transaction.query(
      `update requirement set is_deleted = true, updated_at = now()
        where project_id = $1 and requirement_id = any($2) and not is_deleted`,
      [projectId, [...deleted]],
    );
    const remaining = tree.filter((node) => !deleted.has(node.id));
    await saveTree(transaction, requirementTree, projectId, remaining);
  });
}
