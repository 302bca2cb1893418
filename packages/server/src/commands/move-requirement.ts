import { indented, movedBefore, outdented } from '../domain/tree-moves.ts';
import { listTree, requirementTree, saveTree } from '../storage/indent-trees.ts';
import { lockTrees } from '../storage/locks.ts';
import type { ProjectCommand } from './context.ts';
import { requireExisting } from './input-checks.ts';

/** Where a requirement goes: a level deeper, a level up, or right before another one (null: to the end of the root). */
export type RequirementPlace = 'indent' | 'outdent' | { before: number | null };

/**
 * Moves a requirement with everything below it (HI-1). Indenting a first sibling and outdenting at the root change
 * nothing. Refused below itself. Stamps stay, and trees are summed when they are read, so no figure changes.
 */
export async function moveRequirement(
  { db, projectId }: ProjectCommand,
  { requirementId, to }: { requirementId: number; to: RequirementPlace },
): Promise<void> {
  await db.transaction(async (transaction) => {
    await lockTrees(transaction, projectId);
    await requireExisting(transaction, projectId, { kind: 'requirement', id: requirementId });
    if (typeof to === 'object' && to.before !== null) {
      await requireExisting(transaction, projectId, { kind: 'requirement', id: to.before });
    }
    const tree = await listTree(transaction, requirementTree, projectId);
    const moves = { indent: indented, outdent: outdented };
    const moved = typeof to === 'object' ? movedBefore(tree, requirementId, to.before) : moves[to](tree, requirementId);
    await saveTree(transaction, requirementTree, projectId, moved);
  });
}
