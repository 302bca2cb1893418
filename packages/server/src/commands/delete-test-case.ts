import { appendChange } from '../changes/change-log.ts';
import { notFound } from '../domain/errors.ts';
import { holdBlocks } from '../storage/locks.ts';
import { outdateBlocksOfCase } from '../storage/run-blocks.ts';
import type { ProjectCommand } from './context.ts';

/**
 * Deletes a test case; it can be restored. Its runs disappear from lists and from every counter, its rows in test sets
 * are not counted (DL-1, DL-4).
 */
export async function deleteTestCase(command: ProjectCommand, testCaseId: number): Promise<void> {
  await setDeleted(command, { testCaseId, isDeleted: true });
}

/** Restores a deleted test case and everything that its deletion hid (DL-4). Throws `notFound` unless it is deleted. */
export async function restoreTestCase(command: ProjectCommand, testCaseId: number): Promise<void> {
  await setDeleted(command, { testCaseId, isDeleted: false });
}

async function setDeleted(
  { db, figures, projectId }: ProjectCommand,
  { testCaseId, isDeleted }: { testCaseId: number; isDeleted: boolean },
): Promise<void> {
  await db.transaction(async (transaction) => {
    await holdBlocks(transaction, projectId);
    const changed = await transaction.query(
      `update test_case set is_deleted = $3, updated_at = now(),
              concurrency_date = greatest(now()::timestamptz(3), concurrency_date + interval '1 ms')
        where project_id = $1 and test_case_id = $2 and is_deleted <> $3
       returning 1`,
      [projectId, testCaseId, isDeleted],
    );
    if (changed.length === 0) throw notFound(`${isDeleted ? 'Test case' : 'A deleted test case'} ${testCaseId}`);
    await outdateBlocksOfCase(transaction, projectId, testCaseId);
    await appendChange(transaction, projectId, { kind: 'cases', testCaseIds: [testCaseId] });
  });
  await figures.afterCommit(projectId, 'facts');
}
