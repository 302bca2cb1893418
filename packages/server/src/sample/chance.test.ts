import { expect, test } from 'vitest';
import { chance, chosen } from './chance.ts';

test('the same arguments give the same number, others another one', () => {
  expect(chance('nightly', -3, 'voucher')).toBe(chance('nightly', -3, 'voucher'));
  expect(chance('nightly', -3, 'voucher')).not.toBe(chance('nightly', -2, 'voucher'));
});

test('neighbouring days are spread evenly over 0 to 1', () => {
  const numbers = Array.from({ length: 2_000 }, (_, day) => chance('spread', day));
  const tenths = Array.from(
    { length: 10 },
    (_, tenth) => numbers.filter((one) => Math.floor(one * 10) === tenth).length,
  );
  expect(Math.min(...tenths)).toBeGreaterThan(150);
  expect(Math.max(...tenths)).toBeLessThan(250);
});

test('one of a list is chosen, and an empty list has none', () => {
  expect(['a', 'b']).toContain(chosen(['a', 'b'], 1));
  expect(() => chosen([], 1)).toThrow('nothing to choose');
});
