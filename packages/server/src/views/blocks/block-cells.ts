import type { Condition } from '../../domain/filter.ts';
import type { PageCell } from '../../domain/page-plan.ts';
import type { Queryable } from '../../storage/database.ts';
import { milliseconds } from '../../storage/milliseconds.ts';
import type { BlockSpans } from '../../storage/run-blocks.ts';
import { binderOf } from '../conditions.ts';
import { type BlockTest, blockTestOf, type DimensionTest } from './block-conditions.ts';
import type { BlockReading, Zone } from './declaration.ts';
import { type ClosedIdRange, idsOfBlock, idsOfPart } from './open-ids.ts';
import { areNamed, areWanted, countOfType, runsByPart } from './stored-values.ts';

/**
 * The runs of one block, or of a part of it, that may meet the conditions. Places grow in the direction of the asked
 * order.
 */
export interface BlockCell extends PageCell {
  block: number;
  /** The ids among which they are. */
  ids: ClosedIdRange;
  /** Whether it is a whole block whose parts are counted, too. */
  hasParts: boolean;
  /** How many rows are expected, where `count` is only the most there can be. */
  expected: number;
  /** The condition by which the runs are named one by one; undefined: they have to be searched. */
  named: number | undefined;
  /** The ids of the runs that meet the conditions, where they have been looked at. */
  runIds?: readonly number[] | undefined;
}

/** How the places of cells are found: by a date, or by the id of the runs. */
export interface CellOrder {
  by: Zone | 'id';
  descending: boolean;
}

export interface BlocksToRead {
  projectId: number;
  spans: BlockSpans;
  reading: BlockReading;
  conditions: readonly Condition[];
}

/** Of a whole block `part` is null. */
type BlockRow = Record<string, number | boolean | null> & { block: number; part: number | null; total: number };

/** Returns the counted, current blocks of a project in which runs may meet the conditions. */
export async function readCells(db: Queryable, blocks: BlocksToRead, order: CellOrder): Promise<BlockCell[]> {
  const values: unknown[] = [blocks.projectId];
  const tests = testsOf(blocks, values);
  return cellsOf(db, { tests, values, blocks, order, grain: blockGrain });
}

/**
 * Returns the cells of the parts of some current blocks, in which runs may meet the conditions. Of a condition about which
 * blocks know nothing their parts do not, either: then undefined.
 */
export async function readPartCells(
  db: Queryable,
  blocks: BlocksToRead,
  { order, within }: { order: CellOrder; within: readonly number[] },
): Promise<BlockCell[] | undefined> {
  const values: unknown[] = [blocks.projectId];
  const tests = testsOf(blocks, values);
  if (tests.some((test) => test.kind === 'unknown')) return undefined;
  if (within.length === 0) return [];
  const grain = partGrain(blocks.spans, binderOf(values)(within));
  return cellsOf(db, { tests, values, blocks, order, grain });
}

const testsOf = (blocks: BlocksToRead, values: unknown[]) =>
  blocks.conditions.map((condition) =>
    blockTestOf(condition, { projectId: blocks.projectId, reading: blocks.reading }, binderOf(values)),
  );

/** What one cell stands for: a row `b` of these. */
interface Grain {
  rows: string;
  /** The columns by which rows of values belong to it. */
  key: string;
  /** SQL of which part of its block it is. */
  part: string;
  where: string;
  /** Returns a query of how many runs have the values that a test wants: the key, run_count, are_named. */
  valuesSql(test: DimensionTest, testRunTypeId: number | undefined): string;
}

const blockGrain: Grain = {
  rows: 'run_block',
  key: 'block',
  part: 'null::int',
  where: 'b.is_current',
  valuesSql: (test, testRunTypeId) =>
    `select v.block, sum(v.run_count)::int as run_count, ${areNamed} as are_named
       from run_block_value v
      where ${areWanted({ ...test, testRunTypeId })}
      group by v.block`,
};

/** Of a part it is not known by name which runs have a value: they are few enough to be searched. */
const partGrain = (spans: BlockSpans, wanted: string): Grain => ({
  rows: `(
    select p.*, w.uncounted
      from run_block_part p join run_block w on w.project_id = p.project_id and w.block = p.block
     where p.project_id = $1)`,
  key: 'block, part',
  part: 'b.part',
  where: `b.block = any (${wanted}::bigint[])`,
  valuesSql: (test, testRunTypeId) =>
    `select block, part, run_count, false as are_named from (${runsByPart({ ...test, testRunTypeId }, spans, wanted)}) p`,
});

interface CellsToRead {
  tests: readonly BlockTest[];
  /** What the SQL of the tests and of the grain is bound to. */
  values: unknown[];
  blocks: BlocksToRead;
  order: CellOrder;
  grain: Grain;
}

async function cellsOf(db: Queryable, cells: CellsToRead): Promise<BlockCell[]> {
  const rows = await db.query<BlockRow>({ text: cellsSql(cells), values: cells.values });
  return rows.map((row) => cellOf(row, cells)).filter((cell) => cell.count > 0);
}

function cellsSql({ tests, blocks, order, grain }: CellsToRead): string {
  const { testRunTypeId } = blocks.reading;
  const zones = new Set<Zone>([
    ...tests.flatMap((test) => (test.kind === 'zone' ? [test.zone] : [])),
    ...(order.by === 'id' ? [] : [order.by]),
  ]);
  const columns = [
    'b.block',
    `${grain.part} as part`,
    `${countOfType(testRunTypeId)} as total`,
    ...[...zones].flatMap((zone) => [
      `${milliseconds(`b.first_${zone}`)} as "first_${zone}"`,
      `${milliseconds(`b.last_${zone}`)} as "last_${zone}"`,
    ]),
    ...tests.flatMap((test, position) =>
      test.kind === 'dimension'
        ? [
            `coalesce(k${position}.run_count, 0) as "count${position}"`,
            `coalesce(k${position}.are_named, true) as "named${position}"`,
            `${test.dimension.id} = any (b.uncounted) as "uncounted${position}"`,
          ]
        : [],
    ),
  ];
  const joins = tests.map((test, position) =>
    test.kind === 'dimension'
      ? `left join (${grain.valuesSql(test, testRunTypeId)}) k${position} using (${grain.key})`
      : '',
  );
  const where = ['b.project_id = $1', grain.where, ...tests.flatMap(mayMeet)];
  return `select ${columns.join(', ')} from ${grain.rows} b ${joins.join(' ')} where ${where.join(' and ')}`;
}

/** Returns what keeps blocks out in which no run can meet the test: of hundreds, mostly a few are left. */
function mayMeet(test: BlockTest, position: number): string[] {
  if (test.kind === 'dimension') return [`(k${position}.run_count > 0 or ${test.dimension.id} = any (b.uncounted))`];
  if (test.kind !== 'zone') return [];
  return [
    ...(Number.isFinite(test.from) ? [`${milliseconds(`b.last_${test.zone}`)} >= ${test.from}`] : []),
    ...(Number.isFinite(test.to) ? [`${milliseconds(`b.first_${test.zone}`)} <= ${test.to}`] : []),
  ];
}

interface Finding {
  count: number;
  isKnown: boolean;
  named: boolean;
}

function cellOf(row: BlockRow, { tests, blocks: { spans }, order }: CellsToRead): BlockCell {
  const { block, part, total } = row;
  const ids = part === null ? idsOfBlock(block, spans.span) : idsOfPart(block, part, spans);
  const findings = tests.map((test, position) => findingOf(row, test, position));
  const count = Math.min(total, ...findings.map((finding) => finding.count));
  const limiting = findings.filter((finding) => finding.count < total);
  const isExact = count === 0 || (findings.every((finding) => finding.isKnown) && limiting.length <= 1);
  const expected = limiting.reduce((rows, finding) => (rows * finding.count) / total, total);
  const fewest = findings.reduce<number | undefined>(
    (best, finding, position) =>
      finding.named && finding.count < (best === undefined ? total : findings[best]!.count) ? position : best,
    undefined,
  );
  const places = placesOf(row, { ids, order });
  return { block, ids, hasParts: part === null, count, expected, isExact, named: fewest, ...places };
}

function findingOf(row: BlockRow, test: BlockTest, position: number): Finding {
  const all = { count: row.total, named: false };
  if (test.kind === 'unknown') return { ...all, isKnown: false };
  if (test.kind === 'same') return { ...all, count: test.isMet ? row.total : 0, isKnown: true };
  if (test.kind === 'dimension') {
    if (row[`uncounted${position}`]) return { ...all, isKnown: false };
    return { count: Number(row[`count${position}`]), isKnown: true, named: Boolean(row[`named${position}`]) };
  }
  const first = Number(row[`first_${test.zone}`]);
  const last = Number(row[`last_${test.zone}`]);
  return { ...all, isKnown: first >= test.from && last <= test.to };
}

function placesOf(
  row: BlockRow,
  { ids, order }: { ids: ClosedIdRange; order: CellOrder },
): { first: number; last: number } {
  const [low, high] =
    order.by === 'id' ? [ids.from, ids.below - 1] : [Number(row[`first_${order.by}`]), Number(row[`last_${order.by}`])];
  return order.descending ? { first: -high, last: -low } : { first: low, last: high };
}
