import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import type { Database, Transaction } from './database.ts';
import { takeTurn } from './partition-turns.ts';
import type { RunPartition } from './run-partitions.ts';

/** Somebody uses a partition in a way that a rewrite cannot wait for. */
export class PartitionInUse extends Error {}

/** Whoever wants to change the partition waits for so long, and for the end of the transaction. */
const LOOK_EVERY_MS = 100;
/**
 * Work that did not get on for so long is given up: behind a pooler, those who hold partitions may have all the sessions
 * that their work waits for.
 */
const LONGEST_STANDSTILL_MS = 30_000;

/** Called by the work beside a held partition after each of its parts: fails when the partition is not held any more. */
export type GoOn = () => void;

/**
 * Does `work` while nobody can change a partition, though everybody can read it, then `finish` in the transaction that
 * kept them out, and returns the result of this. `work` has connections of its own: a transaction that wrote and stayed
 * open would keep PostgreSQL from forgetting old versions of any row, also of the figures that recorders replace all the
 * time.
 *
 * Fails with `PartitionInUse` when somebody waits to change the partition while `work` is done. Where `work` has begun, it
 * has ended before this fails.
 */
export async function withPartitionHeld<Done, Result>(
  db: Database,
  partition: RunPartition,
  work: (goOn: GoOn) => Promise<Done>,
  finish: (transaction: Transaction, done: Done) => Promise<Result>,
): Promise<Result> {
  // Where a transaction is open, statements to the pool are refused.
  const outside = AsyncLocalStorage.snapshot();
  const released = new AbortController();
  let working: Promise<Done> | undefined;
  let wentOnAt = performance.now();
  const goOn = () => {
    released.signal.throwIfAborted();
    wentOnAt = performance.now();
  };
  try {
    return await db.transaction(async (transaction) => {
      // Waits for those who are changing the partition.
      await takeTurn(transaction, [partition.runs, partition.steps], 'share row exclusive');
      goOn();
      working = outside(work, goOn);
      const done = working.then((value) => ({ value }));
      for (;;) {
        const settled = await Promise.race([done, pause(LOOK_EVERY_MS)]);
        if (settled) return finish(transaction, settled.value);
        await giveWay(transaction, partition);
        if (performance.now() - wentOnAt > LONGEST_STANDSTILL_MS) throw new PartitionInUse();
      }
    });
  } catch (error) {
    released.abort(error);
    await working?.catch(() => {});
    throw error;
  }
}

/**
 * Fails with `PartitionInUse` when somebody waits to change the partition. They hold what its swap needs, so that waiting
 * for them would be a deadlock, of which they might be the victim; nobody who comes later waits long enough for that.
 */
export async function giveWay(transaction: Transaction, { runs, steps }: RunPartition): Promise<void> {
  const waiting = await transaction.query(
    `select from pg_locks
      where not granted and relation in ($1::regclass, $2::regclass)
        and database = (select oid from pg_database where datname = current_database())`,
    [runs, steps],
  );
  if (waiting.length > 0) throw new PartitionInUse();
}
