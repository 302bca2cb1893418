import fc from 'fast-check';
import { expect, test } from 'vitest';
import { laterResult, latestResult, type RunResult } from './latest-run.ts';

const aResult = (values: Partial<RunResult>): RunResult => ({
  testRunId: 1,
  executionStatusId: 2,
  endMs: 0,
  actualDuration: null,
  ...values,
});

test('LT-1: the later end wins, not the later arrival', () => {
  const backdated = aResult({ testRunId: 9, endMs: 100 });
  const newer = aResult({ testRunId: 1, endMs: 200 });
  expect(latestResult([newer, backdated])).toBe(newer);
});

test('LT-1: of equal ends the greater id wins', () => {
  const first = aResult({ testRunId: 1, endMs: 100 });
  const second = aResult({ testRunId: 2, endMs: 100 });
  expect(latestResult([second, first])).toBe(second);
});

test('LT-3: history does not matter; passed ten times, then failed once, is failed', () => {
  const passed = Array.from({ length: 10 }, (_, day) => aResult({ testRunId: day, endMs: day }));
  expect(latestResult([...passed, aResult({ testRunId: 11, endMs: 11, executionStatusId: 1 })])).toMatchObject({
    executionStatusId: 1,
  });
});

test('LT-4: a completed run with status Not Run is a result with a date', () => {
  const skipped = aResult({ testRunId: 2, endMs: 5, executionStatusId: 3 });
  expect(latestResult([aResult({}), skipped])).toBe(skipped);
});

test('no runs have no latest', () => {
  expect(latestResult([])).toBeUndefined();
});

const anyResult = fc.record({
  testRunId: fc.nat(50),
  executionStatusId: fc.integer({ min: 1, max: 6 }),
  endMs: fc.nat(5),
  actualDuration: fc.constant(null),
});

test('the later of results does not depend on order, grouping or repetition', () => {
  const byKey = fc.uniqueArray(anyResult, { selector: (result) => result.testRunId, minLength: 1 });
  fc.assert(
    fc.property(byKey, fc.nat(), (results, turn) => {
      const turned = [...results.slice(turn % results.length), ...results.slice(0, turn % results.length)];
      const halves = [turned.slice(0, 2), turned.slice(2)].map((half) => latestResult(half));
      expect(latestResult(turned)).toBe(latestResult(results));
      expect(laterResult(halves[0], halves[1])).toBe(latestResult(results));
      expect(latestResult([...results, ...results])).toBe(latestResult(results));
    }),
  );
});
