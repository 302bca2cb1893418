import { beforeAll, expect, test } from 'vitest';
import { verifyFigures } from '../../packages/server/src/rollups/verify.ts';
import { listRunPartitions } from '../../packages/server/src/storage/run-partitions.ts';
import { testDatabase } from '../../packages/server/test/support/database.ts';
import { findProduct, generateProduct } from './generate-product.ts';

const RUNS = 10_000;
const db = await testDatabase();
let projectId: number;

beforeAll(async () => {
  // Its runs are given ids on both sides of where the last partition ends.
  const end = (await listRunPartitions(db)).at(-1)?.end ?? Number.NaN;
  await db.query(`select setval('test_run_test_run_id_seq', $1)`, [end - RUNS / 2]);
  projectId = await generateProduct(db, { runs: RUNS, name: 'Generated', onProgress: () => {} });
});

async function counted(expression: string): Promise<number> {
  const [row] = await db.query<{ count: number }>(`select ${expression} as count from test_run where project_id = $1`, [
    projectId,
  ]);
  return row?.count ?? Number.NaN;
}

test('a generated product has exact figures, and nothing of it waits for a refresh', async () => {
  const found = await verifyFigures(db, projectId);
  expect(found).toMatchObject({ runs: RUNS, pending: 0, differences: [], orphans: [] });
  expect(found.compared).toBeGreaterThan(500 * 10);
});

test('its runs have the shape that is told of it', async () => {
  expect(await counted('count(distinct test_case_id)')).toBe(500);
  expect(await counted('count(distinct test_set_row_id)')).toBe(500);
  expect(await counted('count(distinct release_id)')).toBe(7);
  expect(await counted('count(distinct tester_id)')).toBe(8);
  expect((await counted('count(*) filter (where execution_status_id = 1)')) / RUNS).toBeCloseTo(1 / 7, 1);
  const longTraces = await counted('count(*) filter (where length(runner_stack_trace) > 50000)');
  expect(longTraces).toBeGreaterThan(RUNS / 350 / 2);
  expect(longTraces).toBeLessThan((RUNS / 350) * 2);
});

test('its ids have no gaps, so that a size says where its last block ends', async () => {
  expect(await counted('max(test_run_id) - min(test_run_id) + 1')).toBe(RUNS);
});

test('some traces are equal and most are not', async () => {
  const failures = await counted(`count(*) filter (where runner_stack_trace <> '')`);
  const different = await counted(`count(distinct runner_stack_trace) filter (where runner_stack_trace <> '')`);
  expect(different / failures).toBeGreaterThan(0.6);
  expect(different / failures).toBeLessThan(0.9);
});

test('it is found again by its name, with what a recorder needs', async () => {
  const product = await findProduct(db, 'Generated');
  expect(product?.projectId).toBe(projectId);
  expect(product?.releaseIds).toHaveLength(10);
  expect(product?.testCaseIds).toHaveLength(500);
  expect(product?.places.size).toBe(500);
  expect(await findProduct(db, 'Generated (being made)')).toBeUndefined();
});
