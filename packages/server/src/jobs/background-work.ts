import type { CommandContext } from '../commands/context.ts';
import type { RefreshSettings } from '../storage/settings.ts';
import { BlockLoop } from './block-loop.ts';
import { ContinuousLoop } from './continuous-loop.ts';
import { JobLoop } from './job-loop.ts';
import type { Log } from './log.ts';
import { NightlyLoop } from './nightly-loop.ts';
import { PartitionLoop } from './partition-loop.ts';

/** Everything that a server process does without being asked. */
export interface BackgroundWork {
  jobs: JobLoop;
  nightly: NightlyLoop;
  continuous: ContinuousLoop;
  partitions: PartitionLoop;
  blocks: BlockLoop;
  start(): void;
  /** Resolves when nothing runs any more; unfinished jobs are left to other processes or the next start. */
  stop(): Promise<void>;
}

/** Returns the background work of a process, not yet started. */
export function backgroundWork(
  command: CommandContext,
  { refreshSettings, log }: { refreshSettings: RefreshSettings; log: Log },
): BackgroundWork {
  const jobs = new JobLoop({ context: { ...command, refreshSettings }, log });
  const context = { ...command, refreshSettings, jobs };
  const nightly = new NightlyLoop({ context, log });
  const continuous = new ContinuousLoop({ context, log });
  const partitions = new PartitionLoop({ context, log });
  const blocks = new BlockLoop({ context, log });
  const loops = [jobs, nightly, continuous, partitions, blocks];
  return {
    jobs,
    nightly,
    continuous,
    partitions,
    blocks,
    start: () => {
      for (const loop of loops) loop.start();
    },
    stop: async () => {
      await Promise.all(loops.map((loop) => loop.stop()));
    },
  };
}
