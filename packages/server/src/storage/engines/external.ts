import { setTimeout as delay } from 'node:timers/promises';
import type { Database } from '../database.ts';
import { StartupError } from '../startup-error.ts';
import { isTransientFault } from '../transient-faults.ts';

/** The oldest PostgreSQL that all statements are written for. */
const OLDEST = 15;

/**
 * Resolves when the database answers and can hold a ledger. One that is still starting is waited for; refuses
 * (StartupError) one that cannot be reached in time, is older than 15, or is not encoded in UTF-8.
 */
export async function requireUsable(
  db: Database,
  { patienceMs, onWait }: { patienceMs: number; onWait: (error: unknown) => void },
): Promise<void> {
  const { major, encoding } = await firstAnswer(db, performance.now() + patienceMs, onWait);
  if (major < OLDEST) {
    throw new StartupError('database', `The database is PostgreSQL ${major}; Runledger needs ${OLDEST} or later.`);
  }
  if (encoding !== 'UTF8') {
    throw new StartupError('database', `The database is encoded in ${encoding}; create it with encoding UTF8.`);
  }
}

interface ServerFacts {
  major: number;
  encoding: string;
}

async function firstAnswer(db: Database, deadline: number, onWait: (error: unknown) => void): Promise<ServerFacts> {
  for (let hasTold = false; ; hasTold = true) {
    try {
      const [row] = await db.query<ServerFacts>(
        `select current_setting('server_version_num')::int / 10000 as major, current_setting('server_encoding') as encoding`,
      );
      if (row) return row;
    } catch (error) {
      if (!isTransientFault(error) || performance.now() > deadline) throw unreachable(error);
      if (!hasTold) onWait(error);
    }
    await delay(500);
  }
}

function unreachable(cause: unknown): StartupError {
  const reason = cause instanceof Error ? cause.message || String((cause as { code?: string }).code) : String(cause);
  return new StartupError(
    'database',
    `The database cannot be used: ${reason}. Check --database-url (DATABASE_URL) and that the database runs.`,
    { cause },
  );
}
