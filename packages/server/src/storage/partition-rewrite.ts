import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Database, Queryable, Transaction } from './database.ts';
import { type ExpiryScope, findOldRuns, isExpired, keptRuns, scopeValues } from './expired-runs.ts';
import { holdBlocks, lockFigures } from './locks.ts';
import { type GoOn, giveWay, PartitionInUse, withPartitionHeld } from './partition-hold.ts';
import { isLockedOut, takingTurns, waitAtMost } from './partition-turns.ts';
import { outdateBlocksWithin } from './run-blocks.ts';
import { listRunPartitions, type RunPartition, runTables } from './run-partitions.ts';
import { type PageRange, pageRanges, unhurried } from './unhurried.ts';

/** Nobody waits longer than this for a swap that cannot have its locks yet. */
const SWAP_PATIENCE_MS = 100;
const SWAP_ATTEMPTS = 40;

/** A partition that is being rewritten, and its tables to be. */
interface Rewrite {
  partition: RunPartition;
  scope: ExpiryScope;
  signal: AbortSignal | undefined;
  runs: string;
  steps: string;
}

/**
 * Replaces a partition by one without its old runs and returns how many went; its space is free at once. Only for
 * partitions whose every id was given. Undefined: somebody used the partition in a way that cannot be waited for, so that
 * nothing was done. The signal stops it while it copies: then, too, nothing was done.
 *
 * While it is copied, nobody can change the partition (edits and deletions of just these runs wait), everybody can read
 * it, and recorders are elsewhere. The swap then holds the lock of figures, so that no figure can come to need a run
 * that was not copied, the blocks, so that none is counted from what is gone, and, for moments, the tables alone.
 */
export async function rewritePartition(
  db: Database,
  partition: RunPartition,
  { signal, ...scope }: Omit<ExpiryScope, 'start' | 'end'> & { signal?: AbortSignal | undefined },
): Promise<number | undefined> {
  const bounded = { ...scope, start: partition.start, end: partition.end };
  try {
    return await takingTurns(() => {
      // A name of its own: nothing that an earlier attempt or another process left behind is in the way.
      const suffix = `${REWRITTEN}${randomBytes(4).toString('hex')}`;
      const [runs, steps] = [`${partition.runs}${suffix}`, `${partition.steps}${suffix}`];
      return copyAndSwap(db, { partition, signal, scope: bounded, runs, steps });
    });
  } catch (error) {
    if (error instanceof PartitionInUse) return undefined;
    throw error;
  }
}

async function copyAndSwap(db: Database, rewrite: Rewrite): Promise<number> {
  const { partition, scope, runs, steps } = rewrite;
  let hasBegun = false;
  const copying = (goOn: GoOn) => {
    hasBegun = true;
    return copyRemaining(db, rewrite, goOn);
  };
  try {
    return await withPartitionHeld(db, partition, copying, async (transaction, left) => {
      const added = await takeTables(transaction, rewrite);
      await swap(transaction, rewrite);
      await outdateBlocksWithin(transaction, scope.projectId, partition);
      return left - added;
    });
  } catch (error) {
    // What cannot be dropped after a fault of the database is dropped by the next retention.
    if (hasBegun) await dropTables(db, [runs, steps]).catch(() => {});
    throw error;
  }
}

/** Makes the new tables of what remains, part by part; returns how many runs they do not have. */
async function copyRemaining(db: Database, rewrite: Rewrite, goOn: GoOn): Promise<number> {
  const { partition, signal, runs, steps } = rewrite;
  const doPart = async <Result>(part: (transaction: Transaction) => Promise<Result>): Promise<Result> => {
    const result = await unhurried(() => db.transaction(part));
    signal?.throwIfAborted();
    goOn();
    return result;
  };
  for (const [index, table] of [runs, steps].entries()) {
    // By the constraint the attachment knows that it need not look at each row.
    await doPart((transaction) =>
      transaction.query(
        `create table ${table} (like ${runTables[index]!} including all, constraint within_bounds check (${within(partition)}))`,
      ),
    );
  }
  let left = 0;
  for (const isInRange of await pageRanges(db, partition.runs)) {
    left += await doPart((transaction) => copyRuns(transaction, rewrite, isInRange));
  }
  await doPart((transaction) => transaction.query(`analyze ${runs}`));
  for (const isInRange of await pageRanges(db, partition.steps)) {
    await doPart((transaction) =>
      transaction.query(
        `insert into ${steps} select s.* from ${partition.steps} s where ${isInRange('s')} and exists (
           select from ${runs} r where r.project_id = s.project_id and r.test_run_id = s.test_run_id)`,
      ),
    );
  }
  await doPart((transaction) => transaction.query(`analyze ${steps}`));
  return left;
}

/** Returns how many of the runs in a range of pages were not copied. */
async function copyRuns(
  transaction: Transaction,
  { partition, scope, runs }: Rewrite,
  isInRange: PageRange,
): Promise<number> {
  const { all, start, end } = await findOldRuns(transaction, partition.runs, { ...scope, isInRange });
  if (start === null || end === null) {
    await transaction.query(`insert into ${runs} select r.* from ${partition.runs} r where ${isInRange('r')}`);
    return 0;
  }
  const [copied] = await transaction.query<{ runs: number }>(
    `with ${keptRuns},
     put as (
       insert into ${runs}
       select r.* from ${partition.runs} r left join kept k on k.test_run_id = r.test_run_id and r.project_id = $1
        where ${isInRange('r')} and not ${isExpired}
       returning 1)
     select count(*) as runs from put`,
    scopeValues({ ...scope, start, end }),
  );
  return all - (copied?.runs ?? 0);
}

const within = ({ start, end }: RunPartition): string =>
  [...(start === null ? [] : [`test_run_id >= ${start}::bigint`]), `test_run_id < ${end}::bigint`].join(' and ');

/**
 * Takes the locks of blocks and figures, adds what has come to be needed since the copy, and takes both tables alone.
 * Whoever is in the way is not waited for with the locks held: they are given back, and taken again later. Returns how
 * many runs were added.
 */
async function takeTables(transaction: Transaction, rewrite: Rewrite): Promise<number> {
  await waitAtMost(transaction, SWAP_PATIENCE_MS);
  for (let attempt = 1; ; attempt += 1) {
    await giveWay(transaction, rewrite.partition);
    await transaction.query('savepoint before_swap');
    try {
      await holdBlocks(transaction, rewrite.scope.projectId);
      await lockFigures(transaction, rewrite.scope.projectId);
      const added = await addNeeded(transaction, rewrite);
      await transaction.query('lock table only test_run, only test_run_step in access exclusive mode');
      return added;
    } catch (error) {
      if (!isLockedOut(error)) throw error;
      if (attempt === SWAP_ATTEMPTS) throw new PartitionInUse();
      await transaction.query('rollback to savepoint before_swap');
      await pause(10 * attempt);
    }
  }
}

async function addNeeded(transaction: Transaction, { partition, scope, runs, steps }: Rewrite): Promise<number> {
  const missing = await transaction.query<{ id: number }>(
    `with ${keptRuns}
     select o.test_run_id as id
       from kept k
       join ${partition.runs} o on o.project_id = $1 and o.test_run_id = k.test_run_id
      where not exists (select from ${runs} r where r.project_id = $1 and r.test_run_id = k.test_run_id)`,
    scopeValues(scope).slice(0, 3),
  );
  if (missing.length === 0) return 0;
  const values = [scope.projectId, missing.map((row) => row.id)];
  for (const [from, to] of [
    [partition.runs, runs],
    [partition.steps, steps],
  ] as const) {
    await transaction.query(
      `insert into ${to} select r.* from ${from} r where r.project_id = $1 and r.test_run_id = any ($2::bigint[])`,
      values,
    );
  }
  return missing.length;
}

async function swap(transaction: Transaction, { partition, runs, steps }: Rewrite): Promise<void> {
  const { start, end } = partition;
  const replaced = [partition.runs, partition.steps];
  for (const [index, table] of runTables.entries()) {
    const old = replaced[index]!;
    const rewritten = [runs, steps][index]!;
    await transaction.query(`alter table ${table} detach partition ${old}`);
    await transaction.query(`drop table ${old}`);
    await transaction.query(`alter table ${rewritten} rename to ${old}`);
    await transaction.query(
      `alter table ${table} attach partition ${old} for values from (${start ?? 'minvalue'}) to (${end})`,
    );
    await transaction.query(`alter table ${old} drop constraint within_bounds`);
  }
}

const REWRITTEN = '_rewritten_';

/** Drops what rewrites left behind whose process ended while they copied; those that go on are left alone. */
export async function dropLeftovers(db: Database): Promise<void> {
  const leftovers = Map.groupBy(await listRewritten(db), (table) => table.slice(0, table.indexOf(REWRITTEN)));
  if (leftovers.size === 0) return;
  for (const { runs, steps } of await listRunPartitions(db)) {
    const tables = [runs, steps].flatMap((table) => leftovers.get(table) ?? []);
    if (tables.length === 0) continue;
    await db
      .transaction(async (transaction) => {
        // A rewrite that goes on has it. It would give way to whoever waits, so this must not.
        await transaction.query(`lock table ${runs}, ${steps} in share row exclusive mode nowait`);
        await dropTables(transaction, tables);
      })
      .catch((error) => {
        if (!isLockedOut(error)) throw error;
      });
  }
}

async function listRewritten(db: Queryable): Promise<string[]> {
  const rows = await db.query<{ name: string }>(
    `select format('%I', relname) as name from pg_class
      where relnamespace = current_schema()::regnamespace and relkind = 'r' and strpos(relname, $1) > 0`,
    [REWRITTEN],
  );
  return rows.map(({ name }) => name);
}

async function dropTables(db: Queryable, tables: readonly string[]): Promise<void> {
  await db.query(`drop table if exists ${tables.join(', ')}`);
}
