import fc from 'fast-check';
import { expect, test } from 'vitest';
import { idStretches } from './runs-by-id.ts';

/** The numbers of a parameter, as PostgreSQL reads them. */
function numbersOf(array: Buffer): number[] {
  const count = array.readInt32BE(12);
  return Array.from({ length: count }, (_, at) => Number(array.readBigInt64BE(20 + at * 12 + 4)));
}

test('consecutive ids are one stretch, whatever order they come in', () => {
  const [firsts, lasts] = idStretches([12, 10, 11, 30, 14, 11]);
  expect(numbersOf(firsts)).toEqual([10, 14, 30]);
  expect(numbersOf(lasts)).toEqual([12, 14, 30]);
});

test('stretches hold the ids and no other, ascending', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 60 })), fc.nat({ max: 2 ** 40 }), (offsets, start) => {
      const ids = offsets.map((offset) => start + offset);
      const [firsts, lasts] = idStretches(ids).map(numbersOf);
      const held = firsts!.flatMap((first, at) =>
        Array.from({ length: lasts![at]! - first + 1 }, (_, step) => first + step),
      );
      expect(held).toEqual([...new Set(ids)].sort((a, b) => a - b));
    }),
  );
});
