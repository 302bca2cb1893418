import { DomainError, refuse } from '../domain/errors.ts';
import { subtreeOf } from '../domain/tree-moves.ts';
import type { Transaction } from '../storage/database.ts';
import { listFolders, testCaseFolderTree } from '../storage/folder-trees.ts';
import { lockTrees } from '../storage/locks.ts';
import type { ProjectCommand } from './context.ts';
import type { TestCaseFolderInput } from './create-test-case-folder.ts';
import { blankName, requireExisting } from './input-checks.ts';
import { missingFolder } from './test-case-input.ts';

/** A folder as it is sent back; the date of its last change is its stamp. */
export interface TestCaseFolderUpdate extends TestCaseFolderInput {
  testCaseFolderId?: number | null;
  lastUpdateDate?: Date | null;
}

/**
 * Updates a folder of test cases; another parent moves it with everything below it. Refused: a stale or missing stamp, an
 * unknown parent, one that lies below the folder itself. Folders are summed when they are read, so no figure changes.
 */
export async function updateTestCaseFolder(
  { db, projectId }: ProjectCommand,
  update: TestCaseFolderUpdate,
): Promise<void> {
  await db.transaction(async (transaction) => {
    await lockTrees(transaction, projectId);
    const testCaseFolderId = await requireExisting(transaction, projectId, {
      kind: 'testCaseFolder',
      id: update.testCaseFolderId,
    });
    const parentId = update.parentTestCaseFolderId;
    refuse([
      ...blankName(update.name, 'A folder'),
      ...(await missingFolder(transaction, projectId, { field: 'parentTestCaseFolderId', folderId: parentId })),
    ]);
    if (typeof parentId === 'number') await refuseCircle(transaction, projectId, { testCaseFolderId, parentId });
    await write(transaction, projectId, { ...update, testCaseFolderId });
  });
}

async function refuseCircle(
  transaction: Transaction,
  projectId: number,
  { testCaseFolderId, parentId }: { testCaseFolderId: number; parentId: number },
): Promise<void> {
  const folders = await listFolders(transaction, testCaseFolderTree, projectId);
  if (!subtreeOf(folders, testCaseFolderId).has(parentId)) return;
  const message = `Folder ${parentId} lies within folder ${testCaseFolderId} and cannot hold it`;
  throw new DomainError('invalid', message, [{ code: 'invalid', field: 'parentTestCaseFolderId', message }]);
}

async function write(
  transaction: Transaction,
  projectId: number,
  update: TestCaseFolderUpdate & { testCaseFolderId: number },
): Promise<void> {
  const written = await transaction.query(
    `update test_case_folder
        set name = coalesce($4, name), description = case when $5 then $6 else description end,
            parent_test_case_folder_id = case when $7 then $8::int else parent_test_case_folder_id end,
            updated_at = greatest(now()::timestamptz(3), updated_at + interval '1 ms')
      where project_id = $1 and test_case_folder_id = $2 and updated_at = $3
     returning 1`,
    [
      projectId,
      update.testCaseFolderId,
      update.lastUpdateDate ?? null,
      update.name ?? null,
      update.description !== undefined,
      update.description ?? null,
      update.parentTestCaseFolderId !== undefined,
      update.parentTestCaseFolderId ?? null,
    ],
  );
  if (written.length > 0) return;
  throw new DomainError(
    'stale',
    `Folder ${update.testCaseFolderId} was changed after it was read; read it again and repeat the change`,
  );
}
