import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { applyRetention } from '../../src/commands/apply-retention.ts';
import type { Condition, Sort } from '../../src/domain/filter.ts';
import { ClosedRunIds, countBlocks } from '../../src/rollups/count-blocks.ts';
import { recalculate } from '../../src/rollups/recalculate.ts';
import { refreshPending } from '../../src/rollups/refresh.ts';
import { verifyFigures } from '../../src/rollups/verify.ts';
import type { Queryable, Readable } from '../../src/storage/database.ts';
import { holdReferences } from '../../src/storage/locks.ts';
import type { BlockSpans } from '../../src/storage/run-blocks.ts';
import { runDimensions } from '../../src/storage/run-dimensions.ts';
import { automatedTestRuns, manualTestRuns, testRuns } from '../../src/views/test-runs.ts';
import { anyStep, Product } from '../figures/history.ts';
import { testConnection, testDatabaseWithUrl } from '../support/database.ts';
import { completePartitions, shortBlocks } from '../support/runs.ts';

const { db, connectionString } = await testDatabaseWithUrl({ poolSize: 16 });
const lookingOn = testConnection(connectionString, { poolSize: 1 });
afterAll(() => lookingOn.close());

const views = { testRuns, manualTestRuns, automatedTestRuns };
type ViewName = keyof typeof views;

/** Blocks so short that a history of some dozen runs has several. */
async function aProductWithBlocksOf(spans: BlockSpans): Promise<Product> {
  const product = await Product.create(db);
  await shortBlocks(db, product.projectId, spans);
  return product;
}

/** The last part of a block may be shorter, and a part as long as its block. */
const anySpans = fc
  .record({ span: fc.integer({ min: 1, max: 12 }), partSpan: fc.integer({ min: 1, max: 4 }) })
  .map(({ span, partSpan }) => ({ span, partSpan: Math.min(span, partSpan) }));

/** Automated and manual runs with few different values, some of them frequent, that ended in about the order of their ids. */
async function recordMany(product: Product, count: number): Promise<void> {
  const [cases, releases, sets] = (['testCaseId', 'releaseId', 'testSetId'] as const).map((of) => product.idsOf(of));
  const often = (ids: string) => `(${ids})[1 + floor(cardinality(${ids}) * random() ^ 3)::int]`;
  await db.transaction(async (transaction) => {
    await transaction.query('select setseed(0.5)');
    await transaction.query(
      `insert into test_run (project_id, tester_id, name, test_case_id, release_id, test_set_id, test_run_type_id,
                           execution_status_id, runner_name, actual_duration, start_date, end_date)
     select $1, 1, 'Case ' || n % 3, ${often('$2::int[]')}, case when random() < 0.8 then ${often('$3::int[]')} end,
            case when random() < 0.5 then ${often('$4::int[]')} end, case when random() < 0.3 then 1 else 2 end,
            1 + floor(6 * random() ^ 2)::int, case when random() < 0.7 then 'Vitest' end, floor(9 * random())::int, at, at
       from generate_series(1, $5::int) n
      cross join lateral (select $6::timestamptz + (n * 13.0 / $5::int + random()) * interval '1 minute' as at) ended`,
      [product.projectId, cases, releases, sets, count, new Date(start)],
    );
  });
}

async function countAllBlocks(product: Product): Promise<void> {
  const closedBelow = await new ClosedRunIds().below(db);
  while (await countBlocks(db, product.projectId, closedBelow));
}

/** Long after everything that histories do: all their runs are old. */
const now = () => new Date('2040-01-01T00:00:00Z');

/** Deletes all runs that no figure needs, one by one or by rewriting partitions; returns how many. */
async function deleteOldRuns({ projectId }: Product, how: 'oneByOne' | 'rewriting'): Promise<number> {
  await refreshPending(db, projectId);
  if (how === 'rewriting') await completePartitions(db);
  const { runs } = await applyRetention({ db, now }, projectId, {
    keepDays: 30,
    isWorthRewriting: () => how === 'rewriting',
  });
  return runs;
}

const start = 1_700_000_000_000;
const dates = fc.nat(14).map((minutes) => new Date(start + minutes * 60_000));

const anyCondition: fc.Arbitrary<(product: Product) => Condition> = fc.oneof(
  ...(['releaseId', 'testSetId', 'testSetTestCaseId', 'testCaseId'] as const).map((field) =>
    fc
      .tuple(fc.array(fc.nat(8), { minLength: 1, maxLength: 3 }), fc.boolean())
      .map(([places, orNull]) => (product: Product) => ({
        field,
        test: 'anyOf' as const,
        values: places.map((place) => product.idsOf(field)[place] ?? 0),
        orNull,
      })),
  ),
  ...(['executionStatusId', 'testRunTypeId', 'testerId'] as const).map((field) =>
    fc
      .array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 3 })
      .map((values) => () => ({ field, test: 'anyOf' as const, values, orNull: false })),
  ),
  ...(['releaseId', 'testSetId', 'buildId', 'tags', 'runnerName'] as const).map((field) =>
    fc.constant(() => ({ field, test: 'isNull' as const })),
  ),
  ...(['actualDuration', 'estimatedDuration'] as const).map((field) =>
    fc
      .record({ from: fc.integer({ min: -1, max: 9 }), to: fc.integer({ min: -1, max: 9 }) }, { requiredKeys: [] })
      .map((range) => () => ({ field, test: 'between' as const, ...range })),
  ),
  ...(['endDate', 'startDate'] as const).flatMap((field) => [
    fc
      .record({ from: dates, to: dates }, { requiredKeys: [] })
      .map((range) => () => ({ field, test: 'between' as const, ...range })),
    fc
      .record({ from: dates, before: dates }, { requiredKeys: [] })
      .map((range) => () => ({ field, test: 'within' as const, ...range })),
  ]),
  fc
    .constantFrom('ist', 'other', '1', '')
    .map((text) => () => ({ field: 'runnerName', test: 'contains' as const, text })),
  fc
    .array(fc.constantFrom('case', '1', '2', 'nothing'), { maxLength: 2 })
    .map((words) => () => ({ fields: ['name'], test: 'words' as const, words })),
);

const sortFields = [
  'endDate',
  'startDate',
  'concurrencyDate',
  'testRunId',
  'projectId',
  'testCaseId',
  'testCaseGuid',
  'releaseId',
  'releaseVersionNumber',
  'testSetTestCaseId',
  'executionStatusId',
  'testRunTypeId',
  'actualDuration',
  'name',
  'runnerName',
  'tags',
] as const;
const anySort: fc.Arbitrary<Sort | undefined> = fc.option(
  fc.record({ field: fc.constantFrom(...sortFields), descending: fc.boolean() }),
  { nil: undefined },
);
const anyQuestion = fc.record({
  view: fc.constantFrom<ViewName>('testRuns', 'manualTestRuns', 'automatedTestRuns'),
  conditions: fc.oneof(
    { weight: 2, arbitrary: fc.constant<((product: Product) => Condition)[]>([]) },
    { weight: 3, arbitrary: fc.array(anyCondition, { minLength: 1, maxLength: 1 }) },
    { weight: 1, arbitrary: fc.array(anyCondition, { minLength: 2, maxLength: 3 }) },
  ),
  sort: anySort,
  page: fc.record({ offset: fc.oneof(fc.constant(0), fc.nat(60)), limit: fc.integer({ min: 1, max: 20 }) }),
});

type Question = typeof anyQuestion extends fc.Arbitrary<infer Q> ? Q : never;

/** Asks on one snapshot, so that whatever others do meanwhile is seen by both sides or by none. */
async function expectSameIn(snapshot: Queryable, product: Product, question: Question): Promise<void> {
  const where = question.conditions.map((of) => of(product));
  const query = { where, page: question.page, ...(question.sort ? { sort: question.sort } : {}) };
  const view = views[question.view];
  const byBlocks: Readable = {
    kysely: snapshot.kysely,
    query: (statement, values) => snapshot.query(statement, values),
    snapshot: (work) => work(snapshot),
  };
  expect(await view.list(byBlocks, [product.projectId], query)).toEqual(
    await view.list(snapshot, [product.projectId], query),
  );
  expect(await view.count(byBlocks, [product.projectId], where)).toBe(
    await view.count(snapshot, [product.projectId], where),
  );
}

const expectSameAnswers = (product: Product, question: Question) =>
  db.snapshot((snapshot) => expectSameIn(snapshot, product, question));

const isOfBlock = ({ figure }: { figure: string }) => /^(block|all blocks) /.test(figure);

/** The look itself must not be part of the transaction that it looks for. */
const below = (closed: ClosedRunIds) => closed.below(lookingOn);

const anyHistory = fc.array(fc.tuple(anyStep, fc.nat(11), fc.array(anyQuestion, { maxLength: 12 })), {
  minLength: 20,
  maxLength: 40,
});

describe('lists and counts by blocks', () => {
  test('equal the lists and counts of a walk through all runs, at every step of random histories', async () => {
    const gone = { oneByOne: 0, rewriting: 0 };
    await fc.assert(
      fc.asyncProperty(anySpans, anyHistory, async (spans, history) => {
        const product = await aProductWithBlocksOf(spans);
        for (const [step, die, questions] of history) {
          await product.play(step);
          if (die === 11) gone.oneByOne += await deleteOldRuns(product, 'oneByOne');
          if (die === 10) gone.rewriting += await deleteOldRuns(product, 'rewriting');
          if (die < 4) await countAllBlocks(product);
          for (const question of questions) await expectSameAnswers(product, question);
        }
        expect((await verifyFigures(db, product.projectId)).differences.filter(isOfBlock)).toEqual([]);
      }),
      { numRuns: 12, endOnFailure: true },
    );
    expect(gone.oneByOne).toBeGreaterThan(0);
    expect(gone.rewriting).toBeGreaterThan(0);
  }, 240_000);

  test('equal those of a walk in the same snapshot, while others record, edit, delete, count and drop what is old', async () => {
    let gone = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(anyHistory, { minLength: 2, maxLength: 2 }), async (histories) => {
        const product = await aProductWithBlocksOf({ span: 5, partSpan: 2 });
        for (const step of fc.sample(anyStep, { numRuns: 40, seed: histories.length })) await product.play(step);
        await countAllBlocks(product);
        await completePartitions(db);
        const closed = new ClosedRunIds();
        let areWriting = true;
        const counting = (async () => {
          do await countBlocks(db, product.projectId, await closed.below(db));
          while (areWriting);
        })();
        const retaining = (async () => {
          // A partition that is in use is left alone, so that the first turn may take long and delete nothing.
          for (let turn = 0; turn < 2 || areWriting; turn += 1) {
            gone += await deleteOldRuns(product, turn % 3 === 0 ? 'rewriting' : 'oneByOne');
          }
        })();
        const questions = histories.flatMap((history) => history.flatMap(([, , asked]) => asked));
        const reading = (async () => {
          for (const question of questions) await db.snapshot((snapshot) => expectSameIn(snapshot, product, question));
        })();
        await Promise.all(
          histories.map(async (history) => {
            for (const [step] of history) await product.play(step);
          }),
        );
        await reading;
        areWriting = false;
        await Promise.all([counting, retaining]);
        await countAllBlocks(product);
        expect((await verifyFigures(db, product.projectId)).differences.filter(isOfBlock)).toEqual([]);
      }),
      { numRuns: 3, endOnFailure: true },
    );
    expect(gone).toBeGreaterThan(0);
  }, 240_000);

  test('equal them where values have too many runs to be named, which verify and a recalculation look after, too', async () => {
    const product = await aProductWithBlocksOf({ span: 2_000, partSpan: 300 });
    await recordMany(product, 7_000);
    for (const step of fc.sample(anyStep, { numRuns: 40, seed: 3 })) await product.play(step);
    await countAllBlocks(product);
    // Some blocks are to be counted again while the questions are asked.
    for (const step of fc.sample(anyStep, { numRuns: 10, seed: 4 })) await product.play(step);
    for (const { page, ...question } of fc.sample(anyQuestion, { numRuns: 300, seed: 7 })) {
      await expectSameAnswers(product, { ...question, page: { ...page, offset: page.offset * 97 } });
    }
    await countAllBlocks(product);
    const differences = async () => (await verifyFigures(db, product.projectId)).differences.filter(isOfBlock);
    expect(await differences()).toEqual([]);
    const wrong = await db.query(
      `update run_block_value set part_counts[2] = part_counts[2] + 1
        where project_id = $1 and part_counts is not null returning block`,
      [product.projectId],
    );
    expect(wrong.length).toBeGreaterThan(20);
    expect(await differences()).toHaveLength(wrong.length);
    await recalculate(db, product.projectId);
    expect(await differences()).toEqual([]);
  }, 240_000);

  test('come from the blocks: a wrong block shows in the count, is found by verify and repaired by a recalculation', async () => {
    const product = await aProductWithBlocksOf({ span: 4, partSpan: 2 });
    for (const step of fc.sample(anyStep, { numRuns: 60, seed: 5 })) await product.play(step);
    await countAllBlocks(product);
    const right = await testRuns.count(db, [product.projectId]);
    await db.query(
      `update run_block set automated_count = automated_count + 1000
        where project_id = $1 and block = (select max(block) from run_block where project_id = $1 and is_current)`,
      [product.projectId],
    );
    expect(await testRuns.count(db, [product.projectId])).toBe(right + 1_000);
    expect((await verifyFigures(db, product.projectId)).differences.filter(isOfBlock)).toHaveLength(1);
    await recalculate(db, product.projectId);
    expect(await testRuns.count(db, [product.projectId])).toBe(right);
    expect((await verifyFigures(db, product.projectId)).differences).toEqual([]);
  });

  test('come from the parts of a block within a range of dates, which verify and a recalculation look after, too', async () => {
    const product = await aProductWithBlocksOf({ span: 8, partSpan: 2 });
    for (const step of fc.sample(anyStep, { numRuns: 60, seed: 5 })) await product.play(step);
    await countAllBlocks(product);
    const [block] = await db.query<{ block: number; first: Date; last: Date }>(
      `select b.block, b.first_end as first, b.last_end as last
         from run_block b join run_block_part p on p.project_id = b.project_id and p.block = b.block
        where b.project_id = $1 and b.is_current and p.first_end > b.first_end limit 1`,
      [product.projectId],
    );
    if (!block) throw new Error('No block begins before one of its parts');
    // All but the first of its runs, so that its parts tell how many.
    const where: Condition[] = [
      { field: 'endDate', test: 'between', from: new Date(block.first.getTime() + 1), to: block.last },
    ];
    const counted = () => testRuns.count(db, [product.projectId], where);
    const right = await counted();
    const wrong = await db.query(
      `update run_block_part set automated_count = automated_count + 1000
        where project_id = $1 and block = $2 and first_end > $3 returning part`,
      [product.projectId, block.block, block.first],
    );
    expect(await counted()).toBe(right + wrong.length * 1_000);
    expect((await verifyFigures(db, product.projectId)).differences.filter(isOfBlock)).toHaveLength(wrong.length);
    await recalculate(db, product.projectId);
    expect(await counted()).toBe(right);
    expect((await verifyFigures(db, product.projectId)).differences).toEqual([]);
  });

  test('come from the totals when they are sorted by a value, which verify and a recalculation look after, too', async () => {
    const product = await aProductWithBlocksOf({ span: 4, partSpan: 2 });
    for (const step of fc.sample(anyStep, { numRuns: 60, seed: 5 })) await product.play(step);
    await countAllBlocks(product);
    const byCase = { sort: { field: 'testCaseId', descending: false }, page: { offset: 1, limit: 1 } };
    const secondRun = async () => (await testRuns.list(db, [product.projectId], byCase))[0]?.testRunId;
    const right = await secondRun();
    // Five runs of a case that is not there, before all others.
    await db.query('insert into run_value_total values ($1, $2, 0, 2, 5)', [
      product.projectId,
      runDimensions.testCaseId.id,
    ]);
    expect(await secondRun()).not.toBe(right);
    expect((await verifyFigures(db, product.projectId)).differences.filter(isOfBlock)).toHaveLength(1);
    await recalculate(db, product.projectId);
    expect(await secondRun()).toBe(right);
    expect((await verifyFigures(db, product.projectId)).differences).toEqual([]);
  });

  test('a block is not counted while a transaction that was recording when it was filled has not ended', async () => {
    const product = await aProductWithBlocksOf({ span: 2, partSpan: 1 });
    const closed = new ClosedRunIds();
    await db.transaction(async (transaction) => {
      await holdReferences(transaction, product.projectId);
      const [row] = await transaction.query<{ id: number }>(`select nextval('test_run_test_run_id_seq') as id`);
      // Two looks, since the first only notices the recorder.
      for (let look = 0; look < 2; look += 1) expect(await below(closed)).toBeLessThanOrEqual(row?.id ?? 0);
    });
    const [last] = await db.query<{ id: number }>('select last_value as id from test_run_test_run_id_seq');
    expect(await below(closed)).toBe((last?.id ?? 0) + 1);
  });
});
