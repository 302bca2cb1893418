import fc from 'fast-check';
import { expect, test } from 'vitest';
import { instantText, plainInstant } from './instant.ts';

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

const ofFourDigits = {
  noInvalidDate: true,
  min: new Date('0001-01-01T00:00:00Z'),
  max: new Date('9999-12-31T23:59:59.999Z'),
};

test('an instant is read as it is written, whatever was read before', () => {
  const property = fc.property(fc.date(ofFourDigits), (date) => {
    expect(plainInstant(date.toISOString())).toEqual(date);
    const wholeSeconds = `${date.toISOString().slice(0, 19)}Z`;
    expect(plainInstant(wholeSeconds)).toEqual(new Date(wholeSeconds));
  });
  fc.assert(property);
});

test.each([
  '2026-02-29T00:00:00Z',
  '2026-04-31T00:00:00Z',
  '2026-13-01T00:00:00Z',
  '2026-02-28T24:00:00Z',
  '2026-02-28T10:60:00Z',
  '2026-02-28T10:00:60.000Z',
  '2026-02-28T10:00:00.1Z',
  '2026-02-28T10:00:00+00:00',
  '2026-02-28',
])('%s is no plain instant', (text) => {
  expect(plainInstant('2026-02-28T10:00:00Z')).toEqual(new Date('2026-02-28T10:00:00Z'));
  expect(plainInstant(text)).toBeUndefined();
});
