import { appendChange } from '../changes/change-log.ts';
import { ancestorsOf, subtreeOf } from '../domain/tree-moves.ts';
import { listTree, releaseTree, saveTree } from '../storage/indent-trees.ts';
import { lockTrees } from '../storage/locks.ts';
import type { ProjectCommand } from './context.ts';
import { requireExisting } from './input-checks.ts';

/**
 * Deletes a release and everything below it; all can be restored (DL-1, DL-2). Their runs stay, and count in no release
 * any more (RU-6).
 */
export async function deleteRelease({ db, figures, projectId }: ProjectCommand, releaseId: number): Promise<void> {
  await db.transaction(async (transaction) => {
    await lockTrees(transaction, projectId);
    await requireExisting(transaction, projectId, { kind: 'release', id: releaseId });
    const tree = await listTree(transaction, releaseTree, projectId);
    const deleted = subtreeOf(tree, releaseId);
    // updated_at keeps the moment of deletion: releases deleted together are restored together.
    await transaction.query(
      `update release set is_deleted = true, updated_at = now()
        where project_id = $1 and release_id = any($2) and not is_deleted`,
      [projectId, [...deleted]],
    );
    await saveTree(
      transaction,
      releaseTree,
      projectId,
      tree.filter((node) => !deleted.has(node.id)),
    );
    await appendChange(transaction, projectId, {
      kind: 'releases',
      releaseIds: [...deleted, ...ancestorsOf(tree, releaseId)],
    });
  });
  await figures.afterCommit(projectId, 'facts');
}
