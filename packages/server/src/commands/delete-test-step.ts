import { listStepIds, lockStepsOf, requireStepOf, saveStepOrder } from '../storage/test-steps.ts';
import type { ProjectCommand } from './context.ts';

/** Deletes a step; the steps after it close up. Runs keep their copies of it. Throws `notFound` for an unknown step. */
export async function deleteTestStep(
  { db, projectId }: ProjectCommand,
  { testCaseId, testStepId }: { testCaseId: number; testStepId: number },
): Promise<void> {
  await db.transaction(async (transaction) => {
    await lockStepsOf(transaction, projectId, testCaseId);
    await requireStepOf(transaction, projectId, { testCaseId, testStepId });
    await transaction.query(
      'update test_step set is_deleted = true, updated_at = now() where project_id = $1 and test_step_id = $2',
      [projectId, testStepId],
    );
    await saveStepOrder(transaction, projectId, await listStepIds(transaction, projectId, testCaseId));
  });
}
