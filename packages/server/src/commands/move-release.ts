import { appendChange } from '../changes/change-log.ts';
import { DomainError } from '../domain/errors.ts';
import type { TreeNode } from '../domain/indent-level.ts';
import { SPRINT } from '../domain/release-tree.ts';
import { ancestorsOf, indented, movedBefore, outdented, subtreeOf } from '../domain/tree-moves.ts';
import type { Transaction } from '../storage/database.ts';
import { listTree, releaseTree, saveTree } from '../storage/indent-trees.ts';
import { lockTrees } from '../storage/locks.ts';
import type { ProjectCommand } from './context.ts';
import { requireExisting } from './input-checks.ts';

/** Where a release goes: a level deeper, a level up, or right before another one (null: to the end of the root). */
export type ReleasePlace = 'indent' | 'outdent' | { before: number | null };

/**
 * Moves a release with everything below it (HI-1). Indenting a first sibling and outdenting at the root change nothing.
 * Refused below a sprint (HI-2) and below itself. Counters of the old and the new ancestors follow (HI-4).
 */
export async function moveRelease(
  { db, figures, projectId }: ProjectCommand,
  { releaseId, to }: { releaseId: number; to: ReleasePlace },
): Promise<void> {
  await db.transaction(async (transaction) => {
    await lockTrees(transaction, projectId);
    await requireExisting(transaction, projectId, { kind: 'release', id: releaseId });
    if (typeof to === 'object' && to.before !== null) {
      await requireExisting(transaction, projectId, { kind: 'release', id: to.before });
    }
    const before = await listTree(transaction, releaseTree, projectId);
    const after = placed(before, releaseId, to);
    const parentId = after.find((node) => node.id === releaseId)?.parentId ?? null;
    if (parentId !== null) await refuseSprintAsParent(transaction, projectId, parentId);
    await saveTree(transaction, releaseTree, projectId, after);
    const releaseIds = new Set([
      ...subtreeOf(before, releaseId),
      ...ancestorsOf(before, releaseId),
      ...ancestorsOf(after, releaseId),
    ]);
    await appendChange(transaction, projectId, { kind: 'releases', releaseIds: [...releaseIds] });
  });
  await figures.afterCommit(projectId, 'facts');
}

function placed(tree: readonly TreeNode[], releaseId: number, to: ReleasePlace): TreeNode[] {
  if (to === 'indent') return indented(tree, releaseId);
  if (to === 'outdent') return outdented(tree, releaseId);
  return movedBefore(tree, releaseId, to.before);
}

/** HI-2: a sprint has no children. */
export async function refuseSprintAsParent(
  transaction: Transaction,
  projectId: number,
  parentReleaseId: number,
): Promise<void> {
  const parent = await transaction.kysely
    .selectFrom('release')
    .select('releaseTypeId')
    .where('projectId', '=', projectId)
    .where('releaseId', '=', parentReleaseId)
    .executeTakeFirst();
  if (parent?.releaseTypeId === SPRINT) {
    throw new DomainError('outsideTable', `Release ${parentReleaseId} is a sprint, and a sprint can have no children`);
  }
}
