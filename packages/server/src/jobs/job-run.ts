import { setTimeout as pause } from 'node:timers/promises';
import type { CommandContext } from '../commands/context.ts';
import type { ToolOutcome } from '../domain/data-tools.ts';
import { DomainError } from '../domain/errors.ts';
import { type ClaimedJob, endJob, type JobEnd, type JobProgress, releaseJob, touchJob } from '../storage/jobs.ts';
import { isTransientFault } from '../storage/transient-faults.ts';
import type { Log } from './log.ts';
import type { ToolWork } from './tool-work.ts';

export interface JobRunOptions {
  context: Pick<CommandContext, 'db' | 'figures' | 'now'>;
  tools: Readonly<Record<string, ToolWork>>;
  log: Log;
  heartbeatMs: number;
  /** A job that has been claimed more often than this without ending takes its processes down with it: it fails. */
  mostAttempts: number;
  /** First pause before transient faults are tried again; it doubles with each try. */
  retryPauseMs: number;
}

/** Progress is written no more often than this. */
const PROGRESS_EVERY_MS = 400;
const MOST_TRIES = 6;

/** Why a job is to stop. */
type StopReason = 'cancelled' | 'stopping' | 'lost';

/** One claim of one job, from its start to its end in this process. */
export class JobRun {
  readonly job: ClaimedJob;
  private readonly options: JobRunOptions;
  private readonly abort = new AbortController();
  private stopReason: StopReason | undefined;
  private latest: JobProgress | undefined;
  private writtenAt = Number.NEGATIVE_INFINITY;
  private touching: Promise<void> | undefined;

  constructor(job: ClaimedJob, options: JobRunOptions) {
    this.job = job;
    this.options = options;
  }

  /** Asks the work to stop at the next opportunity; the first reason counts. */
  stop(reason: StopReason): void {
    this.stopReason ??= reason;
    this.abort.abort(new Error(`The job was stopped: ${this.stopReason}`));
  }

  /** Does the work and stores how it ended. Rejects only when the database cannot be told. */
  async run(): Promise<void> {
    if (this.job.isCancelRequested) this.stop('cancelled');
    const heartbeat = setInterval(() => this.touchSoon(), this.options.heartbeatMs);
    const end = await this.work().finally(() => clearInterval(heartbeat));
    await this.touching;
    const { db } = this.options.context;
    if (end) await this.withRetries(() => endJob(db, this.job, end));
    else if (this.stopReason === 'stopping') await releaseJob(db, this.job);
  }

  /** Returns how the job ended, undefined when its end is not for this process to tell. */
  private async work(): Promise<JobEnd | undefined> {
    try {
      return { state: 'done', outcome: await this.withRetries(() => this.attempt(), this.abort.signal) };
    } catch (error) {
      if (this.stopReason === 'cancelled') return { state: 'cancelled' };
      if (this.stopReason !== undefined) return undefined;
      const { jobId, tool } = this.job;
      this.options.log.error({ jobId, tool, err: error }, 'a job failed');
      return { state: 'failed', error: spokenFailure(error) };
    }
  }

  private async attempt(): Promise<ToolOutcome> {
    const { tools, context, mostAttempts } = this.options;
    this.abort.signal.throwIfAborted();
    const { tool, attempt } = this.job;
    const work = Object.hasOwn(tools, tool) ? tools[tool] : undefined;
    if (!work) throw new DomainError('notFound', `This version of the server has no data tool ${tool}`);
    if (attempt > mostAttempts) {
      throw new DomainError('invalid', `The job was started ${attempt - 1} times and never ended`);
    }
    return work({
      context,
      job: this.job,
      signal: this.abort.signal,
      progress: (progress) => this.report(progress),
    });
  }

  private async withRetries<Result>(work: () => Promise<Result>, signal?: AbortSignal): Promise<Result> {
    for (let tried = 1; ; tried += 1) {
      try {
        return await work();
      } catch (error) {
        if (tried >= MOST_TRIES || !isTransientFault(error)) throw error;
        const { jobId, tool } = this.job;
        this.options.log.warn({ jobId, tool, tried, err: error }, 'a job met a transient fault and tries again');
        await pause(this.options.retryPauseMs * 2 ** tried, undefined, signal ? { signal } : {});
      }
    }
  }

  private async report(progress: JobProgress): Promise<void> {
    this.latest = progress;
    const now = performance.now();
    if (now - this.writtenAt < PROGRESS_EVERY_MS) return;
    this.writtenAt = now;
    await this.touch();
  }

  private touchSoon(): void {
    this.touching ??= this.touch()
      // A missed sign of life is made up for by the next; if none gets through, another process takes over.
      .catch(() => {})
      .finally(() => {
        this.touching = undefined;
      });
  }

  private async touch(): Promise<void> {
    const touched = await touchJob(this.options.context.db, this.job, this.latest);
    if (!touched) this.stop('lost');
    else if (touched.isCancelRequested) this.stop('cancelled');
  }
}

/** What people read of a failure: the words of errors made for them; of others only that the log knows more. */
function spokenFailure(error: unknown): string {
  if (error instanceof DomainError) return error.message;
  if (isTransientFault(error)) return 'The database could not be reached or was too busy; try again later';
  return 'The job met an unexpected fault; the log of the server says more';
}
