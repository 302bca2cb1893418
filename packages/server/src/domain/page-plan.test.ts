import fc from 'fast-check';
import { expect, test } from 'vitest';
import { firstCells, planPage } from './page-plan.ts';

interface Row {
  place: number;
  cell: number;
}

const anyRows = fc.array(fc.record({ place: fc.nat(40), cell: fc.nat(6) }), { maxLength: 120 });

function cellsOf(rows: readonly Row[], slack: number) {
  return [...Map.groupBy(rows, (row) => row.cell)].map(([id, members]) => ({
    id,
    first: Math.min(...members.map((row) => row.place)) - slack,
    last: Math.max(...members.map((row) => row.place)) + slack,
    count: members.length,
    isExact: true,
  }));
}

/** The order of the list: by place, rows of equal places as they stand. */
const ordered = (rows: readonly Row[]) => rows.toSorted((a, b) => a.place - b.place);

test('the cells of a plan, ordered and without what is skipped, begin with the page', () => {
  fc.assert(
    fc.property(anyRows, fc.nat(130), fc.integer({ min: 1, max: 30 }), fc.nat(2), (rows, offset, limit, slack) => {
      const plan = planPage(cellsOf(rows, slack), { offset, limit });
      const kept = new Set(plan.cells.map((cell) => cell.id));
      const found = ordered(rows.filter((row) => kept.has(row.cell)));
      const expected = ordered(rows).slice(offset, offset + limit);
      expect(found.slice(plan.skip, plan.skip + limit)).toEqual(expected);
    }),
    { numRuns: 2_000 },
  );
});

test('of cells that do not overlap only those of the page are kept', () => {
  const cells = Array.from({ length: 1_000 }, (_, id) => ({
    id,
    first: id * 10,
    last: id * 10 + 9,
    count: 100,
    isExact: true,
  }));
  const { cells: kept, skip } = planPage(cells, { offset: 50_050, limit: 100 });
  expect([kept.map((cell) => cell.id), skip]).toEqual([[500, 501], 50]);
});

test('a page behind the end needs no cell', () => {
  const cells = [{ first: 1, last: 5, count: 10, isExact: true }];
  expect(planPage(cells, { offset: 10, limit: 5 }).cells).toEqual([]);
});

test('the first cells hold every row that stands before the place they are certain below', () => {
  fc.assert(
    fc.property(anyRows, fc.nat(60), fc.nat(4), (rows, wanted, atLeast) => {
      const taken = firstCells(cellsOf(rows, 0), { rows: wanted, atLeast, expected: (cell) => cell.count / 2 });
      const kept = new Set(taken.cells.map((cell) => cell.id));
      for (const row of rows) if (row.place < taken.certainBelow) expect(kept.has(row.cell)).toBe(true);
    }),
    { numRuns: 1_000 },
  );
});
