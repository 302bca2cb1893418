// Where one partition of the run tables ends and the next begins, by run id.

/** The fewest ids of a partition, and what its bounds are multiples of (also in the migration that began with them). */
export const LEAST_SPAN = 2 ** 20;
/** From 16 partitions on, each has a sixteenth of all ids before it. */
const GROWTH = 16;

/**
 * Returns where the partition that begins at `start` ends (exclusive). About a million ids keep the indexes that new
 * runs go to in memory and make a rewrite short; the slow growth keeps the number of partitions small, since whatever is
 * not looked up by run id asks each of them: 10 at 10 M runs, 41 at 100 M, 78 at 1 G.
 */
export function partitionEnd(start: number): number {
  const span = Math.max(LEAST_SPAN, start / GROWTH);
  return start + Math.ceil(span / LEAST_SPAN) * LEAST_SPAN;
}

/** Returns the bounds of the partitions to add after the last one, so that a whole least span is free beyond `lastId`. */
export function missingPartitions(lastEnd: number, lastId: number): { start: number; end: number }[] {
  const missing: { start: number; end: number }[] = [];
  for (let start = lastEnd; start <= lastId + LEAST_SPAN; ) {
    const end = partitionEnd(start);
    missing.push({ start, end });
    start = end;
  }
  return missing;
}
