import type { Queryable, Transaction } from './database.ts';
import { milliseconds } from './milliseconds.ts';
import {
  BLOCK_SPAN,
  LONGEST_TEXT,
  MOST_PLACES,
  MOST_VALUES,
  NO_VALUE,
  PART_SPAN,
  type RunDimension,
  runDimensions,
} from './run-dimensions.ts';

const dimensions: readonly RunDimension[] = Object.values(runDimensions);
const numbers = dimensions.filter((dimension) => dimension.kind === 'number');
const texts = dimensions.filter((dimension) => dimension.kind === 'text');
const zones = ['start_date', 'end_date', 'concurrency_date'] as const;
const apart = texts.flatMap(({ id, apart: column }) => (column === undefined ? [] : [{ id, column }]));
const columns = [
  ...new Set([...dimensions.map(({ column }) => column), ...apart.map(({ column }) => column), ...zones]),
];

const isDense = `run_count > ${MOST_PLACES}`;

/** What all runs of a type have in common is found in one pass; most dimensions need no more in most blocks. */
const spreadSql = `
  select test_run_type_id, count(*)::int as run_count, case when count(*) <= ${MOST_PLACES} then array_agg(place) end as places,
         ${numbers.map(({ id, column }) => `min(${column})::bigint as value_${id}, min(${column}) is not distinct from max(${column}) and count(${column}) in (0, count(*)) as is_one_${id}`).join(',\n         ')},
         ${texts.map(({ id, column }) => `null::bigint as value_${id}, count(${column}) = 0 as is_one_${id}`).join(',\n         ')}
    from runs group by test_run_type_id`;

const isOne = ({ id }: RunDimension) => `(select bool_and(is_one_${id}) from spread)`;

const countsOf = (dimension: RunDimension): string => {
  const { id, column, kind } = dimension;
  const common = `
    select ${id}::smallint as dimension, coalesce(value_${id}, ${NO_VALUE}) as value, test_run_type_id, run_count, places
      from spread where ${isOne(dimension)}`;
  return kind === 'number'
    ? `${common}
    union all
    select ${id}, coalesce(${column}, ${NO_VALUE}), test_run_type_id, count(*)::int, array_agg(place)
      from runs where not ${isOne(dimension)} group by ${column}, test_run_type_id`
    : `${common}
    union all
    select ${id}, coalesce(x.run_text_id, ${NO_VALUE}), r.test_run_type_id, r.run_count, r.places
      from texts r left join numbered x on x.text = r.text
     where r.dimension = ${id} and not exists (select from long where long.dimension = ${id})`;
};

/** What is stored of a block and of each of its parts: how many runs there are and between which dates they lie. */
const extremes = [
  ...['manual_count', 'automated_count'],
  ...['first_start', 'last_start', 'first_end', 'last_end', 'first_stamp', 'last_stamp'],
];
/** What is stored of a value in a block. */
const valueColumns = ['run_count', 'places', 'part_counts'];
const asExcluded = (names: readonly string[]) => names.map((name) => `${name} = excluded.${name}`).join(', ');
const differFromExcluded = (row: string, names: readonly string[]) =>
  `(${names.map((name) => `${row}.${name}`).join(', ')})
         is distinct from (${names.map((name) => `excluded.${name}`).join(', ')})`;

/**
 * Counts block $2 (with the span $3, of parts with the span $4) of project $1 and makes what is stored equal to it;
 * returns how many stored rows were not right. The totals change by what the block changes. Texts without a number are
 * given one: nobody else does, under the lock of blocks.
 */
const countSql = `
with runs as materialized (
  select (t.test_run_id - $2::bigint * $3::int)::smallint as place, ${columns.map((column) => `t.${column}`).join(', ')}
    from test_run t
   where t.project_id = $1 and t.test_run_id >= $2::bigint * $3::int and t.test_run_id < ($2::bigint + 1) * $3::int
     and not t.is_deleted and t.end_date is not null
     -- Not as a join: with no statistics of a new partition each run would be compared with each case.
     and (t.test_case_id in (select test_case_id from test_case where project_id = $1 and not is_deleted)) is true),
spread as materialized (${spreadSql}),
texts as materialized (
  ${texts
    .map(
      (
        dimension,
      ) => `select ${dimension.id}::smallint as dimension, ${dimension.column} as text, test_run_type_id, count(*)::int as run_count, array_agg(place) as places
    from runs where not ${isOne(dimension)} group by ${dimension.column}, test_run_type_id`,
    )
    .join('\n  union all ')}),
long as materialized (
  select dimension from texts group by dimension having count(*) > ${MOST_VALUES} or max(length(text)) > ${LONGEST_TEXT}
  ${apart.map(({ id, column }) => `union select ${id}::smallint where exists (select from runs where ${column} is not null)`).join(' ')}),
known as materialized (
  select x.run_text_id, x.text from run_text x
   where x.project_id = $1 and x.text in (select text from texts where dimension not in (select dimension from long))),
added as (
  insert into run_text (project_id, text)
  select distinct $1::int, r.text from texts r
   where r.text is not null and r.dimension not in (select dimension from long)
     and not exists (select from known where known.text = r.text)
  returning run_text_id, text),
numbered as materialized (select run_text_id, text from known union all select run_text_id, text from added),
found as materialized (
  ${dimensions.map(countsOf).join('\n  union all ')}),
crowded as materialized (
  select dimension from found group by dimension having count(*) > ${MOST_VALUES} union select dimension from long),
wanted as materialized (select * from found where dimension not in (select dimension from crowded)),
counted as materialized (
  select dimension, value, test_run_type_id, run_count from run_block_value where project_id = $1 and block = $2),
total as (
  insert into run_value_total as t (project_id, dimension, value, test_run_type_id, run_count)
  select $1, dimension, value, test_run_type_id, coalesce(w.run_count, 0) - coalesce(c.run_count, 0)
    from wanted w full join counted c using (dimension, value, test_run_type_id)
   where w.run_count is distinct from c.run_count
  on conflict (project_id, dimension, value, test_run_type_id) do update set run_count = t.run_count + excluded.run_count),
parts as materialized (
  select (place / $4::int)::smallint as part,
         count(*) filter (where test_run_type_id = 1)::int as manual_count,
         count(*) filter (where test_run_type_id <> 1)::int as automated_count,
         min(start_date) as first_start, max(start_date) as last_start, min(end_date) as first_end, max(end_date) as last_end,
         min(concurrency_date) as first_stamp, max(concurrency_date) as last_stamp
    from runs group by 1),
in_parts as materialized (
  -- Where all runs of their type have the value, the parts tell it already.
  select w.dimension, w.value, w.test_run_type_id, p.part, case w.test_run_type_id when 1 then p.manual_count else p.automated_count end as run_count
    from wanted w join spread s using (test_run_type_id) cross join parts p
   where w.${isDense} and w.run_count = s.run_count
  union all
  select w.dimension, w.value, w.test_run_type_id, p.part, p.run_count
    from wanted w join spread s using (test_run_type_id)
   cross join lateral (
     select place / $4::int as part, count(*)::int as run_count from unnest(w.places) as each (place) group by 1) p
   where w.${isDense} and w.run_count < s.run_count),
divided as materialized (
  -- Each part has its place, also without runs.
  select dimension, value, test_run_type_id, array_agg(run_count order by part) as part_counts
    from (select dimension, value, test_run_type_id, part, sum(run_count)::int as run_count
            from (select * from in_parts
                  union all
                  select dimension, value, test_run_type_id, part, 0
                    from wanted cross join generate_series(0, ($3::int - 1) / $4::int) as every (part) where ${isDense}) n
           group by 1, 2, 3, 4) n
   group by 1, 2, 3),
gone as (
  delete from run_block_value v
   where v.project_id = $1 and v.block = $2
     and not exists (select from wanted w where (w.dimension, w.value, w.test_run_type_id) = (v.dimension, v.value, v.test_run_type_id))
  returning 1),
put as (
  insert into run_block_value as v (project_id, dimension, value, block, test_run_type_id, ${valueColumns.join(', ')})
  select $1, dimension, value, $2, test_run_type_id, run_count, case when not ${isDense} then places end, part_counts
    from wanted left join divided using (dimension, value, test_run_type_id)
  on conflict (project_id, dimension, value, block, test_run_type_id) do update set ${asExcluded(valueColumns)}
   where ${differFromExcluded('v', valueColumns)}
  returning 1),
gone_parts as (
  delete from run_block_part p
   where p.project_id = $1 and p.block = $2 and not exists (select from parts w where w.part = p.part)
  returning 1),
put_parts as (
  insert into run_block_part as p (project_id, block, part, ${extremes.join(', ')})
  select $1, $2, part, ${extremes.join(', ')} from parts
  on conflict (project_id, block, part) do update set ${asExcluded(extremes)}
   where ${differFromExcluded('p', extremes)}
  returning 1),
block as (
  insert into run_block as b (project_id, block, is_current, uncounted, ${extremes.join(', ')})
  select $1, $2, true, array(select dimension from crowded order by dimension),
         coalesce(sum(manual_count), 0), coalesce(sum(automated_count), 0), min(first_start), max(last_start),
         min(first_end), max(last_end), min(first_stamp), max(last_stamp)
    from parts
  on conflict (project_id, block) do update set ${asExcluded(['is_current', 'uncounted', ...extremes])}
   where ${differFromExcluded('b', ['is_current', 'uncounted', ...extremes])}
  returning 1)
select (select count(*) from gone) + (select count(*) from put) + (select count(*) from gone_parts)
         + (select count(*) from put_parts) + (select count(*) from block) as "rowsChanged"`;

/** So many ids are a block of a project, and so many of those a part of it. */
export interface BlockSpans {
  span: number;
  partSpan: number;
}

/** How far the blocks of a project reach. */
export interface BlockExtent extends BlockSpans {
  /** Every block below this one is counted. */
  countedBelow: number;
}

/** Returns how far the blocks of a project are counted; where none is, what they will be like. */
export async function findBlockExtent(db: Queryable, projectId: number): Promise<BlockExtent> {
  const [extent] = await db.query<BlockExtent>({
    name: 'find-block-extent',
    text: 'select span, part_span as "partSpan", counted_below as "countedBelow" from run_block_extent where project_id = $1',
    values: [projectId],
  });
  return extent ?? { span: BLOCK_SPAN, partSpan: PART_SPAN, countedBelow: 0 };
}

/** Stores how far the blocks of a project are counted. Call under the lock of blocks. */
export async function storeBlockExtent(
  transaction: Transaction,
  projectId: number,
  { span, partSpan, countedBelow }: BlockExtent,
): Promise<void> {
  await transaction.query(
    `insert into run_block_extent (project_id, span, part_span, counted_below) values ($1, $2, $3, $4)
     on conflict (project_id) do update set ${asExcluded(['span', 'part_span', 'counted_below'])}`,
    [projectId, span, partSpan, countedBelow],
  );
}

/**
 * Counts one block and returns how many stored rows that changed. Call under the lock of blocks, for a block that no
 * transaction can add runs to.
 */
export async function countBlock(
  transaction: Transaction,
  projectId: number,
  { block, span, partSpan }: BlockSpans & { block: number },
): Promise<number> {
  const [counted] = await transaction.query<{ rowsChanged: number }>({
    name: 'count-block',
    text: countSql,
    values: [projectId, block, span, partSpan],
  });
  return counted?.rowsChanged ?? 0;
}

/** Returns the first block at or above this one that holds a run of the project; undefined: there is none. */
export async function nextBlockWithRuns(
  db: Queryable,
  projectId: number,
  { from, span }: { from: number; span: number },
): Promise<number | undefined> {
  const [row] = await db.query<{ id: number | null }>({
    name: 'next-run-from',
    text: 'select min(test_run_id) as id from test_run where project_id = $1 and test_run_id >= $2::bigint',
    values: [projectId, from * span],
  });
  return row?.id ? Math.floor(row.id / span) : undefined;
}

/** Returns blocks that were counted but are not current any more, the newest first: most reads look there. */
export async function listOutdatedBlocks(db: Queryable, projectId: number, limit: number): Promise<number[]> {
  const rows = await db.query<{ block: number }>({
    name: 'list-outdated-blocks',
    text: 'select block from run_block where project_id = $1 and not is_current order by block desc limit $2',
    values: [projectId, limit],
  });
  return rows.map((row) => row.block);
}

/** Returns every counted block of a project. */
export async function listBlocks(db: Queryable, projectId: number): Promise<number[]> {
  const rows = await db.query<{ block: number }>('select block from run_block where project_id = $1 order by block', [
    projectId,
  ]);
  return rows.map((row) => row.block);
}

/** Returns the projects with runs in closed blocks that are not counted, or with blocks to be counted again. */
export async function listProjectsToCount(db: Queryable, closedBelowId: number): Promise<number[]> {
  const rows = await db.query<{ projectId: number }>({
    name: 'list-projects-to-count',
    text: `select p.project_id as "projectId"
             from project p
             left join run_block_extent e on e.project_id = p.project_id
            cross join lateral (
              select coalesce(e.counted_below, 0) * coalesce(e.span, ${BLOCK_SPAN}) as from_id,
                     $1::bigint / coalesce(e.span, ${BLOCK_SPAN}) * coalesce(e.span, ${BLOCK_SPAN}) as below_id) open
            where exists (select from run_block b where b.project_id = p.project_id and not b.is_current)
               or (open.from_id < open.below_id
                   and (select min(t.test_run_id) from test_run t
                         where t.project_id = p.project_id and t.test_run_id >= open.from_id) < open.below_id)
            order by 1`,
    values: [closedBelowId],
  });
  return rows.map((row) => row.projectId);
}

/** How many runs are counted, and their first and last start, end and stamp, in milliseconds. */
export interface StoredExtremes {
  manual: number;
  automated: number;
  zones: (number | null)[];
}

/** A counted block as it is stored. */
export interface StoredBlock extends StoredExtremes {
  block: number;
  isCurrent: boolean;
  uncounted: number[];
}

const zonesSql = ['start', 'end', 'stamp']
  .flatMap((zone) => ['first', 'last'].map((side) => milliseconds(`${side}_${zone}`)))
  .join(', ');
const extremesSql = `manual_count as manual, automated_count as automated, array[${zonesSql}] as zones`;

/** Returns the counted blocks of a project. */
export async function readBlocks(snapshot: Queryable, projectId: number): Promise<StoredBlock[]> {
  return snapshot.query<StoredBlock>(
    `select block, is_current as "isCurrent", uncounted, ${extremesSql}
       from run_block where project_id = $1 order by block`,
    [projectId],
  );
}

/** Returns the parts of a counted block, by their number. */
export async function readBlockParts(
  snapshot: Queryable,
  projectId: number,
  block: number,
): Promise<Map<number, StoredExtremes>> {
  const rows = await snapshot.query<StoredExtremes & { part: number }>({
    name: 'read-block-parts',
    text: `select part, ${extremesSql} from run_block_part where project_id = $1 and block = $2`,
    values: [projectId, block],
  });
  return new Map(rows.map(({ part, ...extremes }) => [part, extremes]));
}

/** What is stored of a value in a block; that of a text is the text. */
export interface StoredValue {
  dimension: number;
  value: number | string | null;
  typeId: number;
  count: number;
  places: number[] | null;
  /** How many there are in each part, where no places are stored. */
  partCounts: number[] | null;
}

/** Returns what is stored of the values of a block. */
export async function readBlockValues(snapshot: Queryable, projectId: number, block: number): Promise<StoredValue[]> {
  const ids = texts.map(({ id }) => id);
  const rows = await snapshot.query<StoredValue & { text: string | null; value: number }>({
    name: 'read-block-values',
    text: `select v.dimension, v.value, x.text, v.test_run_type_id as "typeId", v.run_count as count, v.places, v.part_counts as "partCounts"
             from run_block_value v
             left join run_text x on x.project_id = v.project_id and x.run_text_id = v.value and v.dimension = any ($3)
            where v.project_id = $1 and v.block = $2`,
    values: [projectId, block, ids],
  });
  return rows.map(({ text, ...row }) => ({
    ...row,
    value: row.value === NO_VALUE ? null : ids.includes(row.dimension) ? (text ?? `text ${row.value}`) : row.value,
  }));
}

/** Marks the blocks of these runs to be counted again. Call while holding the blocks (storage/locks.ts). */
export async function outdateBlocksOfRuns(
  transaction: Transaction,
  projectId: number,
  runIds: readonly number[],
): Promise<void> {
  await transaction.query({
    name: 'outdate-blocks-of-runs',
    text: outdate(`select unnest($2::bigint[]) / e.span as block from run_block_extent e where e.project_id = $1`),
    values: [projectId, runIds],
  });
}

/** Marks the blocks with runs of a case to be counted again. Call while holding the blocks (storage/locks.ts). */
export async function outdateBlocksOfCase(
  transaction: Transaction,
  projectId: number,
  testCaseId: number,
): Promise<void> {
  await transaction.query({
    name: 'outdate-blocks-of-case',
    text: outdate(
      `select t.test_run_id / e.span as block from run_block_extent e
         join test_run t on t.project_id = e.project_id and t.test_case_id = $2 and not t.is_deleted and t.end_date is not null
        where e.project_id = $1`,
    ),
    values: [projectId, testCaseId],
  });
}

/** Marks the blocks within a range of ids to be counted again. Call while holding the blocks (storage/locks.ts). */
export async function outdateBlocksWithin(
  transaction: Transaction,
  projectId: number,
  { start, end }: { start: number | null; end: number },
): Promise<void> {
  await transaction.query({
    name: 'outdate-blocks-within',
    text: outdate(
      `select w.block from run_block_extent e
         join run_block w on w.project_id = e.project_id and w.block >= $2::bigint / e.span and w.block <= ($3::bigint - 1) / e.span
        where e.project_id = $1`,
    ),
    values: [projectId, start ?? 0, end],
  });
}

/** In one order, so that two who mark the same blocks wait for each other instead of dead-locking. */
const outdate = (blocks: string) => `
  update run_block b set is_current = false
    from (select k.block from run_block k
           where k.project_id = $1 and k.is_current and k.block in (${blocks})
           order by k.block for update) o
   where b.project_id = $1 and b.block = o.block`;
