import type { Queryable } from '../../storage/database.ts';
import type { BlockSpans } from '../../storage/run-blocks.ts';
import { MOST_PLACES, type RunDimension } from '../../storage/run-dimensions.ts';
import { binderOf } from '../conditions.ts';

// SQL over what is stored of the values of runs: by block (run_block_value) and of all blocks together (run_value_total).
// `v` is a row of either, $1 the project.

/** Which stored values are meant. */
export interface WantedValues {
  dimension: RunDimension;
  /** Of runs of this type alone. */
  testRunTypeId: number | undefined;
  /** Picks among the values of the dimension; by default all. */
  sql?: string;
}

/** Returns the condition for rows of these values. */
export const areWanted = ({ dimension, testRunTypeId, sql }: WantedValues) =>
  [
    `v.project_id = $1 and v.dimension = ${dimension.id}`,
    ...(sql === undefined ? [] : [`(${sql})`]),
    ...(testRunTypeId === undefined ? [] : [`v.test_run_type_id = ${testRunTypeId}`]),
  ].join(' and ');

/** SQL of whether all rows of a group name their runs. By their number, so that the index tells it alone. */
export const areNamed = `max(v.run_count) <= ${MOST_PLACES}`;

/** Returns a query of how many runs of these values lie in which part of some blocks: `block`, `part`, `run_count`. */
export const runsByPart = (wanted: WantedValues, { partSpan }: BlockSpans, blocks: string) => `
  select v.block, p.part, sum(p.run_count)::int as run_count
    from run_block_value v
   cross join lateral (
     select n.part - 1 as part, n.run_count from unnest(v.part_counts) with ordinality as n (run_count, part) where n.run_count > 0
     union all
     select n.place / ${partSpan}, 1 from unnest(v.places) as n (place)) p
   where ${areWanted(wanted)} and v.block = any (${blocks}::bigint[])
   group by v.block, p.part`;

/**
 * Returns a query whose rows add up to how many runs of the counted, current blocks have which value (`value`,
 * `run_count`): the totals, less what the blocks add that are not current.
 */
export const currentTotals = (wanted: WantedValues, outdated: string) => `
  select v.value, v.run_count from run_value_total v where ${areWanted(wanted)}
  union all
  select v.value, -v.run_count from run_block_value v where ${areWanted(wanted)} and v.block = any (${outdated}::bigint[])`;

/** Returns SQL of how many runs a row `b` of run_block has that a view of one type, or of all, lists. */
export const countOfType = (testRunTypeId: number | undefined) =>
  testRunTypeId === undefined
    ? 'b.manual_count + b.automated_count'
    : `b.${testRunTypeId === 1 ? 'manual_count' : 'automated_count'}`;

/** Values whose runs some blocks name one by one. */
export interface NamedValues extends WantedValues {
  blocks: readonly number[];
  span: number;
}

/** Returns the ids of the runs of these values in these blocks; `values` are those that the SQL of the values is bound to. */
export async function namedIds(
  db: Queryable,
  { blocks, span, ...wanted }: NamedValues,
  values: unknown[],
): Promise<number[]> {
  if (blocks.length === 0) return [];
  const bind = binderOf(values);
  const rows = await db.query<{ id: number }>({
    text: `select v.block * ${span} + p.place as id
             from run_block_value v cross join lateral unnest(v.places) as p (place)
            where ${areWanted(wanted)} and v.block = any (${bind(blocks)}::bigint[])`,
    values,
  });
  return rows.map((row) => row.id);
}
