import { appendChange } from '../changes/change-log.ts';
import { indentLevels, type PlaceFault, placeFaults, rootedTree } from '../domain/indent-level.ts';
import { type IndentTree, listTree, releaseTree, saveTree } from '../storage/indent-trees.ts';
import { lockTrees } from '../storage/locks.ts';
import type { CommandContext } from './context.ts';

/** Returns what is wrong with the places of the nodes of a tree; nothing is changed (DT-8). */
export async function indentationFaults(
  { db }: Pick<CommandContext, 'db'>,
  projectId: number,
  tree: IndentTree,
): Promise<PlaceFault[]> {
  return placeFaults(await listTree(db, tree, projectId));
}

/**
 * Writes the levels of a tree anew from parents and order, and returns how many nodes that changed. Parents change only
 * where they do not exist or run in a circle; types never do (DT-9).
 */
export async function mendIndentation(
  { db, figures }: Pick<CommandContext, 'db' | 'figures'>,
  projectId: number,
  tree: IndentTree,
): Promise<number> {
  const changed = await db.transaction(async (transaction) => {
    await lockTrees(transaction, projectId);
    const stored = await listTree(transaction, tree, projectId);
    const mended = rootedTree(stored);
    const levels = indentLevels(mended);
    const differing = mended.filter(
      (node, index) => levels.get(node.id) !== node.level || node.parentId !== stored[index]?.parentId,
    );
    if (differing.length === 0) return 0;
    await saveTree(transaction, tree, projectId, mended);
    const hasNewParents = mended.some((node, index) => node.parentId !== stored[index]?.parentId);
    if (tree === releaseTree && hasNewParents) {
      // What a release rolls up into follows its parents: every release may be touched.
      await appendChange(transaction, projectId, { kind: 'releases', releaseIds: mended.map((node) => node.id) });
    }
    return differing.length;
  });
  if (changed > 0) await figures.afterCommit(projectId, 'facts');
  return changed;
}
