import fc from 'fast-check';
import { expect, test } from 'vitest';
import { applyRetention, previewRetention } from '../../src/commands/apply-retention.ts';
import { recalculate } from '../../src/rollups/recalculate.ts';
import { refreshPending } from '../../src/rollups/refresh.ts';
import { verifyFigures } from '../../src/rollups/verify.ts';
import type { Database } from '../../src/storage/database.ts';
import { testDatabase } from '../support/database.ts';
import { completePartitions } from '../support/runs.ts';
import { anyHistory, anyStep, Product, type Step } from './history.ts';
import { naiveRecount, storedFigures } from './naive-recount.ts';

/** Long after everything that histories do: all their runs are old. */
const now = () => new Date('2040-01-01T00:00:00Z');
const recorded: ReadonlySet<Step['kind']> = new Set(['record', 'bulk', 'refusedBulk', 'save']);

const sorted = (figures: Map<string, string>) =>
  Object.fromEntries([...figures].sort(([a], [b]) => a.localeCompare(b)));
const counted = async (db: Database, projectId: number) => sorted(await naiveRecount(db, projectId));
const runsOf = async (db: Database, projectId: number) =>
  (await db.query('select from test_run where project_id = $1', [projectId])).length;

/** A product with a history that is in the figures, and then deletions, edits and moves that are not, in part. */
async function aPendingHistory(db: Database, [before, after]: readonly [Step[], Step[]]): Promise<Product> {
  const product = await Product.create(db);
  for (const step of before) await product.play(step);
  await refreshPending(db, product.projectId);
  for (const step of after.filter(({ kind }) => !recorded.has(kind))) await product.play(step);
  return product;
}

async function expectFigures(db: Database, projectId: number, expected: Record<string, string>): Promise<void> {
  await refreshPending(db, projectId);
  expect(sorted(await storedFigures(db, projectId))).toEqual(expected);
  expect(await counted(db, projectId)).toEqual(expected);
  const { differences, orphans } = await verifyFigures(db, projectId);
  expect({ differences, orphans }).toEqual({ differences: [], orphans: [] });
  await recalculate(db, projectId);
  expect(sorted(await storedFigures(db, projectId))).toEqual(expected);
}

/** Long ones: most runs of short histories are the latest of something. */
const histories = fc.tuple(fc.array(anyStep, { minLength: 80, maxLength: 120 }), anyHistory(10));

test('deleting old runs changes no figure, whatever is pending, and deletes as many as the preview says', async () => {
  const db = await testDatabase();
  let gone = 0;
  await fc.assert(
    fc.asyncProperty(histories, async (history) => {
      const { projectId } = await aPendingHistory(db, history);
      const expected = await counted(db, projectId);
      const before = await runsOf(db, projectId);
      const { runs: early } = await applyRetention({ db, now }, projectId, { keepDays: 30 });
      await refreshPending(db, projectId);
      const previewed = await previewRetention({ db, now }, projectId, 30);
      const { runs, partitionsRewritten } = await applyRetention({ db, now }, projectId, { keepDays: 30 });
      expect({ runs, partitionsRewritten }).toEqual({ runs: previewed, partitionsRewritten: 0 });
      expect(await runsOf(db, projectId)).toBe(before - early - runs);
      gone += runs;
      await expectFigures(db, projectId, expected);
    }),
    // A history shrinks slowly, and the seed says it all.
    { numRuns: 15, endOnFailure: true },
  );
  // Some histories lose hundreds, others hardly any.
  expect(gone).toBeGreaterThan(10);
}, 240_000);

test('rewriting partitions changes no figure, and of other products nothing at all', async () => {
  const db = await testDatabase();
  const samples = fc.sample(histories, { numRuns: 8, seed: 5 });
  const products = [];
  for (const sample of samples) products.push((await aPendingHistory(db, sample)).projectId);
  await completePartitions(db);
  const contents = async (projectIds: number[]) =>
    Promise.all(
      ['test_run', 'test_run_step'].map((table) =>
        db.query(`select t::text from ${table} t where project_id = any ($1) order by 1`, [projectIds]),
      ),
    );
  for (const projectId of products) {
    const others = products.filter((other) => other !== projectId);
    const expected = await counted(db, projectId);
    const untouched = await contents(others);
    await refreshPending(db, projectId);
    const before = await runsOf(db, projectId);
    const previewed = await previewRetention({ db, now }, projectId, 30);
    const report = await applyRetention({ db, now }, projectId, { keepDays: 30, isWorthRewriting: () => true });
    expect(report).toEqual({ runs: previewed, partitionsRewritten: previewed > 0 ? 1 : 0 });
    expect(await runsOf(db, projectId)).toBe(before - previewed);
    expect(await contents(others)).toEqual(untouched);
    await expectFigures(db, projectId, expected);
  }
}, 240_000);

test('histories go on while partitions are rewritten and runs deleted, and leave exact figures', async () => {
  const db = await testDatabase({ poolSize: 16 });
  const products = [await Product.create(db), await Product.create(db)];
  for (const product of products) {
    for (const step of fc.sample(anyStep, { numRuns: 60, seed: 11 })) await product.play(step);
    await refreshPending(db, product.projectId);
  }
  await completePartitions(db);
  let areWriting = true;
  const whileWriting = async (work: () => Promise<unknown>) => {
    do await work();
    while (areWriting);
  };
  // Begun, not done: a rewrite gives way to the histories as often as they edit its runs. While edits wait for a refresh
  // nothing is old enough to go, so that one may begin only after many steps.
  let rewritesBegun = 0;
  const background = products.flatMap(({ projectId }, position) => [
    whileWriting(() => refreshPending(db, projectId)),
    whileWriting(async () => {
      const isWorthRewriting = () => {
        if (position === 0) rewritesBegun += 1;
        return position === 0;
      };
      await applyRetention({ db, now }, projectId, { keepDays: 30, isWorthRewriting });
    }),
  ]);
  await Promise.all(
    products.flatMap((product) =>
      [1, 2].map(async (seed) => {
        for (let round = 0; round === 0 || rewritesBegun === 0; round += 1) {
          const steps = fc.sample(anyStep, { numRuns: 60, seed: seed + 2 * round });
          for (const step of steps) await product.play(step);
        }
      }),
    ),
  );
  areWriting = false;
  await Promise.all(background);
  for (const { projectId } of products) {
    await refreshPending(db, projectId);
    const { differences, orphans } = await verifyFigures(db, projectId);
    expect({ differences, orphans }).toEqual({ differences: [], orphans: [] });
    expect(sorted(await storedFigures(db, projectId))).toEqual(await counted(db, projectId));
  }
}, 240_000);
