import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { recalculate } from '../../src/rollups/recalculate.ts';
import { refreshPending } from '../../src/rollups/refresh.ts';
import { refreshRound } from '../../src/rollups/refresh-round.ts';
import { verifyFigures } from '../../src/rollups/verify.ts';
import { testDatabase } from '../support/database.ts';
import { anyHistory, anyStep, Product } from './history.ts';
import { naiveRecount, storedFigures } from './naive-recount.ts';
import { spoilFigures } from './spoil-figures.ts';

const db = await testDatabase({ poolSize: 16 });

async function expectExactFigures(product: Product): Promise<void> {
  const expected = await naiveRecount(db, product.projectId);
  expect(sorted(await storedFigures(db, product.projectId))).toEqual(sorted(expected));
  const verification = await verifyFigures(db, product.projectId);
  expect(verification.differences).toEqual([]);
  expect(verification.orphans).toEqual([]);
}

async function pendingChanges({ projectId }: Product): Promise<number | undefined> {
  const [row] = await db.query<{ count: number }>('select count(*) as count from change where project_id = $1', [
    projectId,
  ]);
  return row?.count;
}

const sorted = (figures: Map<string, string>) =>
  Object.fromEntries([...figures].sort(([a], [b]) => a.localeCompare(b)));

describe('figures of random histories', () => {
  test('the histories reach every kind of figure, so that comparing them means something', async () => {
    const kinds = new Set<string | undefined>();
    for (const seed of [1, 2, 3, 4, 5]) {
      const product = await Product.create(db);
      for (const step of fc.sample(anyStep, { numRuns: 60, seed })) await product.play(step);
      await refreshPending(db, product.projectId);
      for (const key of (await storedFigures(db, product.projectId)).keys()) kinds.add(key.split(' ')[0]);
      await expectExactFigures(product);
    }
    const all = ['case', 'folder', 'mapping', 'release', 'requirement', 'row', 'set', 'step'];
    expect([...kinds].toSorted()).toEqual(all);
  });

  test('LT-5: refreshed figures equal a naive recount, wherever in the history the refreshes fall', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(anyStep, fc.nat(3), fc.boolean()), { minLength: 1, maxLength: 40 }),
        async (history) => {
          const product = await Product.create(db);
          for (const [step, die, includeBulk] of history) {
            await product.play(step);
            if (die === 0) await refreshPending(db, product.projectId, { includeBulk });
          }
          await refreshPending(db, product.projectId);
          await expectExactFigures(product);
        },
      ),
      { numRuns: 60 },
    );
  }, 240_000);

  test('LT-5: rounds that take only a few ids and derive only a few cases at once lead to the same figures', async () => {
    const smallLimits = fc.record({ ids: fc.nat(3), cases: fc.nat(2), casesFromRuns: fc.nat(1) }).map((limits) => ({
      ids: limits.ids + 1,
      cases: limits.cases + 1,
      casesFromRuns: limits.casesFromRuns + 1,
    }));
    const history = fc.array(fc.tuple(anyStep, fc.nat(2), fc.boolean()), { minLength: 1, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(history, smallLimits, async (steps, limits) => {
        const product = await Product.create(db);
        for (const [step, die, includeBulk] of steps) {
          await product.play(step);
          if (die === 0) await refreshRound(db, product.projectId, { includeBulk, limits });
        }
        await refreshPending(db, product.projectId, { limits });
        expect(await pendingChanges(product)).toBe(0);
        await expectExactFigures(product);
      }),
      { numRuns: 200 },
    );
  }, 240_000);

  test('LT-5: a recalculation of figures made wrong on purpose equals a naive recount', async () => {
    await fc.assert(
      fc.asyncProperty(anyHistory(25), fc.infiniteStream(fc.nat(1_000)), async (history, dice) => {
        const product = await Product.create(db);
        for (const step of history) await product.play(step);
        await refreshPending(db, product.projectId);
        await spoilFigures(db, product.projectId, () => dice.next().value);
        await recalculate(db, product.projectId);
        await expectExactFigures(product);
      }),
      { numRuns: 40 },
    );
  }, 240_000);

  test('a recalculation cancelled anywhere leaves figures that refreshes go on with and the next one repairs', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(anyHistory(20), anyHistory(5)),
        fc.nat(40),
        fc.infiniteStream(fc.nat(1_000)),
        async ([before, after], progressSeen, dice) => {
          const product = await Product.create(db);
          for (const step of before) await product.play(step);
          await refreshPending(db, product.projectId);
          await spoilFigures(db, product.projectId, () => dice.next().value);
          const stop = new AbortController();
          let seen = 0;
          const cancelled = recalculate(db, product.projectId, {
            signal: stop.signal,
            onProgress: () => {
              seen += 1;
              if (seen > progressSeen) stop.abort(new Error('cancelled'));
            },
          });
          await cancelled.catch((error: Error) => expect(error.message).toBe('cancelled'));
          for (const step of after) await product.play(step);
          await refreshPending(db, product.projectId);
          await recalculate(db, product.projectId);
          await expectExactFigures(product);
        },
      ),
      { numRuns: 30 },
    );
  }, 240_000);

  test('DT-2: a second recalculation changes nothing', async () => {
    const product = await Product.create(db);
    for (const step of fc.sample(anyStep, { numRuns: 40, seed: 7 })) await product.play(step);
    await recalculate(db, product.projectId);
    expect(await recalculate(db, product.projectId)).toEqual({ rowsChanged: 0 });
  });

  test('CC-3, CC-4: concurrent writers, refreshers and a recalculation of wrong figures leave exact figures', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyHistory(20), { minLength: 3, maxLength: 3 }),
        fc.infiniteStream(fc.nat(1_000)),
        async (histories, dice) => {
          const product = await Product.create(db);
          await refreshPending(db, product.projectId);
          await spoilFigures(db, product.projectId, () => dice.next().value);
          let areWriting = true;
          const whileWriting = async (work: () => Promise<unknown>) => {
            do await work();
            while (areWriting);
          };
          const background = [
            whileWriting(() => refreshPending(db, product.projectId)),
            whileWriting(() => refreshPending(db, product.projectId, { includeBulk: false })),
            whileWriting(() => recalculate(db, product.projectId)),
          ];
          await Promise.all(
            histories.map(async (history) => {
              for (const step of history) await product.play(step);
            }),
          );
          areWriting = false;
          await Promise.all(background);
          await recalculate(db, product.projectId);
          await refreshPending(db, product.projectId);
          await expectExactFigures(product);
        },
      ),
      { numRuns: 15 },
    );
  }, 240_000);

  test('CC-4: concurrent writers and refreshers alone need no recalculation', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyHistory(20), { minLength: 3, maxLength: 3 }), async (histories) => {
        const product = await Product.create(db);
        await refreshPending(db, product.projectId);
        let areWriting = true;
        const background = [true, false].map(async (includeBulk) => {
          do await refreshPending(db, product.projectId, { includeBulk });
          while (areWriting);
        });
        const recalculation = (async () => {
          do await recalculate(db, product.projectId);
          while (areWriting);
        })();
        await Promise.all(
          histories.map(async (history) => {
            for (const step of history) await product.play(step);
          }),
        );
        areWriting = false;
        await Promise.all([...background, recalculation]);
        await refreshPending(db, product.projectId);
        await expectExactFigures(product);
      }),
      { numRuns: 15 },
    );
  }, 240_000);
});
