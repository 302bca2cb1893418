import fc from 'fast-check';
import { expect, test } from 'vitest';
import { instantText } from './instant.ts';

test('an instant is written as Date.toISOString writes it, whatever was written before', () => {
  fc.assert(fc.property(fc.date({ noInvalidDate: true }), (date) => instantText(date) === date.toISOString()));
});

test('instants of one day and of its neighbours are told apart', () => {
  const around = fc.integer({ min: -172_800_000, max: 172_800_000 }).map((ms) => new Date(Date.UTC(2026, 1, 28) + ms));
  fc.assert(fc.property(around, (date) => instantText(date) === date.toISOString()));
});

test('an invalid date is refused', () => {
  expect(() => instantText(new Date(Number.NaN))).toThrow(RangeError);
});
