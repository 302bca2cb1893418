import type { Progress } from './progress.ts';

/** How work on many ids is cut up. */
export interface Portions {
  onProgress: ((progress: Progress) => Promise<void> | void) | undefined;
  signal: AbortSignal | undefined;
}

/** A portion should hold the lock of figures about this long; nobody who waits for it waits much longer. */
const PORTION_MS = 50;
const FIRST_PORTION = 16;
const LARGEST_PORTION = 5_000;

/**
 * Calls `work` with one portion of the ids after the other and returns the sum of what it returns. The size of a portion
 * follows the time the last one took. An aborted signal stops between portions, with the reason as error.
 */
export async function inPortions(
  { ids, phase, onProgress, signal }: Portions & { phase: string; ids: readonly number[] },
  work: (portion: number[]) => Promise<number>,
): Promise<number> {
  let sum = 0;
  let size = FIRST_PORTION;
  for (let done = 0; done < ids.length; ) {
    signal?.throwIfAborted();
    const portion = ids.slice(done, done + size);
    const startedAt = performance.now();
    sum += await work(portion);
    size = nextSize(portion.length, performance.now() - startedAt);
    done += portion.length;
    await onProgress?.({ phase, done, total: ids.length });
  }
  return sum;
}

/** Returns the size that would have taken the wanted time, at most doubled: a slow start must not be followed by a long wait. */
function nextSize(size: number, tookMs: number): number {
  const fitting = Math.floor((size * PORTION_MS) / Math.max(tookMs, 1));
  return Math.max(1, Math.min(fitting, size * 2, LARGEST_PORTION));
}
