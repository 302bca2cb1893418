import { notFound } from '../domain/errors.ts';
import type { Transaction } from '../storage/database.ts';
import { listTree, requirementTree, saveTree } from '../storage/indent-trees.ts';
import { lockTrees } from '../storage/locks.ts';
import type { ProjectCommand } from './context.ts';

/**
 * Restores a deleted requirement and what was deleted together with it (DL-1). It comes back to its old place; at the
 * root when its parent is gone meanwhile. Throws `notFound` for a requirement that is not deleted.
 */
export async function restoreRequirement({ db, projectId }: ProjectCommand, requirementId: number): Promise<void> {
  await db.transaction(async (transaction) => {
    await lockTrees(transaction, projectId);
    if (!(await undelete(transaction, projectId, requirementId))) {
      throw notFound(`A deleted requirement ${requirementId}`);
    }
    await transaction.query(
      `update requirement r set parent_requirement_id = null
        where r.project_id = $1 and r.requirement_id = $2 and not exists (
          select from requirement p
           where p.project_id = $1 and p.requirement_id = r.parent_requirement_id and not p.is_deleted)`,
      [projectId, requirementId],
    );
    const tree = await listTree(transaction, requirementTree, projectId);
    await saveTree(transaction, requirementTree, projectId, tree);
  });
}

/** Restores the requirement, and below it whatever carries the same moment of deletion; false when there is none. */
async function undelete(transaction: Transaction, projectId: number, requirementId: number): Promise<boolean> {
  const rows = await transaction.query(
    `with recursive gone as (
       select requirement_id, updated_at from requirement where project_id = $1 and requirement_id = $2 and is_deleted
       union
       select c.requirement_id, c.updated_at from requirement c
         join gone g on c.parent_requirement_id = g.requirement_id and c.updated_at = g.updated_at
        where c.project_id = $1 and c.is_deleted)
     update requirement r set is_deleted = false from gone
      where r.project_id = $1 and r.requirement_id = gone.requirement_id
     returning 1`,
    [projectId, requirementId],
  );
  return rows.length > 0;
}
