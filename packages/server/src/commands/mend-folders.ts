import { appendChange } from '../changes/change-log.ts';
import { rootedTree } from '../domain/indent-level.ts';
import {
  type FolderTree,
  listFolders,
  rootContentOfMissingFolders,
  saveFolderParents,
  testCaseFolderTree,
  testSetFolderTree,
} from '../storage/folder-trees.ts';
import { lockTrees } from '../storage/locks.ts';
import type { CommandContext } from './context.ts';

/** What was moved to the root because the folder above it was missing or ran in a circle. */
export interface MendedFolders {
  folders: number;
  testCases: number;
  testSets: number;
}

/** Repairs the trees of test case and test set folders and returns what had to move to the root. */
export async function mendFolders(
  { db, figures }: Pick<CommandContext, 'db' | 'figures'>,
  projectId: number,
): Promise<MendedFolders> {
  const mended = await db.transaction(async (transaction) => {
    await lockTrees(transaction, projectId);
    const moved = async (tree: FolderTree) => {
      const stored = await listFolders(transaction, tree, projectId);
      const rooted = rootedTree(stored).filter((folder, index) => folder.parentId !== stored[index]?.parentId);
      await saveFolderParents(transaction, tree, projectId, rooted);
      return rooted.length;
    };
    const folders = (await moved(testCaseFolderTree)) + (await moved(testSetFolderTree));
    const testCaseIds = await rootContentOfMissingFolders(transaction, testCaseFolderTree, projectId);
    const testSetIds = await rootContentOfMissingFolders(transaction, testSetFolderTree, projectId);
    await appendChange(transaction, projectId, { kind: 'cases', testCaseIds });
    return { folders, testCases: testCaseIds.length, testSets: testSetIds.length };
  });
  if (mended.testCases > 0) await figures.afterCommit(projectId, 'facts');
  return mended;
}
