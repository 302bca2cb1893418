import type { Queryable, Statement } from './database.ts';

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

/**
 * Returns the rows of a statement that is planned once for all values. By itself PostgreSQL goes on planning anew for the
 * values at hand, since of a list of unknown length it assumes ten items and takes the plan for one to be cheaper: planning
 * took 1.6 ms of the 2.6 ms that it spent on a single record. Only for statements that find every row by a key, whatever
 * the values. Outside a transaction nothing can be set for one statement, so there it is planned as others are.
 */
export async function queryPlannedOnce<Row extends object>(
  db: Queryable,
  statement: Statement & { name: string },
): Promise<Row[]> {
  if (!('isTransaction' in db)) return db.query<Row>(statement);
  const [, rows] = await Promise.all([
    db.query(planCacheMode('force_generic_plan')),
    db.query<Row>(statement),
    db.query(planCacheMode('auto')),
  ]);
  return rows;
}

const planCacheMode = (mode: string): Statement => ({
  name: 'plan-cache-mode',
  text: `select set_config('plan_cache_mode', $1, true)`,
  values: [mode],
});
