import { expect, test } from 'vitest';
import { testDatabase } from '../../test/support/database.ts';
import { pageRanges, unhurried } from './unhurried.ts';

const db = await testDatabase();

test('work that is in no hurry gives its result, and its failure', async () => {
  expect(await unhurried(async () => 42)).toBe(42);
  await expect(unhurried(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
});

test('ranges of pages have each row once, also rows that came since', async () => {
  await db.query(`create table paged as select n, repeat('x', 700) as text from generate_series(1, 6000) n`);
  const ranges = await pageRanges(db, 'paged');
  expect(ranges.length).toBeGreaterThan(2);
  await db.query(`insert into paged select n, repeat('x', 700) from generate_series(6001, 9000) n`);
  const seen: number[] = [];
  for (const isInRange of ranges) {
    const rows = await db.query<{ n: number }>(`select n from paged p where ${isInRange('p')}`);
    expect(rows.length).toBeGreaterThan(0);
    seen.push(...rows.map(({ n }) => n));
  }
  expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: 9_000 }, (_, at) => at + 1));
});

test('an empty table is one range', async () => {
  await db.query('create table nothing_yet (n integer)');
  expect(await pageRanges(db, 'nothing_yet')).toHaveLength(1);
});
