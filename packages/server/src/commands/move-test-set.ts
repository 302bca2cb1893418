import { notFound, refuse } from '../domain/errors.ts';
import type { ProjectCommand } from './context.ts';
import { missingFolder } from './create-test-set.ts';
import { requireExisting } from './input-checks.ts';

/**
 * Puts a test set into a folder, null: the root. It gets a new stamp, so that nobody who read it before puts it back.
 * Folders are summed when they are read, so no figure changes. Throws `notFound` for an unknown set or folder.
 */
export async function moveTestSet(
  { db, projectId }: ProjectCommand,
  { testSetId, testSetFolderId }: { testSetId: number; testSetFolderId: number | null },
): Promise<void> {
  await db.transaction(async (transaction) => {
    await requireExisting(transaction, projectId, { kind: 'testSet', id: testSetId });
    refuse(await missingFolder(transaction, projectId, { field: 'testSetFolderId', folderId: testSetFolderId }));
    const moved = await transaction.query(
      `update test_set set test_set_folder_id = $3, updated_at = now(),
              concurrency_date = greatest(now()::timestamptz(3), concurrency_date + interval '1 ms')
        where project_id = $1 and test_set_id = $2 and not is_deleted
       returning 1`,
      [projectId, testSetId, testSetFolderId],
    );
    if (moved.length === 0) throw notFound(`Test set ${testSetId}`);
  });
}
