import { appendChange } from '../changes/change-log.ts';
import { refuse } from '../domain/errors.ts';
import type { ProjectCommand } from './context.ts';
import { requireExisting } from './input-checks.ts';
import { missingFolder } from './test-case-input.ts';

/**
 * Puts a test case into a folder, null: the root. It gets a new stamp, so that nobody who read it before puts it back.
 * Throws `notFound` for an unknown case or folder.
 */
export async function moveTestCase(
  { db, figures, projectId }: ProjectCommand,
  { testCaseId, testCaseFolderId }: { testCaseId: number; testCaseFolderId: number | null },
): Promise<void> {
  await db.transaction(async (transaction) => {
    await requireExisting(transaction, projectId, { kind: 'testCase', id: testCaseId });
    refuse(await missingFolder(transaction, projectId, { field: 'testCaseFolderId', folderId: testCaseFolderId }));
    const moved = await transaction.query(
      `update test_case set test_case_folder_id = $3, updated_at = now(),
              concurrency_date = greatest(now()::timestamptz(3), concurrency_date + interval '1 ms')
        where project_id = $1 and test_case_id = $2 and not is_deleted and test_case_folder_id is distinct from $3
       returning 1`,
      [projectId, testCaseId, testCaseFolderId],
    );
    if (moved.length > 0) await appendChange(transaction, projectId, { kind: 'cases', testCaseIds: [testCaseId] });
  });
  await figures.afterCommit(projectId, 'facts');
}
