import type { Queryable } from './database.ts';

/**
 * Keeps PostgreSQL from compiling statements (JIT). It does so by the estimated cost, which says little here: what has no
 * key, or no statistics yet, counts as endlessly dear. On Debian's PostgreSQL 15 deriving the figures of one release anew
 * took 0.7 to 1.4 s in place of a few milliseconds, under the lock of figures.
 */
export const notCompiled = { setting: 'jit', value: 'off' } as const;

/**
 * Makes the planner join whole sets for the rest of the transaction. Right after a first large load PostgreSQL knows
 * nothing yet of how full the tables are, takes each for one row, and joins them by nested loops: measured on 3,000 runs,
 * 4.7 million comparisons where a hash join makes 3,000. Only for statements that limit every table on their own (to the
 * cases or parents at hand, or to the whole project), so that hashing one never means reading more than is wanted.
 */
export async function joinWholeSets(transaction: Queryable): Promise<void> {
  await transaction.query({ name: 'join-whole-sets', text: `select set_config('enable_nestloop', 'off', true)` });
}
