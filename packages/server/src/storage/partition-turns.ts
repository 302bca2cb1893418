import { setTimeout as pause } from 'node:timers/promises';
import type { Transaction } from './database.ts';

// Rewrites and deletions of old runs, of several products and processes, take turns on a partition. Nobody queues for its
// lock for longer than moments: whoever waits there is taken by a rewrite for somebody with an edit, to whom it gives way.

const LOCK_NOT_AVAILABLE = '55P03';
const TURN_PATIENCE_MS = 20;
const PAUSE_MS = 250;
/** About five minutes. */
const MOST_TRIES = 1_200;

/** Returns whether a statement gave up because it would have had to wait for a lock. */
export function isLockedOut(error: unknown): boolean {
  return (error as { code?: string }).code === LOCK_NOT_AVAILABLE;
}

/** Makes the statements of a transaction give up when they would wait longer for a lock; 0: they wait. */
export async function waitAtMost(transaction: Transaction, milliseconds: number): Promise<void> {
  await transaction.query(`select set_config('lock_timeout', $1, true)`, [`${milliseconds}ms`]);
}

/** Takes the lock of tables, or gives up at once. Call within `takingTurns`. */
export async function takeTurn(
  transaction: Transaction,
  tables: readonly string[],
  mode: 'row exclusive' | 'share row exclusive',
): Promise<void> {
  await waitAtMost(transaction, TURN_PATIENCE_MS);
  await transaction.query(`lock table ${tables.join(', ')} in ${mode} mode`);
  await waitAtMost(transaction, 0);
}

/** Does the work, again and again while it is locked out, and returns its result. */
export async function takingTurns<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await work();
    } catch (error) {
      if (!isLockedOut(error) || tried === MOST_TRIES) throw error;
      await pause(PAUSE_MS);
    }
  }
}
