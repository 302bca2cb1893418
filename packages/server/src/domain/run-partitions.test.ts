import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LEAST_SPAN, missingPartitions, partitionEnd } from './run-partitions.ts';

const partitionsUpTo = (runs: number): number => {
  let count = 0;
  for (let start = 0; start < runs; start = partitionEnd(start)) count += 1;
  return count;
};

test('the number of partitions stays below a hundred up to a thousand million runs', () => {
  expect([1e6, 1e7, 1e8, 1e9].map(partitionsUpTo)).toEqual([1, 10, 41, 78]);
});

test('partitions follow each other without gaps and leave a whole least span free beyond the last id', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 5_000 }), fc.nat({ max: 4_000_000_000 }), (spans, lastId) => {
      const lastEnd = spans * LEAST_SPAN;
      const missing = missingPartitions(lastEnd, lastId);
      const ends = [lastEnd, ...missing.map(({ end }) => end)];
      expect(missing.map(({ start }) => start)).toEqual(ends.slice(0, -1));
      expect(ends.at(-1)).toBeGreaterThan(lastId + LEAST_SPAN);
      for (const { start, end } of missing) expect((end - start) % LEAST_SPAN).toBe(0);
      for (const { start, end } of missing) expect(end - start).toBeGreaterThanOrEqual(LEAST_SPAN);
      // No more than needed: without the last one it would not be enough.
      if (missing.length > 0) expect(ends.at(-2)).toBeLessThanOrEqual(lastId + LEAST_SPAN);
    }),
    { numRuns: 200 },
  );
});
