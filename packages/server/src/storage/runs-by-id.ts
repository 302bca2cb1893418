import { binaryArray } from './binary-array.ts';

// Many runs are looked up by stretches of consecutive ids: first and last of each, ascending. A list of ids would be
// wrong under some plans: where a partition was empty when a statement was planned, PostgreSQL 15 reads the whole
// range between the least and the greatest id, and compares each row with each id of the list (measured for 2,857 of the
// first 18,000 ids of a partition: 115 to 195 ms, as stretches 7 to 17 ms).

/** Returns stretches as two parameters: their first ids and their last ids. The ids may stand in any order, and twice. */
export function idStretches(ids: readonly number[]): [firsts: Buffer, lasts: Buffer] {
  const firsts: number[] = [];
  const lasts: number[] = [];
  for (const id of Float64Array.from(ids).sort()) {
    const last = lasts.at(-1);
    if (last === undefined || id > last + 1) {
      firsts.push(id);
      lasts.push(id);
    } else lasts[lasts.length - 1] = id;
  }
  return [binaryArray('bigint', firsts), binaryArray('bigint', lasts)];
}

/** A look-up of rows that belong to runs. */
export interface RunsById {
  table: 'test_run' | 'test_run_step';
  columns: string;
  /** The parameters with the stretches: `['$2', '$3']`. */
  stretches: readonly [firsts: string, lasts: string];
  /** A further condition. */
  where?: string;
  /** How the rows are called. */
  as: string;
}

/**
 * Returns what stands after FROM for the rows of project $1 and these runs. Each stretch is found by the key of the table;
 * only partitions from the first to the last of the ids are looked at, also by a plan that was made once for all ids.
 */
export function runsById({ table, columns, stretches: [firsts, lasts], where = 'true', as }: RunsById): string {
  return `unnest(${firsts}::bigint[], ${lasts}::bigint[]) as stretch (first, last)
    cross join lateral (
      select ${columns}
        from ${table}
       where project_id = $1 and test_run_id between stretch.first and stretch.last
         and test_run_id between (${firsts}::bigint[])[1] and (${lasts}::bigint[])[cardinality(${lasts}::bigint[])]
         and ${where}
      offset 0) ${as}`;
}
