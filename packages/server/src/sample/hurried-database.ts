import type { Database, Transaction } from '../storage/database.ts';

/**
 * Returns the same database for work that may be lost: its commits do not wait for the disk. A crash takes the latest of
 * them, never one from the middle, so what is left is the beginning of the work.
 */
export function hurriedDatabase(db: Database): Database {
  const transaction = <Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result> =>
    db.transaction(async (opened) => {
      await opened.query(`select set_config('synchronous_commit', 'off', true)`);
      return work(opened);
    });
  return Object.create(db, { transaction: { value: transaction } }) as Database;
}
