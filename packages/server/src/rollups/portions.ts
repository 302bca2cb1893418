import type { Progress } from './progress.ts';

/** How work on many ids is cut up. */
export interface Portions {
  onProgress: ((progress: Progress) => Promise<void> | void) | undefined;
  signal: AbortSignal | undefined;
}

/** A portion should take about this long: it may hold the lock of figures, and nobody is to wait much longer for that. */
const PORTION_MS = 30;
const FIRST_PORTION = 16;
const LARGEST_PORTION = 5_000;

export interface PortionedWork extends Portions {
  phase: string;
  ids: readonly number[];
  /** Size of the first portion, where a single id may be much work. */
  first?: number;
}

/**
 * Calls `work` with one portion of the ids after the other and returns the sum of what it returns. The size of a portion
 * follows the time the last one took. An aborted signal stops between portions, with the reason as error.
 */
export async function inPortions(
  { ids, phase, first = FIRST_PORTION, onProgress, signal }: PortionedWork,
  work: (portion: number[]) => Promise<number>,
): Promise<number> {
  let sum = 0;
  let size = first;
  for (let done = 0; done < ids.length; ) {
    signal?.throwIfAborted();
    const portion = ids.slice(done, done + size);
    const startedAt = performance.now();
    sum += await work(portion);
    const tookMs = performance.now() - startedAt;
    size = fittingSize(portion.length, { tookMs, wantedMs: PORTION_MS, most: LARGEST_PORTION });
    done += portion.length;
    await onProgress?.({ phase, done, total: ids.length });
  }
  return sum;
}

/** Calls `look` with one portion of the ids after the other and returns everything that it found. */
export async function foundInPortions(
  portions: PortionedWork,
  look: (portion: number[]) => Promise<number[]>,
): Promise<Set<number>> {
  const found = new Set<number>();
  await inPortions(portions, async (portion) => {
    for (const id of await look(portion)) found.add(id);
    return 0;
  });
  return found;
}

/** Returns the size that would have taken the wanted time, at most doubled: a slow start must not be followed by a long wait. */
export function fittingSize(
  size: number,
  { tookMs, wantedMs, most }: { tookMs: number; wantedMs: number; most: number },
): number {
  const fitting = Math.floor((size * wantedMs) / Math.max(tookMs, 1));
  return Math.max(1, Math.min(fitting, size * 2, most));
}
