import type { Sort } from '../../domain/filter.ts';
import type { Queryable } from '../../storage/database.ts';
import { NO_VALUE, type RunDimension } from '../../storage/run-dimensions.ts';
import { binderOf } from '../conditions.ts';
import type { PageOfRuns, ViewSql } from './block-reader.ts';
import type { BlockReading } from './declaration.ts';
import { type BlockState, idsOfPart, joined } from './open-ids.ts';
import { rowsInPlaces } from './rows-in-places.ts';
import { areNamed, areWanted, currentTotals, namedIds, runsByPart, type WantedValues } from './stored-values.ts';

// Lists sorted by a value that many runs share: the runs of one value stand together, by id. How many there are of each
// is counted, so the page is found in two steps: which values it shows, then in which blocks their runs begin and end.

/** The runs of one value in one block; `before` runs of the list stand before all runs of the value. */
interface ValueCell {
  group: number;
  /** As text; null for no value. */
  shown: string | null;
  before: number;
  block: number;
  /** Null: all of the block. */
  part: number | null;
  count: number;
  /** Where the block is not counted: the ids of the runs. */
  ids: number[] | null;
  /** Where it is: the values in run_block_value ... */
  values: number[] | null;
  /** ... and whether they name the runs; else the block has to be searched. */
  areNamed: boolean | null;
}

/** So many values a page shows at most; where it shows more, each has few runs. */
const MOST_GROUPS = 64;

export async function findKeysByValue(
  db: Queryable,
  sql: ViewSql,
  { asked, state }: { asked: PageOfRuns; state: BlockState },
): Promise<number[] | undefined> {
  const { dimension, value } = sortedBy(sql.reading, asked.sort);
  if (await isUncounted(db, asked, dimension)) return undefined;
  const cells = await readValueCells(db, sql, { asked, state, dimension, value });
  const groups = [...Map.groupBy(cells, (cell) => cell.group).values()];
  if (groups.length > MOST_GROUPS) return undefined;
  const keys: number[] = [];
  for (const group of groups) {
    const { offset, limit } = asked.page;
    const missing = limit - keys.length;
    if (missing > 0)
      keys.push(
        ...(await keysOfGroup(db, sql, {
          asked,
          state,
          dimension,
          group,
          slice: { offset: offset + keys.length, limit: missing },
        })),
      );
  }
  return keys;
}

/** How a field is found in the rows of run_block_value: by which dimension, and as what SQL of its value. */
function sortedBy(reading: BlockReading, { field }: Sort): { dimension: RunDimension; value: string } {
  const derived = reading.derived[field];
  if (derived) return { dimension: derived.dimension, value: derived.sql(`nullif(v.value, ${NO_VALUE})`) };
  const dimension = reading.dimensions[field];
  if (!dimension) throw new Error(`Nothing is counted by ${field}`);
  return dimension.kind === 'number'
    ? { dimension, value: `nullif(v.value, ${NO_VALUE})` }
    : { dimension, value: '(select x.text from run_text x where x.project_id = $1 and x.run_text_id = v.value)' };
}

async function isUncounted(db: Queryable, asked: PageOfRuns, dimension: RunDimension): Promise<boolean> {
  const [row] = await db.query<{ is: boolean }>(
    'select exists (select from run_block where project_id = $1 and is_current and $2 = any (uncounted)) as is',
    [asked.parameters[0], dimension.id],
  );
  return row?.is ?? false;
}

/** Returns the cells of the values that the page shows, in the order of the list. */
async function readValueCells(
  db: Queryable,
  sql: ViewSql,
  { asked, state, dimension, value }: { asked: PageOfRuns; state: BlockState; dimension: RunDimension; value: string },
): Promise<ValueCell[]> {
  const values = [...asked.parameters];
  const bind = binderOf(values);
  const direction = asked.sort.descending ? 'desc' : 'asc';
  const wanted = { dimension, testRunTypeId: sql.reading.testRunTypeId };
  const { span, partSpan } = state.spans;
  const places = { ranges: state.open, ids: [] };
  const columns = `${sql.key} as key, ${sql.sqlOf(asked.sort.field)} as shown`;
  const [offset, limit, outdated] = [bind(asked.page.offset), bind(asked.page.limit), bind(state.outdated)];
  return db.query<ValueCell>({
    text: `
      with totals as (${currentTotals(wanted, outdated)}),
      counted as materialized (
        select v.value, ${value} as shown, v.rows
          from (select value, sum(run_count) as rows from totals group by value having sum(run_count) > 0) v),
      open as materialized (
        select shown, key / ${span} as block, key % ${span} / ${partSpan} as part, count(*) as rows, array_agg(key::float8) as ids
          from (${rowsInPlaces(sql, { asked, places, columns }, values)}) there group by 1, 2, 3),
      groups as (
        select shown, sum(rows) as rows, sum(sum(rows)) over (order by shown ${direction} nulls last) as upto
          from (select shown, rows from counted union all select shown, rows from open) every group by shown),
      wanted as materialized (
        select shown, upto, upto - rows as before from groups where upto > ${offset}::bigint and upto - rows < ${offset}::bigint + ${limit}::bigint),
      cells as (
        select w.shown, w.upto, w.before, v.block, null::bigint as part, sum(v.run_count) as count, null::float8[] as ids,
               array_agg(distinct k.value::float8) as values, ${areNamed} as are_named
          from wanted w
          join counted k on k.shown is not distinct from w.shown
          join lateral (
            select v.block, v.run_count
              from run_block_value v
             where ${areWanted(wanted)} and v.value = k.value and v.block <> all (${outdated}::bigint[])) v on true
         group by 1, 2, 3, 4
        union all
        select w.shown, w.upto, w.before, o.block, o.part, o.rows, o.ids, null, null from wanted w join open o on o.shown is not distinct from w.shown)
      select dense_rank() over (order by upto) as group, shown::text as shown, before, block, part, count, ids, values, are_named as "areNamed"
        from cells
       order by upto, block ${direction}, part ${direction}`,
    values,
  });
}

interface GroupPage {
  asked: PageOfRuns;
  state: BlockState;
  dimension: RunDimension;
  group: readonly ValueCell[];
  /** Of the whole list. */
  slice: { offset: number; limit: number };
}

/** Returns the ids of one value that stand in the slice, by reading the blocks, or parts of blocks, in which they lie. */
async function keysOfGroup(db: Queryable, sql: ViewSql, page: GroupPage): Promise<number[]> {
  const { asked, state, dimension, group, slice } = page;
  const { spans } = state;
  const coarse = cellsOfSlice(group, { offset: slice.offset - (group[0]?.before ?? 0), limit: slice.limit });
  const wanted = { dimension, testRunTypeId: sql.reading.testRunTypeId, sql: 'v.value = any ($2::bigint[])' };
  const finer = await inParts(db, coarse.cells, { wanted, state, asked });
  const { cells, skip } = cellsOfSlice(finer, { offset: coarse.skip, limit: slice.limit });
  const [first] = cells;
  if (!first) return [];
  const values = [...asked.parameters];
  const bind = binderOf(values);
  const field = sql.sqlOf(asked.sort.field);
  const named = cells.filter((cell) => cell.areNamed);
  const searched = cells.flatMap(({ areNamed, block, part }) =>
    areNamed === false && part !== null ? [idsOfPart(block, part, spans)] : [],
  );
  const within = { ...wanted, blocks: named.map((cell) => cell.block), span: spans.span };
  const ids = [
    ...cells.flatMap((cell) => cell.ids ?? []),
    ...(await namedIds(db, within, [asked.parameters[0], valuesOf(named)])),
  ];
  const isShown = first.shown === null ? `${field} is null` : `(${field})::text = ${bind(first.shown)}`;
  const places = { ranges: joined(searched), ids };
  const rows = rowsInPlaces(sql, { asked, places, columns: `${sql.key} as key`, also: isShown }, values);
  const found = await db.query<{ key: number }>({
    text: `with there as materialized (${rows})
           select key from there order by key ${asked.sort.descending ? 'desc' : 'asc'}
            limit ${bind(slice.limit)} offset ${bind(skip)}`,
    values,
  });
  return found.map((row) => row.key);
}

const valuesOf = (cells: readonly ValueCell[]) => [...new Set(cells.flatMap((cell) => cell.values ?? []))];

/** Returns the cells in the order of the list, with the parts of a block in place of one whose runs are not named. */
async function inParts(
  db: Queryable,
  cells: readonly ValueCell[],
  { wanted, state, asked }: { wanted: WantedValues; state: BlockState; asked: PageOfRuns },
): Promise<readonly ValueCell[]> {
  const divided = cells.filter((cell) => cell.areNamed === false);
  if (divided.length === 0) return cells;
  const rows = await db.query<{ block: number; part: number; count: number }>({
    text: `select block, part, run_count as count from (${runsByPart(wanted, state.spans, '$3')}) p
            order by block, part ${asked.sort.descending ? 'desc' : 'asc'}`,
    values: [asked.parameters[0], valuesOf(divided), divided.map((cell) => cell.block)],
  });
  const byBlock = Map.groupBy(rows, (row) => row.block);
  return cells.flatMap((cell) =>
    cell.areNamed === false ? (byBlock.get(cell.block) ?? []).map((row) => ({ ...cell, ...row })) : [cell],
  );
}

/** Returns the cells of a value that hold a slice of its runs, and how many of their runs stand before it. */
function cellsOfSlice(group: readonly ValueCell[], { offset, limit }: { offset: number; limit: number }) {
  let skip = Math.max(0, offset);
  const cells: ValueCell[] = [];
  let rows = 0;
  for (const cell of group) {
    if (cells.length === 0 && cell.count <= skip) skip -= cell.count;
    else if (rows < skip + limit) {
      cells.push(cell);
      rows += cell.count;
    }
  }
  return { cells, skip };
}
