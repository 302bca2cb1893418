import { exhaustedPool } from './exhausted-pool.ts';
import type { Fault } from './fault.ts';
import { fullDisk, fullExternalDisk } from './full-disk.ts';
import { killBoth, killDatabase, killServer } from './kill.ts';
import { promotedReplica } from './promoted-replica.ts';
import { restartDatabase } from './restart.ts';
import { refusedDatabase, swallowedDatabase } from './unreachable.ts';

/** All faults, in the order in which they are made. */
export const faults: readonly Fault[] = [
  killServer,
  killDatabase,
  killBoth,
  restartDatabase,
  refusedDatabase,
  swallowedDatabase,
  exhaustedPool,
  fullDisk,
  fullExternalDisk,
  promotedReplica,
];
