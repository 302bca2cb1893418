import type { CommandContext } from '../commands/context.ts';
import { analyzeRuns, makeRunPartitions } from '../storage/run-partitions.ts';
import { BackgroundRounds } from './background-loop.ts';
import type { Log } from './log.ts';

export interface PartitionLoopOptions {
  context: Pick<CommandContext, 'db'>;
  log: Log;
  pauseMs?: number;
}

/**
 * Makes partitions of the run tables before their first run comes, and keeps the planner's statistics of the whole tables:
 * PostgreSQL does so by itself only for each partition. Any number of processes may run it.
 */
export class PartitionLoop extends BackgroundRounds {
  private readonly options: PartitionLoopOptions;

  constructor(options: PartitionLoopOptions) {
    super({
      // At 100,000 runs a second the million ids that are always free would last as long.
      pauseMs: options.pauseMs ?? 10_000,
      onFailure: (error) => options.log.error({ err: error }, 'no partitions for new runs can be made just now'),
    });
    this.options = options;
  }

  async round(): Promise<boolean> {
    const { context, log } = this.options;
    const made = await makeRunPartitions(context.db);
    if (made > 0) log.info({ partitions: made }, 'partitions for new runs were made');
    await analyzeRuns(context.db);
    return false;
  }
}
