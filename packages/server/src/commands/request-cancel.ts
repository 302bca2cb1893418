import type { Actor } from '../domain/actor.ts';
import { DomainError } from '../domain/errors.ts';
import { insertEvent } from '../storage/events.ts';
import { cancelJob } from '../storage/jobs.ts';
import type { JobContext } from './job-signals.ts';

/**
 * Cancels a job that waits, or asks one that runs to stop: it then ends between two portions of its work, and what it
 * has repaired until then stays repaired. Refused when the job has already ended or does not exist.
 */
export async function requestCancel(context: JobContext & { actor: Actor | null }, jobId: number): Promise<void> {
  const state = await context.db.transaction(async (transaction) => {
    const job = await cancelJob(transaction, jobId);
    if (!job) throw new DomainError('stale', `Job ${jobId} has already ended`);
    await insertEvent(transaction, {
      userId: context.actor?.userId ?? null,
      projectId: job.projectId,
      kind: 'jobCancellation',
      subject: job.tool,
      details: { jobId },
    });
    return job.state;
  });
  if (state === 'running') context.jobs.cancelRequested(jobId);
}
