import { DomainError, refuse } from '../domain/errors.ts';
import { subtreeOf } from '../domain/tree-moves.ts';
import type { Transaction } from '../storage/database.ts';
import { listFolders, testSetFolderTree } from '../storage/folder-trees.ts';
import { lockTrees } from '../storage/locks.ts';
import type { ProjectCommand } from './context.ts';
import { missingFolder } from './create-test-set.ts';
import type { TestSetFolderInput } from './create-test-set-folder.ts';
import { blankName, requireExisting } from './input-checks.ts';

/** A folder as it is sent back; the date of its last change is its stamp. */
export interface TestSetFolderUpdate extends TestSetFolderInput {
  testSetFolderId?: number | null;
  lastUpdateDate?: Date | null;
}

/**
 * Updates a folder of test sets; another parent moves it with everything below it. Refused: a stale or missing stamp, an
 * unknown parent, one that lies below the folder itself. Folders are summed when they are read, so no figure changes.
 */
export async function updateTestSetFolder(
  { db, projectId }: ProjectCommand,
  update: TestSetFolderUpdate,
): Promise<void> {
  await db.transaction(async (transaction) => {
    await lockTrees(transaction, projectId);
    const testSetFolderId = await requireExisting(transaction, projectId, {
      kind: 'testSetFolder',
      id: update.testSetFolderId,
    });
    const parentId = update.parentTestSetFolderId;
    refuse([
      ...blankName(update.name, 'A folder'),
      ...(await missingFolder(transaction, projectId, { field: 'parentTestSetFolderId', folderId: parentId })),
    ]);
    if (typeof parentId === 'number') await refuseCircle(transaction, projectId, { testSetFolderId, parentId });
    await write(transaction, projectId, { ...update, testSetFolderId });
  });
}

async function refuseCircle(
  transaction: Transaction,
  projectId: number,
  { testSetFolderId, parentId }: { testSetFolderId: number; parentId: number },
): Promise<void> {
  const folders = await listFolders(transaction, testSetFolderTree, projectId);
  if (!subtreeOf(folders, testSetFolderId).has(parentId)) return;
  const message = `Folder ${parentId} lies within folder ${testSetFolderId} and cannot hold it`;
  throw new DomainError('invalid', message, [{ code: 'invalid', field: 'parentTestSetFolderId', message }]);
}

async function write(
  transaction: Transaction,
  projectId: number,
  update: TestSetFolderUpdate & { testSetFolderId: number },
): Promise<void> {
  const written = await transaction.query(
    `update test_set_folder
        set name = coalesce($4, name), description = case when $5 then $6 else description end,
            parent_test_set_folder_id = case when $7 then $8::int else parent_test_set_folder_id end,
            updated_at = greatest(now()::timestamptz(3), updated_at + interval '1 ms')
      where project_id = $1 and test_set_folder_id = $2 and updated_at = $3
     returning 1`,
    [
      projectId,
      update.testSetFolderId,
      update.lastUpdateDate ?? null,
      update.name ?? null,
      update.description !== undefined,
      update.description ?? null,
      update.parentTestSetFolderId !== undefined,
      update.parentTestSetFolderId ?? null,
    ],
  );
  if (written.length > 0) return;
  throw new DomainError(
    'stale',
    `Folder ${update.testSetFolderId} was changed after it was read; read it again and repeat the change`,
  );
}
