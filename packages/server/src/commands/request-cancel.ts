import { DomainError } from '../domain/errors.ts';
import { cancelJob } from '../storage/jobs.ts';
import type { JobContext } from './job-signals.ts';

/**
 * Cancels a job that waits, or asks one that runs to stop: it then ends between two portions of its work, and what it
 * has repaired until then stays repaired. Refused when the job has already ended or does not exist.
 */
export async function requestCancel(context: JobContext, jobId: number): Promise<void> {
  const state = await cancelJob(context.db, jobId);
  if (state === undefined) throw new DomainError('stale', `Job ${jobId} has already ended`);
  if (state === 'running') context.jobs.cancelRequested(jobId);
}
