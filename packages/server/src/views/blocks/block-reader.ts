import type { Condition, Page, Sort } from '../../domain/filter.ts';
import { firstCells, planPage } from '../../domain/page-plan.ts';
import type { Queryable } from '../../storage/database.ts';
import { milliseconds } from '../../storage/milliseconds.ts';
import { type Bind, binderOf } from '../conditions.ts';
import { type BlockCell, type BlocksToRead, type CellOrder, readCells, readPartCells } from './block-cells.ts';
import { blockTestOf } from './block-conditions.ts';
import { countByTotals } from './count-by-totals.ts';
import type { BlockReading } from './declaration.ts';
import { findKeysByValue } from './keys-by-value.ts';
import { type BlockState, type ClosedIdRange, type IdRange, idsOfPart, joined, readBlockState } from './open-ids.ts';
import { type IdPlaces, rowsInPlaces } from './rows-in-places.ts';
import { namedIds } from './stored-values.ts';

/** What a view lends to the reading by blocks: its own statements. */
export interface ViewSql {
  reading: BlockReading;
  from: string;
  /** SQL of the key: the id of a run. */
  key: string;
  /** Returns the scope and the conditions. */
  where(conditions: readonly Condition[], bind: Bind): string;
  /** Returns the SQL of a field, undefined when the view has none of this name. */
  sqlOf(field: string): string | undefined;
}

/** A list or a count of runs that is asked for. */
export interface Asked {
  parameters: readonly unknown[];
  conditions: readonly Condition[];
}

export type PageOfRuns = Asked & { sort: Sort; page: Required<Page> };

/** More open blocks than this, and a list is read as if there were no blocks: looking at them would cost as much. */
const MOST_OPEN_BLOCKS = 64;
/** So many blocks whose number of matching runs is not known are looked at to find out, before a page is given up. */
const MOST_INEXACT_BLOCKS = 32;
/** So many rows from the beginning an index is walked to without a look at the blocks. */
const NEAR_ROWS = 2_000;
/** Of up to such a share of a part the ids are kept when it is looked at: more are found as quickly by looking again. */
const FEW_RUNS = 1 / 16;
/** The first try at a first page looks at this many blocks at least. */
const FIRST_BLOCKS = 2;

const byId: CellOrder = { by: 'id', descending: false };

/** Returns how many runs meet the conditions; undefined: no block is counted, so the view has to count. */
export async function countByBlocks(db: Queryable, sql: ViewSql, asked: Asked): Promise<number | undefined> {
  const state = await readBlockState(db, Number(asked.parameters[0]));
  if (!state) return undefined;
  const blocks = toRead(sql, asked, state);
  const counted = await countByTotals(db, blocks, state.outdated);
  if (counted !== undefined)
    return counted + (await countRows(db, sql, { asked, places: { ranges: state.open, ids: [] } }));
  const cells = await readCells(db, blocks, byId);
  const finer = await inParts(db, { blocks, cells: cells.filter((cell) => !cell.isExact), order: byId });
  const exact = [...cells, ...finer].filter((cell) => cell.isExact).reduce((sum, cell) => sum + cell.count, 0);
  const inexact = finer.filter((cell) => !cell.isExact);
  const places = await placesOfRuns(db, { blocks, cells: inexact, open: state.open });
  return exact + (await countRows(db, sql, { asked, places }));
}

/**
 * Returns the ids of the runs of a page in order; undefined: blocks are no help here, so the view has to walk to it. To
 * be called on one snapshot, or rows could be skipped that are not counted.
 */
export async function findKeysByBlocks(db: Queryable, sql: ViewSql, asked: PageOfRuns): Promise<number[] | undefined> {
  const zone = zoneOf(sql, asked.sort);
  const isByValue =
    zone === undefined && Object.hasOwn({ ...sql.reading.dimensions, ...sql.reading.derived }, asked.sort.field);
  if (zone === undefined && (!isByValue || asked.conditions.length > 0)) return undefined;
  const state = await readBlockState(db, Number(asked.parameters[0]));
  if (!state || state.openBlocks > MOST_OPEN_BLOCKS) return undefined;
  if (zone === undefined) return findKeysByValue(db, sql, { asked, state });
  const order = { by: zone, descending: asked.sort.descending };
  const blocks = toRead(sql, asked, state);
  const search = { sql, asked, blocks, order };
  const [counted, open] = await Promise.all([readCells(db, blocks, order), lookAt(db, search, state.open)]);
  const cells = [...counted, ...open];
  const inexact = cells.filter((cell) => !cell.isExact);
  if (inexact.length === 0) return exactPage(db, search, cells);
  if (asked.page.offset === 0) return firstPage(db, search, cells);
  const finer = await inParts(db, { blocks, cells: inexact, order });
  const unknown = finer.filter((cell) => !cell.isExact);
  if (new Set(unknown.map((cell) => cell.block)).size > MOST_INEXACT_BLOCKS) return undefined;
  const lookedAt = await lookAt(db, search, joined(unknown.map((cell) => cell.ids)));
  return exactPage(db, search, [...[...cells, ...finer].filter((cell) => cell.isExact), ...lookedAt]);
}

/** Returns whether an index leads to the page, so that blocks would only cost time. */
export function isNear(
  { near }: Pick<BlockReading, 'near'>,
  { conditions, sort, page }: Omit<PageOfRuns, 'parameters'>,
): boolean {
  const limited = near[sort.field];
  if (!limited || page.offset + page.limit > NEAR_ROWS) return false;
  return conditions.every((condition) => {
    // The list begins where the range does.
    if (condition.test === 'between' || condition.test === 'within') return condition.field === sort.field;
    return (
      condition.test === 'anyOf' &&
      condition.values.length === 1 &&
      !condition.orNull &&
      limited.includes(condition.field)
    );
  });
}

function zoneOf({ reading, key, sqlOf }: ViewSql, { field }: Sort): CellOrder['by'] | undefined {
  return sqlOf(field) === key ? 'id' : reading.zones[field];
}

const toRead = ({ reading }: ViewSql, { parameters, conditions }: Asked, { spans }: BlockState): BlocksToRead => ({
  projectId: Number(parameters[0]),
  spans,
  reading,
  conditions,
});

/** A page that is looked for in cells. */
interface PageSearch {
  sql: ViewSql;
  asked: PageOfRuns;
  blocks: BlocksToRead;
  order: CellOrder;
}

/** Returns the cells of the parts of blocks where they are known, else the same cells. Runs that are named are not searched. */
async function inParts(
  db: Queryable,
  { blocks, cells, order }: { blocks: BlocksToRead; cells: readonly BlockCell[]; order: CellOrder },
): Promise<readonly BlockCell[]> {
  const isWhole = (cell: BlockCell) => cell.hasParts && cell.named === undefined;
  const within = cells.filter(isWhole).map((cell) => cell.block);
  const finer = await readPartCells(db, blocks, { order, within });
  return finer ? [...cells.filter((cell) => !isWhole(cell)), ...finer] : cells;
}

/** Of cells that are all exact: the blocks of the page are found first, then the parts of these. */
async function exactPage(db: Queryable, search: PageSearch, cells: readonly BlockCell[]): Promise<number[]> {
  const { sql, asked, blocks, order } = search;
  const coarse = planPage(cells, asked.page);
  const finer = await inParts(db, { blocks, cells: coarse.cells, order });
  const plan = planPage(finer, { offset: coarse.skip, limit: asked.page.limit });
  if (plan.cells.length === 0) return [];
  const places = await placesOfRuns(db, { blocks, cells: plan.cells, open: [] });
  const keys = await readKeys(db, { sql, asked, places, page: { offset: plan.skip, limit: asked.page.limit } });
  return keys.map((row) => row.key);
}

/** Looks at more and more cells from the beginning of the order, until no other can hold a row of the page. */
async function firstPage(db: Queryable, search: PageSearch, whole: readonly BlockCell[]): Promise<number[]> {
  const { sql, asked, blocks, order } = search;
  const { limit } = asked.page;
  let cells = whole;
  for (let wanted = limit, atLeast = FIRST_BLOCKS; ; wanted *= 4, atLeast *= 4) {
    const much = { rows: wanted, atLeast, expected: (cell: BlockCell) => cell.expected };
    const coarse = new Set(firstCells(cells, much).cells);
    const finer = await inParts(db, { blocks, cells: [...coarse], order });
    cells = [...cells.filter((cell) => !coarse.has(cell)), ...finer];
    const first = firstCells(cells, much);
    const places = await placesOfRuns(db, { blocks, cells: first.cells, open: [] });
    const keys = await readKeys(db, { sql, asked, places, page: asked.page });
    const certain = keys.filter((row) => placeOf(row, order) < first.certainBelow).length;
    if (certain >= limit || first.certainBelow === Number.POSITIVE_INFINITY) return keys.map((row) => row.key);
  }
}

interface KeyRow {
  key: number;
  place: Date | number;
}

function placeOf({ key, place }: KeyRow, { by, descending }: CellOrder): number {
  const value = by === 'id' ? key : Number(place);
  return descending ? -value : value;
}

/** Returns where the runs of some cells are: by name where the cells name them, else everywhere in their blocks. */
async function placesOfRuns(
  db: Queryable,
  { blocks, cells, open }: { blocks: BlocksToRead; cells: readonly BlockCell[]; open: readonly IdRange[] },
): Promise<IdPlaces> {
  const ids: number[] = [];
  const searched: ClosedIdRange[] = [];
  for (const { runIds } of cells) ids.push(...(runIds ?? []));
  const unseen = cells.filter((cell) => cell.runIds === undefined);
  for (const [position, some] of Map.groupBy(unseen, (cell) => cell.named)) {
    const condition = position === undefined ? undefined : blocks.conditions[position];
    if (!condition) searched.push(...some.map((cell) => cell.ids));
    else {
      const within = some.map((cell) => cell.block);
      ids.push(...(await idsNamedBy(db, condition, { blocks, within })));
    }
  }
  return { ranges: [...joined(searched), ...open], ids };
}

/** Returns the ids of the runs that meet a condition, within blocks that name them. */
async function idsNamedBy(
  db: Queryable,
  condition: Condition,
  { blocks, within }: { blocks: BlocksToRead; within: readonly number[] },
): Promise<number[]> {
  const values: unknown[] = [blocks.projectId];
  const test = blockTestOf(condition, blocks, binderOf(values));
  if (test.kind !== 'dimension') throw new Error('Only values of dimensions name runs');
  const { testRunTypeId } = blocks.reading;
  return namedIds(db, { ...test, testRunTypeId, blocks: within, span: blocks.spans.span }, values);
}

async function countRows(
  db: Queryable,
  sql: ViewSql,
  { asked, places }: { asked: Asked; places: IdPlaces },
): Promise<number> {
  const values = [...asked.parameters];
  const text = `select count(*) as count from (${rowsInPlaces(sql, { asked, places, columns: '1' }, values)}) there`;
  const [row] = await db.query<{ count: number }>({ text, values });
  return row?.count ?? 0;
}

/**
 * The rows are found before they are put in order: else the planner may walk through an index in the order of the list,
 * past everything that lies before the blocks.
 */
async function readKeys(
  db: Queryable,
  {
    sql,
    asked,
    places,
    page,
  }: { sql: ViewSql; asked: PageOfRuns; places: IdPlaces; page: { offset: number; limit: number } },
): Promise<KeyRow[]> {
  const values = [...asked.parameters];
  const columns = `${sql.key} as key, ${sql.sqlOf(asked.sort.field)} as place`;
  const rows = rowsInPlaces(sql, { asked, places, columns }, values);
  const bind = binderOf(values);
  const direction = asked.sort.descending ? 'desc' : 'asc';
  return db.query<KeyRow>({
    text: `with there as materialized (${rows})
           select key, place from there order by place ${direction}, key ${direction}
            limit ${bind(page.limit)} offset ${bind(page.offset)}`,
    values,
  });
}

interface LookedAt {
  block: number;
  part: number;
  count: number;
  low: number;
  high: number;
  runIds: number[] | null;
}

/** Counts the rows in these ranges themselves, part by part. The ids of a few are kept, so that nobody looks again. */
async function lookAt(
  db: Queryable,
  { sql, asked, blocks: { spans }, order }: PageSearch,
  ranges: readonly IdRange[],
): Promise<BlockCell[]> {
  if (ranges.length === 0) return [];
  const values = [...asked.parameters];
  const columns = `${sql.key} as key, ${sql.sqlOf(asked.sort.field)} as place`;
  const there = rowsInPlaces(sql, { asked, places: { ranges, ids: [] }, columns }, values);
  const place = (end: string) => (order.by === 'id' ? `${end}(key)` : milliseconds(`${end}(place)`));
  const rows = await db.query<LookedAt>({
    text: `select key / ${spans.span} as block, key % ${spans.span} / ${spans.partSpan} as part, count(*) as count,
                  (${place('min')})::float8 as low, (${place('max')})::float8 as high,
                  case when count(*) <= ${Math.ceil(spans.partSpan * FEW_RUNS)} then array_agg(key::float8) end as "runIds"
             from (${there}) there group by 1, 2`,
    values,
  });
  return rows.map(({ block, part, count, low, high, runIds: ids }) => ({
    block,
    ids: idsOfPart(block, part, spans),
    hasParts: false,
    count,
    expected: count,
    isExact: true,
    named: undefined,
    runIds: ids ?? undefined,
    ...(order.descending ? { first: -high, last: -low } : { first: low, last: high }),
  }));
}
