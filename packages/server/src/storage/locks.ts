import type { Transaction } from './database.ts';

// Advisory locks of a transaction, one number a purpose. They go with the transaction, so they work behind a
// transaction pooler and across processes. Each is taken as a statement of its own: only the next statement's snapshot
// is then taken after the lock is held.
const purposes = { figures: 71, trees: 72, references: 73, runPartitions: 74 } as const;

/** Serialises everything that writes figures of a project. */
export async function lockFigures(transaction: Transaction, projectId: number): Promise<void> {
  await lock(transaction, purposes.figures, projectId);
}

/** Serialises moves within the trees of a project, so that old and new ancestors are well defined. */
export async function lockTrees(transaction: Transaction, projectId: number): Promise<void> {
  await lock(transaction, purposes.trees, projectId);
}

/**
 * Keeps whatever new runs refer to from being purged until they are committed. Shared: recorders never wait for each
 * other, and no parent row is touched. A purge takes the same lock alone.
 */
export async function holdReferences(transaction: Transaction, projectId: number): Promise<void> {
  await transaction.query({
    name: 'hold-references',
    text: 'select pg_advisory_xact_lock_shared($1, $2)',
    values: [purposes.references, projectId],
  });
}

/** Waits for the recorders that hold references and keeps new ones out: for purges. */
export async function lockReferences(transaction: Transaction, projectId: number): Promise<void> {
  await lock(transaction, purposes.references, projectId);
}

/** Serialises whatever adds or replaces partitions of the run tables. They belong to no project. */
export async function lockRunPartitions(transaction: Transaction): Promise<void> {
  await lock(transaction, purposes.runPartitions, 0);
}

async function lock(transaction: Transaction, purpose: number, projectId: number): Promise<void> {
  await transaction.query({ name: 'lock', text: 'select pg_advisory_xact_lock($1, $2)', values: [purpose, projectId] });
}
