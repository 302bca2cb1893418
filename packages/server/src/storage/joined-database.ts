import type { Database, Transaction } from './database.ts';

/**
 * Returns the database as it is for work inside an open transaction: what the work calls its transactions are parts of
 * this one, and what it reads sees what it has written. An error in any part must end the whole.
 */
export function joinedDatabase(db: Database, transaction: Transaction): Database {
  const refused = (): never => {
    throw new Error('A transaction is open here: there is no pool and no snapshot beside it');
  };
  return Object.create(db, {
    kysely: { get: () => transaction.kysely },
    query: { value: (...sent: Parameters<Transaction['query']>) => transaction.query(...sent) },
    transaction: { value: <Result>(work: (joined: Transaction) => Promise<Result>) => work(transaction) },
    snapshot: { value: refused },
    pool: { get: refused },
  }) as Database;
}
