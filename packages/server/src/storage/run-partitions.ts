import { missingPartitions } from '../domain/run-partitions.ts';
import type { Database, Queryable, Transaction } from './database.ts';
import { lockRunPartitions } from './locks.ts';

/** The tables that are partitioned by run id, with equal bounds. */
export const runTables = ['test_run', 'test_run_step'] as const;

/**
 * Keeps partitions of the run tables from being replaced. For whoever takes a snapshot, before it is taken: a partition
 * that was replaced after that would look empty in it.
 */
export const holdRunTables = `lock table ${runTables.map((table) => `only ${table}`).join(', ')} in access share mode`;

/** One partition of the run tables: the runs from `start` on, before `end`. */
export interface RunPartition {
  /** Null: however small the id. */
  start: number | null;
  end: number;
  /** The tables of this partition: of runs and of their steps. */
  runs: string;
  steps: string;
}

const CHECK_VIOLATION = '23514';

/** Returns whether an insertion of runs failed only because the partition for their ids is not there yet. */
export function isMissingRunPartition(error: unknown): boolean {
  const { code, constraint, table } = error as { code?: string; constraint?: string; table?: string };
  // A violated constraint has the same code, but also a name.
  return code === CHECK_VIOLATION && constraint === undefined && runTables.some((name) => name === table);
}

/** Returns the partitions of the run tables in the order of their ids. */
export async function listRunPartitions(db: Queryable): Promise<RunPartition[]> {
  return db.query<RunPartition>({
    name: 'list-run-partitions',
    text: `with part as (
             select inhparent, format('%I', c.relname) as name,
                    regexp_match(pg_get_expr(c.relpartbound, c.oid), 'FROM \\((.+)\\) TO \\(''?(\\d+)''?\\)') as bound
               from pg_inherits join pg_class c on c.oid = inhrelid
              where inhparent in ('test_run'::regclass, 'test_run_step'::regclass))
           select nullif(trim('''' from r.bound[1]), 'MINVALUE')::bigint as start, r.bound[2]::bigint as end,
                  r.name as runs, s.name as steps
             from part r join part s on s.inhparent = 'test_run_step'::regclass and s.bound[2] = r.bound[2]
            where r.inhparent = 'test_run'::regclass
            order by 2`,
  });
}

/** Returns the last run id that was given, 0 before the first. */
export async function lastRunId(db: Queryable): Promise<number> {
  const [row] = await db.query<{ id: number }>({
    name: 'last-run-id',
    text: 'select case when is_called then last_value else 0 end as id from test_run_test_run_id_seq',
  });
  return row?.id ?? 0;
}

/**
 * Sees to it that partitions reach at least a whole least span beyond the last run id, and returns how many it made.
 * Recorders do not wait: attaching an empty table locks nothing that they need. Any number of processes may do so at once.
 */
export async function makeRunPartitions(db: Database): Promise<number> {
  if ((await partitionsToMake(db)).length === 0) return 0;
  return db.transaction(async (transaction) => {
    await lockRunPartitions(transaction);
    // Again, as another process may have made them before this one had the lock.
    const missing = await partitionsToMake(transaction);
    for (const bounds of missing) await makePartition(transaction, bounds);
    return missing.length;
  });
}

async function partitionsToMake(db: Queryable): Promise<{ start: number; end: number }[]> {
  const partitions = await listRunPartitions(db);
  return missingPartitions(partitions.at(-1)?.end ?? 0, await lastRunId(db));
}

async function makePartition(transaction: Transaction, { start, end }: { start: number; end: number }): Promise<void> {
  for (const table of runTables) {
    const name = `${table}_from_${start}`;
    await transaction.query(`create table ${name} (like ${table} including all)`);
    await transaction.query(`alter table ${table} attach partition ${name} for values from (${start}) to (${end})`);
  }
}

/** Statistics of a whole table are renewed when it has grown by a fifth and so many rows. */
const ANALYZED_FROM_ROWS = 10_000;

/**
 * Renews the planner's statistics of the whole run tables, where their partitions, which PostgreSQL looks after itself,
 * have grown since; returns the tables. Without them joins are planned as if a table held few different cases.
 */
export async function analyzeRuns(db: Database): Promise<string[]> {
  const stale = await db.query<{ name: string; only: string }>({
    name: 'stale-run-statistics',
    text: `select t.relname as name, case when current_setting('server_version_num')::int >= 180000 then 'only' else '' end as only
             from pg_class t
            where t.oid in ('test_run'::regclass, 'test_run_step'::regclass)
              and (select sum(greatest(c.reltuples, 0)) from pg_inherits join pg_class c on c.oid = inhrelid where inhparent = t.oid)
                  > greatest(t.reltuples, 0) * 1.2 + $1`,
    values: [ANALYZED_FROM_ROWS],
  });
  for (const { name, only } of stale) await db.query(`analyze ${only} ${name}`);
  return stale.map(({ name }) => name);
}
