import { listStepIds, lockStepsOf, requireStepOf, saveStepOrder } from '../storage/test-steps.ts';
import type { ProjectCommand } from './context.ts';

/** Moves a step right before another one of the same case, null: to the end. Throws `notFound` for unknown steps. */
export async function moveTestStep(
  { db, projectId }: ProjectCommand,
  { testCaseId, testStepId, before }: { testCaseId: number; testStepId: number; before: number | null },
): Promise<void> {
  await db.transaction(async (transaction) => {
    await lockStepsOf(transaction, projectId, testCaseId);
    await requireStepOf(transaction, projectId, { testCaseId, testStepId });
    if (before !== null) await requireStepOf(transaction, projectId, { testCaseId, testStepId: before });
    if (before === testStepId) return;
    const others = (await listStepIds(transaction, projectId, testCaseId)).filter((id) => id !== testStepId);
    const position = before === null ? others.length : others.indexOf(before);
    await saveStepOrder(transaction, projectId, others.toSpliced(position, 0, testStepId));
  });
}
