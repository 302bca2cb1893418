import { randomBytes } from 'node:crypto';
import type pg from 'pg';

/**
 * What becomes of a prepared statement that a connection names:
 * - `kept`: it is there as long as the connection. PostgreSQL itself, or a pooler that keeps statements for its clients.
 * - `passed`: a pooler hands the name to whichever PostgreSQL session serves the transaction; the next may meet another.
 * - `refused`: the pooler takes no names.
 */
export type NamedStatements = 'kept' | 'passed' | 'refused';

/**
 * Returns what the pooler at the other end of a new connection does with names: a statement looks for its own in PostgreSQL.
 * Poolers that keep statements (PgBouncer from 1.21 on, when it is told to) have given it another.
 */
export async function namedStatementsOf(client: pg.ClientBase): Promise<NamedStatements> {
  const name = `runledger-probe-${randomBytes(6).toString('hex')}`;
  try {
    await client.query('begin');
    const found = await client.query({
      name,
      text: 'select from pg_prepared_statements where name = $1',
      values: [name],
    });
    if (found.rowCount === 0) return 'kept';
    await client.query(`deallocate "${name}"`);
    return 'passed';
  } catch (error) {
    if (!isStatementRefusal(error)) throw error;
    return 'refused';
  } finally {
    // Ends an aborted transaction as well; a connection that is gone has thrown already.
    await client.query('commit').catch(() => {});
  }
}

/** Classes of errors that say something of the statement, not of the connection or the server's state. */
function isStatementRefusal(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && /^(0A|26|42)/.test(code);
}
