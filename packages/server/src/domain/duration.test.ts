import { expect, test } from 'vitest';
import { actualMinutes } from './duration.ts';

const start = new Date('2024-05-14T14:00:00.000Z');
const after = (seconds: number) => new Date(start.getTime() + seconds * 1000);

test.each([
  [0, 0],
  [29, 0],
  [30, 1],
  [89, 1],
  [90, 2],
  [600, 10],
])('DU-3: %s seconds are %s minutes', (seconds, minutes) => {
  expect(actualMinutes(start, after(seconds))).toBe(minutes);
});

test('DU-3, SV-8: an end before the start is 0 minutes', () => {
  expect(actualMinutes(start, after(-3600))).toBe(0);
  expect(Object.is(actualMinutes(start, after(-1)), 0)).toBe(true);
});

test('ED-3: without an end there is no duration', () => {
  expect(actualMinutes(start, null)).toBeNull();
});

test('dates thousands of years apart stay within what can be stored', () => {
  expect(actualMinutes(new Date('0001-01-01'), new Date('9999-12-31'))).toBe(2_147_483_647);
});
