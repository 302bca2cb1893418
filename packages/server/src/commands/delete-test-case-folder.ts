import { appendChange } from '../changes/change-log.ts';
import { subtreeOf } from '../domain/tree-moves.ts';
import type { Transaction } from '../storage/database.ts';
import { closeFolders } from '../storage/folder-locks.ts';
import { listFolders, testCaseFolderTree } from '../storage/folder-trees.ts';
import { lockTrees } from '../storage/locks.ts';
import type { ProjectCommand } from './context.ts';
import { requireExisting } from './input-checks.ts';

/** Deletes a folder and every folder below it for good; the test cases in them move to the root (DL-5). */
export async function deleteTestCaseFolder(
  { db, figures, projectId }: ProjectCommand,
  testCaseFolderId: number,
): Promise<void> {
  await db.transaction(async (transaction) => {
    await lockTrees(transaction, projectId);
    await requireExisting(transaction, projectId, { kind: 'testCaseFolder', id: testCaseFolderId });
    const folders = await listFolders(transaction, testCaseFolderTree, projectId);
    const deleted = [...subtreeOf(folders, testCaseFolderId)];
    await closeFolders(transaction, testCaseFolderTree, projectId, deleted);
    const testCaseIds = await casesToRoot(transaction, projectId, deleted);
    // A folder that was put below one of them since the tree was read hangs at the root from now on.
    await transaction.query(
      `update test_case_folder set parent_test_case_folder_id = null
        where project_id = $1 and parent_test_case_folder_id = any($2) and test_case_folder_id <> all($2)`,
      [projectId, deleted],
    );
    await transaction.query('delete from test_case_folder where project_id = $1 and test_case_folder_id = any($2)', [
      projectId,
      deleted,
    ]);
    await appendChange(transaction, projectId, { kind: 'cases', testCaseIds });
  });
  await figures.afterCommit(projectId, 'facts');
}

/** They get a new stamp: an update with the old one would name a folder that is gone. */
async function casesToRoot(
  transaction: Transaction,
  projectId: number,
  folderIds: readonly number[],
): Promise<number[]> {
  const rows = await transaction.query<{ id: number }>(
    `update test_case set test_case_folder_id = null, updated_at = now(),
            concurrency_date = greatest(now()::timestamptz(3), concurrency_date + interval '1 ms')
      where project_id = $1 and test_case_folder_id = any($2)
     returning test_case_id as id`,
    [projectId, folderIds],
  );
  return rows.map((row) => row.id);
}
