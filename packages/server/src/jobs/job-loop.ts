import type { JobContext, JobSignals } from '../commands/job-signals.ts';
import type { ServerRefresh } from '../domain/refresh-mode.ts';
import { claimJob, type EndedJob, findEndedJob } from '../storage/jobs.ts';
import { BackgroundLoop } from './background-loop.ts';
import { JobRun, type JobRunOptions } from './job-run.ts';
import type { Log } from './log.ts';
import { nextNightlyTime } from './nightly-times.ts';
import { type ToolWork, toolWork } from './tool-work.ts';

export interface JobLoopOptions {
  context: Omit<JobContext, 'jobs'>;
  log: Log;
  /** What each tool does; given only by tests. */
  tools?: Readonly<Record<string, ToolWork>>;
  /** How many jobs this process works on at once. */
  lanes?: number;
  pollMs?: number;
  heartbeatMs?: number;
  /** A running job without a sign of life for this long is taken over. */
  staleAfterMs?: number;
  mostAttempts?: number;
  retryPauseMs?: number;
}

/**
 * Works the queue of jobs. Every server process runs one: they share the table, not a leader. Nothing depends on
 * notifications, so it works behind a transaction pooler; a wake-up from within the process only saves waiting.
 */
export class JobLoop implements JobSignals {
  private readonly options: JobLoopOptions;
  private readonly runOptions: JobRunOptions;
  private readonly lanes: readonly BackgroundLoop[];
  private readonly running = new Map<JobRun, Promise<void>>();
  private readonly waiting = new Map<number, Set<() => void>>();
  private isStarted = false;
  /** Claims under way. */
  private readonly claims = new Set<Promise<unknown>>();

  constructor(options: JobLoopOptions) {
    this.options = options;
    this.runOptions = {
      context: options.context,
      tools: options.tools ?? toolWork,
      log: options.log,
      heartbeatMs: options.heartbeatMs ?? 2_000,
      mostAttempts: options.mostAttempts ?? 10,
      retryPauseMs: options.retryPauseMs ?? 100,
    };
    this.lanes = Array.from({ length: options.lanes ?? 2 }, () => this.lane());
  }

  start(): void {
    this.isStarted = true;
    for (const lane of this.lanes) lane.start();
  }

  /** Stops claiming, asks running jobs to stop and gives them back to the queue for another process. */
  async stop(): Promise<void> {
    this.isStarted = false;
    const stopped = this.lanes.map((lane) => lane.stop());
    // Before any job is given back: a claim under way would take that very job and work on it for ever.
    await Promise.allSettled(this.claims);
    for (const run of this.running.keys()) run.stop('stopping');
    await Promise.allSettled([...stopped, ...this.running.values()]);
  }

  /** Works off what is in the queue and resolves when nothing is left that could be done now; returns how many. */
  async drain(): Promise<number> {
    for (let ran = 0; ; ) {
      if (await this.runNext()) ran += 1;
      else if (this.running.size > 0) await Promise.race(this.running.values());
      else return ran;
    }
  }

  /** Claims one job and works on it to its end; returns whether there was one. */
  async runNext(): Promise<boolean> {
    const taking = this.take();
    this.claims.add(taking);
    const taken = await taking.finally(() => this.claims.delete(taking));
    if (!taken) return false;
    const { run, work } = taken;
    try {
      await work;
    } finally {
      this.running.delete(run);
      for (const notify of this.waiting.get(run.job.jobId) ?? []) notify();
      // Others of the same project could not run beside this one.
      this.queued();
    }
    return true;
  }

  /** Claims one job and starts it; by the time it returns, the job is among those that a stop reaches. */
  private async take(): Promise<{ run: JobRun; work: Promise<void> } | undefined> {
    const job = await claimJob(this.options.context.db, this.options.staleAfterMs ?? 30_000);
    if (!job) return undefined;
    const run = new JobRun(job, this.runOptions);
    const work = run.run();
    // What waits for any job to end must not fail with it; the lane does.
    this.running.set(
      run,
      work.catch(() => {}),
    );
    return { run, work };
  }

  queued(): void {
    for (const lane of this.lanes) lane.wake();
  }

  cancelRequested(jobId: number): void {
    for (const run of this.running.keys()) if (run.job.jobId === jobId) run.stop('cancelled');
  }

  /** Resolves when the job has ended. While this process runs no loop, the caller works the queue itself. */
  async ended(jobId: number): Promise<EndedJob> {
    for (;;) {
      const noticed = this.notice(jobId);
      try {
        if (!this.isStarted) await this.drain();
        const ended = await findEndedJob(this.options.context.db, jobId);
        if (ended) return ended;
        await noticed.promise;
      } finally {
        noticed.forget();
      }
    }
  }

  nextNightlyRound(settings: ServerRefresh, now: Date): Date {
    return nextNightlyTime(settings, now);
  }

  /** A promise that resolves when this process ends the job, or after a poll in case another does. */
  private notice(jobId: number): { promise: Promise<void>; forget: () => void } {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, this.options.pollMs ?? 1_000);
    const waiters = this.waiting.get(jobId) ?? new Set();
    this.waiting.set(jobId, waiters.add(resolve));
    const forget = () => {
      clearTimeout(timer);
      waiters.delete(resolve);
      if (waiters.size === 0) this.waiting.delete(jobId);
    };
    return { promise, forget };
  }

  private lane(): BackgroundLoop {
    return new BackgroundLoop({
      round: () => this.runNext(),
      pauseMs: this.options.pollMs ?? 1_000,
      onFailure: (error) => this.options.log.error({ err: error }, 'the job queue cannot be worked just now'),
    });
  }
}
