import { expect, test } from 'vitest';
import { rowsInPlaces } from './rows-in-places.ts';

const sql = { from: 'runs', key: 'id', where: () => 'true' };

/** Returns the tests of ids of the queries, and what they are bound to. */
function testsOf(ranges: number, ids: number[]): { tests: string[]; values: unknown[] } {
  const values: unknown[] = [1];
  const places = { ranges: Array.from({ length: ranges }, (_, n) => ({ from: n * 10, below: n * 10 + 5 })), ids };
  const text = rowsInPlaces(sql, { asked: { parameters: [1], conditions: [] }, places, columns: 'id' }, values);
  return {
    tests: text.split('union all').map((query) => query.trim().replace('select id from runs where true and ', '')),
    values,
  };
}

test('a few ranges and single ids are read apart', () => {
  const { tests, values } = testsOf(2, [7, 8]);
  expect(tests).toEqual(['(id >= 0 and id < 5)', '(id >= 10 and id < 15)', 'id = any ($2::bigint[])']);
  expect(values).toEqual([1, [7, 8]]);
});

test('many ranges are read together', () => {
  expect(testsOf(9, []).tests).toHaveLength(1);
  expect(testsOf(9, []).tests[0]).toContain('(id >= 70 and id < 75) or (id >= 80 and id < 85)');
  expect(testsOf(8, []).tests).toHaveLength(8);
});

test('where there is no place, there is no row', () => {
  expect(testsOf(0, [])).toEqual({ tests: ['false'], values: [1] });
});
