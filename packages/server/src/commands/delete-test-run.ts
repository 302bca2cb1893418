import { appendChange } from '../changes/change-log.ts';
import { notFound } from '../domain/errors.ts';
import { insertEvent } from '../storage/events.ts';
import { holdBlocks } from '../storage/locks.ts';
import { outdateBlocksOfRuns } from '../storage/run-blocks.ts';
import { setTestRunDeleted } from '../storage/test-runs.ts';
import type { ProjectCommand } from './context.ts';

/**
 * Deletes a run; it can be restored. Everything above it is derived from the runs that remain (IM-4), the deletion is
 * written down (IM-5), incidents stay (IM-6). Throws `notFound` for a run that is not there.
 */
export async function deleteTestRun(command: ProjectCommand, testRunId: number): Promise<void> {
  await setDeleted(command, { testRunId, isDeleted: true });
}

/** Restores a deleted run, with everything that is derived from it. Throws `notFound` unless it is deleted. */
export async function restoreTestRun(command: ProjectCommand, testRunId: number): Promise<void> {
  await setDeleted(command, { testRunId, isDeleted: false });
}

async function setDeleted(
  { db, figures, actor, projectId }: ProjectCommand,
  { testRunId, isDeleted }: { testRunId: number; isDeleted: boolean },
): Promise<void> {
  await db.transaction(async (transaction) => {
    await holdBlocks(transaction, projectId);
    const isChanged = await setTestRunDeleted(transaction, projectId, { testRunId, isDeleted });
    if (!isChanged) throw notFound(`${isDeleted ? 'Test run' : 'A deleted test run'} ${testRunId}`);
    await outdateBlocksOfRuns(transaction, projectId, [testRunId]);
    await appendChange(transaction, projectId, { kind: 'edited', runIds: [testRunId] });
    await insertEvent(transaction, {
      userId: actor.userId,
      projectId,
      kind: 'testRun',
      subject: `TR:${testRunId}`,
      details: { action: isDeleted ? 'deleted' : 'restored' },
    });
  });
  await figures.afterCommit(projectId, 'facts');
}
