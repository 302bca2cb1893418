import { expect, test } from 'vitest';
import { isSavable, overallStatus } from '../domain/execution-status.ts';
import { automatedHistory } from './automated-history.ts';
import { calendarOf } from './calendar.ts';
import { testCases } from './content/test-cases.ts';
import { testSets } from './content/test-sets.ts';
import { manualHistory, stepResults } from './manual-history.ts';

const NOW = new Date('2026-03-04T10:00:00.000Z');
const HOUR_MS = 3_600_000;

test('at any hour of any weekday the history ends within the last day and is of the same size', () => {
  for (let hours = 0; hours < 7 * 24; hours += 13) {
    const now = new Date(NOW.getTime() + hours * HOUR_MS);
    const automated = automatedHistory(calendarOf(now));
    const manual = manualHistory(calendarOf(now));
    const last = automated.at(-1)?.endDate.getTime() ?? 0;
    expect(now.getTime() - last).toBeLessThan(26 * HOUR_MS);
    expect([...automated, ...manual].every((run) => run.endDate <= now)).toBe(true);
    expect(automated.length + manual.length).toBeGreaterThan(2_800);
    expect(automated.length + manual.length).toBeLessThan(3_300);
  }
});

test('the history is the same whenever it is asked for', () => {
  expect(automatedHistory(calendarOf(NOW))).toEqual(automatedHistory(calendarOf(NOW)));
  expect(manualHistory(calendarOf(NOW))).toEqual(manualHistory(calendarOf(NOW)));
});

test('nobody works by hand on Saturdays and Sundays', () => {
  const days = manualHistory(calendarOf(NOW)).map((run) => run.startDate.getUTCDay());
  expect([...new Set(days)].sort()).toEqual([1, 2, 3, 4, 5]);
});

test('what testers enter can always be saved, however many steps there are', () => {
  for (const run of manualHistory(calendarOf(NOW))) {
    for (let count = 1; count <= 7; count += 1) {
      const results = stepResults(run, count);
      expect(results).toHaveLength(count);
      expect(isSavable(overallStatus(results.map((result) => result.executionStatusId)))).toBe(true);
    }
  }
});

test('the broken week shows: twice as much goes wrong as in any other', () => {
  const wrong = automatedHistory(calendarOf(NOW)).filter((run) => [1, 5].includes(run.executionStatusId));
  const ofWeek = (first: number) => wrong.filter(({ day }) => day >= first && day < first + 7).length;
  expect(ofWeek(-29)).toBeGreaterThan(2 * Math.max(ofWeek(-59), ofWeek(-45), ofWeek(-15), ofWeek(-6)));
});

test('every case has a key of its own and three to seven steps, and sets name cases that exist', () => {
  const keys = new Set(testCases.map((one) => one.key));
  expect(keys.size).toBe(testCases.length);
  expect(testCases.filter(({ steps }) => steps.length < 3 || steps.length > 7).map((one) => one.key)).toEqual([]);
  const named = testSets.flatMap(({ rows }) => rows.map((row) => (typeof row === 'string' ? row : row.case)));
  expect(named.filter((key) => !keys.has(key))).toEqual([]);
});
