import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** How often what a very large call leaves behind is collected. */
export interface Collections {
  /** After so many bytes of the call, what is young. */
  everyBytes: number;
  /** After so many, also what has become old; by default never. */
  wholeEveryBytes?: number;
}

/**
 * Has the memory of a very large call collected while it is worked off. Left to itself, V8 first fills its young
 * generation and lets 64 MB of buffers pile up; part of what one step leaves is then old before it is looked at. Between two
 * steps hardly anything is alive, so that collecting what is young takes about a millisecond, a whole collection some tens.
 */
export class Garbage {
  private readonly collections: Collections;
  private readonly collect = collector();
  private young = 0;
  private all = 0;

  constructor(collections: Collections) {
    this.collections = collections;
  }

  /** To be called when nothing is needed any more of what so many bytes of the call have become. */
  leave(bytes: number): void {
    const { everyBytes, wholeEveryBytes = Number.POSITIVE_INFINITY } = this.collections;
    this.young += bytes;
    this.all += bytes;
    const isWhole = this.all >= wholeEveryBytes;
    if (!isWhole && this.young < everyBytes) return;
    this.young = 0;
    if (isWhole) this.all = 0;
    this.collect({ execution: 'sync', type: isWhole ? 'major' : 'minor' });
  }
}

type Collect = (options: { execution: 'sync'; type: 'major' | 'minor' }) => void;

let found: Collect | undefined;

/** V8 shows its collector to programs where a flag says so; made in a context of its own, nobody else gets to see it. */
function collector(): Collect {
  if (!found) {
    setFlagsFromString('--expose-gc');
    found = runInNewContext('gc') as Collect;
    setFlagsFromString('--no-expose-gc');
  }
  return found;
}
