import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inPortions } from './portions.ts';

const quiet = { onProgress: undefined, signal: undefined, phase: 'work' };

test('every id is worked on once and in order, and the results are summed', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(500), async (count) => {
      const ids = Array.from({ length: count }, (_, id) => id);
      const seen: number[] = [];
      const sum = await inPortions({ ...quiet, ids }, async (portion) => {
        seen.push(...portion);
        return portion.length;
      });
      expect(seen).toEqual(ids);
      expect(sum).toBe(count);
    }),
  );
});

test('a portion is never more than twice the last one', async () => {
  const sizes: number[] = [];
  await inPortions({ ...quiet, ids: Array.from({ length: 2_000 }, (_, id) => id) }, async (portion) => {
    sizes.push(portion.length);
    return 0;
  });
  for (const [index, size] of sizes.entries()) expect(size).toBeLessThanOrEqual(2 * (sizes[index - 1] ?? size));
});
