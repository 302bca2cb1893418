import type { Queryable } from '../../storage/database.ts';
import { binderOf } from '../conditions.ts';
import { type BlocksToRead, countOfType, ofType } from './block-cells.ts';
import { blockTestOf } from './block-conditions.ts';

/**
 * Returns how many runs of the counted, current blocks meet the conditions, where one look at the totals tells it: without
 * conditions, and with one on a dimension that is counted in every block. Else undefined: the blocks have to be read.
 */
export async function countByTotals(
  db: Queryable,
  { projectId, conditions, reading }: BlocksToRead,
  outdated: readonly number[],
): Promise<number | undefined> {
  if (conditions.length > 1) return undefined;
  const values: unknown[] = [projectId];
  const bind = binderOf(values);
  const [test] = conditions.map((condition) => blockTestOf(condition, { projectId, reading }, bind));
  if (test && test.kind !== 'dimension') return undefined;
  const text = test
    ? `with counted as (
         select v.run_count from run_value_total v where ${valuesThat(test)}${ofType('v', reading.testRunTypeId)}
         union all
         select -v.run_count from run_block_value v
          where ${valuesThat(test)}${ofType('v', reading.testRunTypeId)} and v.block = any (${bind(outdated)}::bigint[]))
       select coalesce(sum(run_count), 0)::bigint as count,
              exists (select from run_block b
                       where b.project_id = $1 and b.is_current and ${test.dimension.id} = any (b.uncounted)) as "isUncounted"
         from counted`
    : `select coalesce(sum(${countOfType('b', reading.testRunTypeId)}), 0)::bigint as count, false as "isUncounted"
         from run_block b where b.project_id = $1 and b.is_current`;
  const [row] = await db.query<{ count: number; isUncounted: boolean }>({ text, values });
  return row && !row.isUncounted ? row.count : undefined;
}

const valuesThat = ({ dimension, sql }: { dimension: { id: number }; sql: string }) =>
  `v.project_id = $1 and v.dimension = ${dimension.id} and (${sql})`;
