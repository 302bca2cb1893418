import pg from 'pg';
import { StartupError } from '../startup-error.ts';
import { type Address, connectionString } from './address.ts';

// A connection of its own to the embedded database, for as long as a process uses it. Its session locks say who is
// there, and they go with the process, however it ends: no file is left that a person would have to remove. Nothing
// like it is used on an external database, where a pooler may stand in between.

/** Held alone by the one server of a data directory. */
const SERVING = 7001;
/** Held shared by every process that uses the embedded database; whoever gets it alone is the last one. */
const IN_USE = 7002;

export interface Guard {
  /** Resolves when the connection is gone, whoever ended it. */
  readonly ended: Promise<void>;
  /** Tells a second server where this one answers. */
  announce(text: string): Promise<void>;
  /** Returns whether nobody else uses the database, and keeps newcomers waiting if so. */
  isLast(): Promise<boolean>;
  end(): Promise<void>;
}

/** Returns a guard; refuses (StartupError) to serve where another server does, and says which. */
export async function takeGuard(address: Address, { isServer }: { isServer: boolean }): Promise<Guard> {
  const client = new pg.Client({
    connectionString: connectionString(address, 'postgres'),
    application_name: `runledger process ${process.pid}`,
  });
  client.on('error', () => {});
  const ended = new Promise<void>((resolve) => client.once('end', () => resolve()));
  await client.connect();
  try {
    await client.query('select pg_advisory_lock_shared($1::bigint)', [IN_USE]);
    if (isServer && !(await tryLock(client, SERVING))) throw await occupied(client);
  } catch (error) {
    await client.end().catch(() => {});
    throw error;
  }
  return {
    ended,
    announce: async (text) => {
      await client.query(`select set_config('application_name', $1, false)`, [
        `runledger process ${process.pid}, ${text}`,
      ]);
    },
    isLast: async () => {
      await client.query('select pg_advisory_unlock_shared($1::bigint)', [IN_USE]);
      return tryLock(client, IN_USE);
    },
    end: () => client.end(),
  };
}

async function tryLock(client: pg.Client, lock: number): Promise<boolean> {
  const { rows } = await client.query<{ taken: boolean }>('select pg_try_advisory_lock($1::bigint) as taken', [lock]);
  return rows[0]?.taken === true;
}

async function occupied(client: pg.Client): Promise<StartupError> {
  const { rows } = await client.query<{ name: string }>(
    `select a.application_name as name from pg_locks l join pg_stat_activity a using (pid)
      where l.locktype = 'advisory' and l.objid = $1 and l.objsubid = 1 and l.mode = 'ExclusiveLock' and l.granted`,
    [SERVING],
  );
  const who = rows[0]?.name.replace(/^runledger /, '') ?? 'a process that is just ending';
  return new StartupError(
    'inUse',
    `Another Runledger server works on this data directory: ${who}. Stop it first, or name another directory with --data.`,
  );
}
