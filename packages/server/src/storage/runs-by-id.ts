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

// All of it is asked for in the order of the ids, which only the key gives. In an empty partition every index that contains
// the id somewhere costs the same, and a plan made then goes on walking along one of them from end to end while the partition
// fills: a merge of 2,500 runs, in 147 stretches, read 73,311 times a page of the index by date: 324 ms in place of 45.

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
       order by test_run_id
      offset 0) ${as}`;
}

/** A look-up of rows that belong to one run. */
export interface OneRun extends Pick<RunsById, 'table' | 'where'> {
  /** SQL of its id. */
  runId: string;
}

/**
 * Returns a query of the rows of project $1 and one run, to be joined laterally: `offset 0` keeps it a look-up by run. Where
 * statistics know nothing of a project yet, the planner takes it for empty and would else compare each row of it with each
 * run (measured: 12 s instead of 0.1 s for the steps of the first 3,000 runs of a second product).
 */
export const rowsOfRun = ({ table, runId, where = 'true' }: OneRun): string => `
  select * from ${table}
   where project_id = $1 and test_run_id between ${runId} and ${runId} and ${where}
   order by test_run_id
  offset 0`;
