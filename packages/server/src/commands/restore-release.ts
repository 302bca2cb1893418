import { appendChange } from '../changes/change-log.ts';
import { notFound } from '../domain/errors.ts';
import { SPRINT } from '../domain/release-tree.ts';
import { ancestorsOf, subtreeOf } from '../domain/tree-moves.ts';
import type { Transaction } from '../storage/database.ts';
import { listTree, releaseTree, saveTree } from '../storage/indent-trees.ts';
import { lockTrees } from '../storage/locks.ts';
import type { ProjectCommand } from './context.ts';

/**
 * Restores a deleted release and what was deleted together with it (DL-1). It comes back to its old place; at the root
 * when its parent is gone or has become a sprint meanwhile. Throws `notFound` for a release that is not deleted.
 */
export async function restoreRelease({ db, figures, projectId }: ProjectCommand, releaseId: number): Promise<void> {
  await db.transaction(async (transaction) => {
    await lockTrees(transaction, projectId);
    const restored = await undelete(transaction, projectId, releaseId);
    if (restored.length === 0) throw notFound(`A deleted release ${releaseId}`);
    await transaction.query(
      `update release r set parent_release_id = null
        where r.project_id = $1 and r.release_id = $2 and not exists (
          select from release p where p.project_id = $1 and p.release_id = r.parent_release_id
             and not p.is_deleted and p.release_type_id <> $3)`,
      [projectId, releaseId, SPRINT],
    );
    const tree = await listTree(transaction, releaseTree, projectId);
    await saveTree(transaction, releaseTree, projectId, tree);
    await appendChange(transaction, projectId, {
      kind: 'releases',
      releaseIds: [...subtreeOf(tree, releaseId), ...ancestorsOf(tree, releaseId)],
    });
  });
  await figures.afterCommit(projectId, 'facts');
}

/** Returns the ids restored: the release, and below it whatever carries the same moment of deletion. */
async function undelete(transaction: Transaction, projectId: number, releaseId: number): Promise<number[]> {
  const rows = await transaction.query<{ releaseId: number }>(
    `with recursive gone as (
       select release_id, updated_at from release where project_id = $1 and release_id = $2 and is_deleted
       union
       select c.release_id, c.updated_at from release c
         join gone g on c.parent_release_id = g.release_id and c.updated_at = g.updated_at
        where c.project_id = $1 and c.is_deleted)
     update release r set is_deleted = false from gone
      where r.project_id = $1 and r.release_id = gone.release_id
     returning r.release_id as "releaseId"`,
    [projectId, releaseId],
  );
  return rows.map((row) => row.releaseId);
}
