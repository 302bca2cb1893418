import type { Queryable, Transaction } from './database.ts';

// What all counted blocks of a project (run-blocks.ts) have in common: how many runs have which value. Counting a block
// changes the totals by what the block changes, in the same statement.

/**
 * Makes the totals of a dimension the sums of what is stored of its blocks; returns how many were not. Call under the
 * lock of blocks.
 */
export async function sumValueTotals(transaction: Transaction, projectId: number, dimension: number): Promise<number> {
  const [summed] = await transaction.query<{ rowsChanged: number }>({
    name: 'sum-value-totals',
    text: `
      with wanted as materialized (
        select value, test_run_type_id, sum(run_count)::bigint as run_count
          from run_block_value where project_id = $1 and dimension = $2 group by value, test_run_type_id),
      gone as (
        delete from run_value_total t
         where t.project_id = $1 and t.dimension = $2
           and not exists (select from wanted w where (w.value, w.test_run_type_id) = (t.value, t.test_run_type_id))
        returning t.run_count),
      put as (
        insert into run_value_total as t (project_id, dimension, value, test_run_type_id, run_count)
        select $1, $2, value, test_run_type_id, run_count from wanted
        on conflict (project_id, dimension, value, test_run_type_id) do update set run_count = excluded.run_count
         where t.run_count <> excluded.run_count
        returning 1)
      select (select count(*) from gone where run_count <> 0) + (select count(*) from put) as "rowsChanged"`,
    values: [projectId, dimension],
  });
  return summed?.rowsChanged ?? 0;
}

/** How many runs of a type have a value; texts stand as their numbers in run_text. */
export interface ValueTotal {
  dimension: number;
  value: number;
  typeId: number;
  count: number;
}

/** Returns the totals of a project that are not 0. */
export function readValueTotals(snapshot: Queryable, projectId: number): Promise<ValueTotal[]> {
  return snapshot.query<ValueTotal>(
    `select dimension, value, test_run_type_id as "typeId", run_count as count
       from run_value_total where project_id = $1 and run_count <> 0`,
    [projectId],
  );
}

/** Returns what the totals should be: the sums of what is stored of the blocks. */
export function readBlockSums(snapshot: Queryable, projectId: number): Promise<ValueTotal[]> {
  return snapshot.query<ValueTotal>(
    `select dimension, value, test_run_type_id as "typeId", sum(run_count)::bigint as count
       from run_block_value where project_id = $1 group by 1, 2, 3`,
    [projectId],
  );
}
