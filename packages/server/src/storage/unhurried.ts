import { setTimeout as pause } from 'node:timers/promises';
import type { Queryable } from './database.ts';

/** So many times as long as the work took. */
const REST = 9;
const LONGEST_REST_MS = 1_000;

/**
 * Does a part of some work that is in no hurry, rests for nine times as long, and returns its result. Whoever needs the
 * same processor, disk or lock waits for one part at most, and has nine tenths of them.
 */
export async function unhurried<Result>(work: () => Promise<Result>): Promise<Result> {
  const startedAt = performance.now();
  const result = await work();
  await pause(Math.min(REST * (performance.now() - startedAt), LONGEST_REST_MS));
  return result;
}

/** 2 MB: some seven thousand runs are looked through in about ten milliseconds. */
const PAGES_AT_ONCE = 256;

/** Some pages of a table, as a condition on its rows. */
export type PageRange = (alias: string) => string;

/** Returns ranges of pages that together are a whole table, also as far as it grows meanwhile. */
export async function pageRanges(db: Queryable, table: string): Promise<PageRange[]> {
  const [row] = await db.query<{ pages: number }>(
    `select pg_relation_size($1::regclass) / current_setting('block_size')::int as pages`,
    [table],
  );
  const parts = Math.max(1, Math.ceil((row?.pages ?? 0) / PAGES_AT_ONCE));
  return Array.from({ length: parts }, (_, part) => {
    const [first, next] = [part, part + 1].map((at) => `'(${at * PAGES_AT_ONCE},0)'::tid`);
    const isLast = part === parts - 1;
    return (alias) => `${alias}.ctid >= ${first}${isLast ? '' : ` and ${alias}.ctid < ${next}`}`;
  });
}
