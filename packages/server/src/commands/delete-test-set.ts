import { notFound } from '../domain/errors.ts';
import type { ProjectCommand } from './context.ts';

/**
 * Deletes a test set; it can be restored. Its runs and cases stay (DL-3), its figures are kept up and only no longer
 * shown or summed, so neither this nor restoring changes one.
 */
export async function deleteTestSet(command: ProjectCommand, testSetId: number): Promise<void> {
  await setDeleted(command, { testSetId, isDeleted: true });
}

/** Restores a deleted test set with its rows. Throws `notFound` unless it is deleted. */
export async function restoreTestSet(command: ProjectCommand, testSetId: number): Promise<void> {
  await setDeleted(command, { testSetId, isDeleted: false });
}

async function setDeleted(
  { db, projectId }: ProjectCommand,
  { testSetId, isDeleted }: { testSetId: number; isDeleted: boolean },
): Promise<void> {
  await db.transaction(async (transaction) => {
    const changed = await transaction.query(
      `update test_set set is_deleted = $3, updated_at = now(),
              concurrency_date = greatest(now()::timestamptz(3), concurrency_date + interval '1 ms')
        where project_id = $1 and test_set_id = $2 and is_deleted <> $3
       returning 1`,
      [projectId, testSetId, isDeleted],
    );
    if (changed.length === 0) throw notFound(`${isDeleted ? 'Test set' : 'A deleted test set'} ${testSetId}`);
  });
}
