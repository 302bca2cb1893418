import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isExecutionStatus, isSavable, notAnExecutionStatus, overallStatus } from './execution-status.ts';
import { ExecutionStatus, type ExecutionStatusId } from './tables.ts';

const { Failed, Passed, NotRun, NotApplicable, Blocked, Caution } = ExecutionStatus;

// The table of semantics 2.2, cell by cell: rows are what is present of Failed, Blocked, Caution; columns what is
// present of Not Run, Passed, N/A. A null cell is refused.
const columns: ExecutionStatusId[][] = [
  [],
  [NotRun],
  [Passed],
  [NotApplicable],
  [NotRun, Passed],
  [NotRun, NotApplicable],
  [Passed, NotApplicable],
  [NotRun, Passed, NotApplicable],
];
const same = (status: ExecutionStatusId) => columns.map(() => status);
const table: [ExecutionStatusId[], (ExecutionStatusId | null)[]][] = [
  [[], [null, null, Passed, NotApplicable, null, null, Passed, null]],
  [[Caution], same(Caution)],
  [[Blocked], same(Blocked)],
  [[Blocked, Caution], same(Blocked)],
  [[Failed], same(Failed)],
  [[Failed, Caution], same(Failed)],
  [[Failed, Blocked], same(Failed)],
  [[Failed, Blocked, Caution], same(Failed)],
];
const cells = table.flatMap(([row, results]) =>
  columns.map((column, position) => ({ present: [...row, ...column], expected: results[position] ?? null })),
);

describe('the status of a manual run (semantics 2.2)', () => {
  test.each(cells)('ST-1 to ST-5: steps $present give $expected (null: refused)', ({ present, expected }) => {
    const overall = overallStatus(present);
    expect(isSavable(overall) ? overall : null).toBe(expected);
  });

  test('of the 64 subsets 59 may be saved and 5 are refused', () => {
    const savable = cells.filter(({ present }) => isSavable(overallStatus(present)));
    expect([savable.length, cells.length - savable.length]).toEqual([59, 5]);
  });

  test('ST-2: what is refused is Not Run, or nothing at all', () => {
    expect(overallStatus([Passed, Passed, NotRun])).toBe(NotRun);
    expect(overallStatus([])).toBeUndefined();
  });

  test('ST-6: the order and the number of steps do not matter', () => {
    const statuses = fc.array(fc.constantFrom(Failed, Passed, NotRun, NotApplicable, Blocked, Caution), {
      minLength: 1,
    });
    const repeats = fc.array(fc.nat(), { maxLength: 20 });
    fc.assert(
      fc.property(statuses, repeats, fc.func(fc.integer()), (steps, again, rank) => {
        const repeated = [...steps, ...again.map((position) => steps[position % steps.length]!)];
        const shuffled = repeated.toSorted((a, b) => rank(a) - rank(b)).toReversed();
        expect(overallStatus(shuffled)).toBe(overallStatus(steps));
      }),
    );
  });
});

describe('values of a status', () => {
  test.each([1, 2, 3, 4, 5, 6])('SV-2, AU-2: %s is a status', (value) => {
    expect(isExecutionStatus(value)).toBe(true);
  });

  test.each([0, 7, -1, 2.5, null, undefined, '2'])('SV-2, AU-2: %s is none', (value) => {
    expect(isExecutionStatus(value)).toBe(false);
  });

  test('the refusal names the value and what would be allowed', () => {
    expect(notAnExecutionStatus(7)).toBe(
      '7 is not an execution status; allowed are 1 Failed, 2 Passed, 3 Not Run, 4 Not Applicable, 5 Blocked, 6 Caution',
    );
    expect(notAnExecutionStatus(undefined)).toMatch(/^A missing value is not/);
  });
});
