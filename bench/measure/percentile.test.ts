import { expect, test } from 'vitest';
import { median, percentile } from './percentile.ts';

test.each([
  { values: [3, 1, 2], share: 0.5, expected: 2 },
  { values: [4, 1, 3, 2], share: 0.5, expected: 3 },
  { values: [10, 9, 100], share: 0.99, expected: 100 },
  { values: [10, 9, 100], share: 1, expected: 100 },
  { values: [7], share: 0, expected: 7 },
])('of $values the share $share lies below $expected', ({ values, share, expected }) => {
  expect(percentile(values, share)).toBe(expected);
});

test('of nothing the median is no number', () => {
  expect(median([])).toBeNaN();
});

test('the values keep their order', () => {
  const values = [3, 1, 2];
  median(values);
  expect(values).toEqual([3, 1, 2]);
});
