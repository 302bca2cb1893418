import type { Queryable, Transaction } from './database.ts';

// Advisory locks of a transaction, one number a purpose. They go with the transaction, so they work behind a
// transaction pooler and across processes. Each is taken as a statement of its own: only the next statement's snapshot
// is then taken after the lock is held. Who takes several of one project does so in this order: references, trees,
// blocks, figures.
const purposes = { figures: 71, trees: 72, references: 73, runPartitions: 74, blocks: 75 } as const;

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
  await hold(transaction, purposes.references, projectId);
}

/** Waits for the recorders that hold references and keeps new ones out: for purges. */
export async function lockReferences(transaction: Transaction, projectId: number): Promise<void> {
  await lock(transaction, purposes.references, projectId);
}

/** Serialises whatever adds or replaces partitions of the run tables. They belong to no project. */
export async function lockRunPartitions(transaction: Transaction): Promise<void> {
  await lock(transaction, purposes.runPartitions, 0);
}

/**
 * Keeps the runs of counted blocks from being counted while they are edited, deleted or restored. Shared: those who do
 * so do not wait for each other. Taken before the runs are changed; their blocks are then marked in the same transaction.
 */
export async function holdBlocks(transaction: Transaction, projectId: number): Promise<void> {
  await hold(transaction, purposes.blocks, projectId);
}

/** Waits for those who hold the blocks of a project and keeps others out: for counting. */
export async function lockBlocks(transaction: Transaction, projectId: number): Promise<void> {
  await lock(transaction, purposes.blocks, projectId);
}

/** Returns the transactions that hold references of any project now: all that may be inserting runs. */
export async function listRecorders(db: Queryable): Promise<string[]> {
  const rows = await db.query<{ holder: string }>({
    name: 'list-recorders',
    text: `select distinct virtualtransaction as holder from pg_locks
            where locktype = 'advisory' and classid = $1 and objsubid = 2
              and database = (select oid from pg_database where datname = current_database())`,
    values: [purposes.references],
  });
  return rows.map((row) => row.holder);
}

async function lock(transaction: Transaction, purpose: number, projectId: number): Promise<void> {
  await transaction.query({ name: 'lock', text: 'select pg_advisory_xact_lock($1, $2)', values: [purpose, projectId] });
}

/** The same lock, together with all others who hold it and with none who has it alone. */
async function hold(transaction: Transaction, purpose: number, projectId: number): Promise<void> {
  await transaction.query({
    name: 'hold',
    text: 'select pg_advisory_xact_lock_shared($1, $2)',
    values: [purpose, projectId],
  });
}
