import { subtreeOf } from '../domain/tree-moves.ts';
import { closeFolders } from '../storage/folder-locks.ts';
import { listFolders, testSetFolderTree } from '../storage/folder-trees.ts';
import { lockTrees } from '../storage/locks.ts';
import type { ProjectCommand } from './context.ts';
import { requireExisting } from './input-checks.ts';

/** Deletes a folder and every folder below it for good; the test sets in them move to the root (DL-5). */
export async function deleteTestSetFolder({ db, projectId }: ProjectCommand, testSetFolderId: number): Promise<void> {
  await db.transaction(async (transaction) => {
    await lockTrees(transaction, projectId);
    await requireExisting(transaction, projectId, { kind: 'testSetFolder', id: testSetFolderId });
    const folders = await listFolders(transaction, testSetFolderTree, projectId);
    const deleted = [...subtreeOf(folders, testSetFolderId)];
    await closeFolders(transaction, testSetFolderTree, projectId, deleted);
    await transaction.query(
      'update test_set set test_set_folder_id = null where project_id = $1 and test_set_folder_id = any($2)',
      [projectId, deleted],
    );
    // A folder that was put below one of them since the tree was read hangs at the root from now on.
    await transaction.query(
      `update test_set_folder set parent_test_set_folder_id = null
        where project_id = $1 and parent_test_set_folder_id = any($2) and test_set_folder_id <> all($2)`,
      [projectId, deleted],
    );
    await transaction.query('delete from test_set_folder where project_id = $1 and test_set_folder_id = any($2)', [
      projectId,
      deleted,
    ]);
  });
}
