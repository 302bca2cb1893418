import { expect, test } from 'vitest';
import { lastNightlyTime, nextNightlyTime } from './nightly-times.ts';

const at = (text: string) => new Date(text);
const utc = { nightlyHour: 2, timeZone: 'UTC' };
const vienna = { nightlyHour: 2, timeZone: 'Europe/Vienna' };

test('the last round was due today when its hour has come, else yesterday (DC-5)', () => {
  expect(lastNightlyTime(utc, at('2026-03-02T12:00:00Z'))).toEqual(at('2026-03-02T02:00:00Z'));
  expect(lastNightlyTime(utc, at('2026-03-02T01:59:59.999Z'))).toEqual(at('2026-03-01T02:00:00Z'));
});

test('a round is due from the very millisecond of its hour', () => {
  expect(lastNightlyTime(utc, at('2026-03-02T02:00:00.000Z'))).toEqual(at('2026-03-02T02:00:00Z'));
  expect(nextNightlyTime(utc, at('2026-03-02T02:00:00.000Z'))).toEqual(at('2026-03-03T02:00:00Z'));
});

test('the hour is that of the time zone, summer and winter', () => {
  expect(nextNightlyTime(vienna, at('2026-01-10T12:00:00Z'))).toEqual(at('2026-01-11T01:00:00Z'));
  expect(nextNightlyTime(vienna, at('2026-07-10T12:00:00Z'))).toEqual(at('2026-07-11T00:00:00Z'));
});

test('on the day an hour is skipped there is one round, and on the day it comes twice there is one, too', () => {
  const roundsBetween = (from: string, to: string) => {
    const rounds: string[] = [];
    for (let next = nextNightlyTime(vienna, at(from)); next < at(to); next = nextNightlyTime(vienna, next)) {
      rounds.push(next.toISOString());
    }
    return rounds;
  };
  expect(roundsBetween('2026-03-28T12:00:00Z', '2026-03-29T12:00:00Z')).toEqual(['2026-03-29T01:00:00.000Z']);
  expect(roundsBetween('2026-10-24T12:00:00Z', '2026-10-25T12:00:00Z')).toHaveLength(1);
});
