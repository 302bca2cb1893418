import type { CommandContext } from '../commands/context.ts';
import { ClosedRunIds, countBlocks } from '../rollups/count-blocks.ts';
import { listProjectsToCount } from '../storage/run-blocks.ts';
import { BackgroundRounds } from './background-loop.ts';
import type { Log } from './log.ts';

export interface BlockLoopOptions {
  context: Pick<CommandContext, 'db'>;
  log: Log;
  pauseMs?: number;
}

/** While somebody records, counting takes a twentieth of the time of one connection. */
const REST_WHILE_RECORDING = 19;

/**
 * Counts blocks of runs soon after they are full, and those again that edits and deletions have touched. Until then
 * readers look at the runs themselves: slower, never wrong. Any number of processes may run it.
 */
export class BlockLoop extends BackgroundRounds {
  private readonly options: BlockLoopOptions;
  private readonly closed = new ClosedRunIds();

  constructor(options: BlockLoopOptions) {
    super({
      pauseMs: options.pauseMs ?? 1_000,
      restAfterRound: () => (this.closed.somebodyRecords ? REST_WHILE_RECORDING : 0),
      onFailure: (error) => options.log.error({ err: error }, 'blocks of runs cannot be counted just now'),
    });
    this.options = options;
  }

  /** Counts some blocks of each project; returns whether there is more to do at once. */
  async round(): Promise<boolean> {
    const { db } = this.options.context;
    const closedBelow = await this.closed.below(db);
    let hasMore = false;
    for (const projectId of await listProjectsToCount(db, closedBelow)) {
      hasMore = (await countBlocks(db, projectId, closedBelow)) || hasMore;
    }
    return hasMore;
  }
}
