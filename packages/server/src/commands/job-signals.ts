import type { ServerRefresh } from '../domain/refresh-mode.ts';
import type { EndedJob } from '../storage/jobs.ts';
import type { RefreshSettings } from '../storage/settings.ts';
import type { CommandContext } from './context.ts';

/**
 * What commands and faces tell the loop that works the queue. All of it is a hint to the loop of this process: the
 * queue is a table that every process polls, so nothing is lost when a hint is. Implemented by jobs/job-loop.ts.
 */
export interface JobSignals {
  /** A job was queued: look now, not at the next poll. */
  queued(): void;
  /** A running job was asked to stop. */
  cancelRequested(jobId: number): void;
  /** Resolves when the job has ended, whichever process ran it. */
  ended(jobId: number): Promise<EndedJob>;
  /** Returns when the nightly round is due next by these settings. */
  nextNightlyRound(settings: ServerRefresh, now: Date): Date;
}

/** What commands about jobs and settings are given. */
export interface JobContext extends CommandContext {
  jobs: JobSignals;
  refreshSettings: RefreshSettings;
}
