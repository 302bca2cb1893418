import type { Queryable } from '../../storage/database.ts';
import { binderOf } from '../conditions.ts';
import type { BlocksToRead } from './block-cells.ts';
import { blockTestOf } from './block-conditions.ts';
import { countOfType, currentTotals } from './stored-values.ts';

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
    ? `select coalesce(sum(run_count), 0)::bigint as count,
              exists (select from run_block b
                       where b.project_id = $1 and b.is_current and ${test.dimension.id} = any (b.uncounted)) as "isUncounted"
         from (${currentTotals({ ...test, testRunTypeId: reading.testRunTypeId }, bind(outdated))}) counted`
    : `select coalesce(sum(${countOfType(reading.testRunTypeId)}), 0)::bigint as count, false as "isUncounted"
         from run_block b where b.project_id = $1 and b.is_current`;
  const [row] = await db.query<{ count: number; isUncounted: boolean }>({ text, values });
  return row && !row.isUncounted ? row.count : undefined;
}
