import type { JobContext } from '../commands/job-signals.ts';
import { queueNightlyRound } from '../commands/queue-nightly-round.ts';
import { BackgroundRounds } from './background-loop.ts';
import type { Log } from './log.ts';
import { lastNightlyTime } from './nightly-times.ts';

/**
 * Starts the nightly round (DC-5). Every process looks at the clock; the one that comes first queues the jobs. A round
 * that fell into a time when no process was running is made up for at the next start.
 */
export class NightlyLoop extends BackgroundRounds {
  private readonly context: JobContext;
  private readonly log: Log;

  constructor({ context, log, pollMs = 20_000 }: { context: JobContext; log: Log; pollMs?: number }) {
    super({
      pauseMs: pollMs,
      onFailure: (error) => log.error({ err: error }, 'the nightly round cannot be started just now'),
    });
    this.context = context;
    this.log = log;
  }

  async round(): Promise<boolean> {
    await this.tick();
    return false;
  }

  /** Takes up the round that is due, if no process has; returns the jobs it queued. */
  async tick(): Promise<number[]> {
    const dueAt = lastNightlyTime(await this.context.refreshSettings.server(), this.context.now());
    const jobIds = await queueNightlyRound(this.context, dueAt);
    if (jobIds.length > 0) this.log.info({ dueAt, jobs: jobIds.length }, 'the nightly round was queued');
    return jobIds;
  }
}
