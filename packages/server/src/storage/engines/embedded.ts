import { rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { StartupError } from '../startup-error.ts';
import { type Address, connectionString, OWNER } from './address.ts';
import { type Cluster, clusterIn, type ServerSettings } from './cluster.ts';
import { clusterDirectory } from './data-directory.ts';
import { databaseUser } from './database-user.ts';
import { type Guard, takeGuard } from './guard.ts';
import { findPrograms } from './postgres-programs.ts';
import { type Postmaster, runningPostmaster, stopPostmaster } from './postmaster.ts';

export interface EmbeddedOptions {
  /** An existing directory, absolute and without symbolic links (see dataDirectory). */
  dataDirectory: string;
  /** The server of this directory, of which there may be one; otherwise a command that uses the database for a moment. */
  isServer: boolean;
  /** Told when the database had to be started again. */
  onRestart?: (event: { error?: unknown }) => void;
}

/** The real PostgreSQL that Runledger brings along, running in the data directory. */
export interface EmbeddedDatabase {
  connectionString: string;
  /** It was found running: a server that was killed has left it, or another command uses it. */
  adopted: boolean;
  /** Tells a second server on this directory where this one answers. */
  announce(text: string): Promise<void>;
  /** Stops the database unless another process still uses it. */
  close(): Promise<void>;
}

/** Written into postgresql.conf when a database is made; an administrator may change them there. */
const settings: ServerSettings = {
  shared_buffers: '128MB',
  max_wal_size: '2GB',
  checkpoint_timeout: '15min',
  wal_compression: 'on',
  random_page_cost: 1.1,
  max_connections: 120,
  timezone: 'UTC',
  log_timezone: 'UTC',
  // A week of logs, one file a weekday.
  logging_collector: 'on',
  log_filename: 'postgresql-%a.log',
  log_rotation_age: '1d',
  log_rotation_size: 0,
  log_truncate_on_rotation: 'on',
};

/** The database's name inside the cluster. */
const DATABASE = OWNER;

/**
 * Starts the embedded database, or adopts the one that runs in the directory, and returns how to reach it. While a
 * server holds it, a database that dies is started again. Refuses (StartupError) a second server.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedDatabase> {
  const { dataDirectory } = options;
  const user = databaseUser(clusterDirectory(dataDirectory));
  const cluster = await clusterIn(dataDirectory, user, findPrograms(user, dataDirectory), settings);
  const first = await held(cluster, options);
  await createDatabase(first.address);
  const keeper = options.isServer ? keepRunning(cluster, options, first) : undefined;
  return {
    connectionString: connectionString(first.address, DATABASE),
    adopted: first.adopted,
    announce: (text) => (keeper ?? first.guard).announce(text),
    close: async () => {
      const { guard } = keeper ? await keeper.stop() : first;
      const isLast = await guard.isLast().catch(() => false);
      if (isLast) await stopped(cluster);
      await guard.end().catch(() => {});
    },
  };
}

async function stopped(cluster: Cluster): Promise<void> {
  await stopPostmaster(cluster);
  const { address, dataDirectory } = cluster;
  // A directory among everybody's temporary files is of no use without its database.
  if (address && 'socketDirectory' in address && !address.socketDirectory.startsWith(dataDirectory)) {
    rmSync(address.socketDirectory, { recursive: true, force: true });
  }
}

interface Held extends Postmaster {
  guard: Guard;
}

/** Returns the running database with our guard in it; begins again when it was just shutting down. */
async function held(cluster: Cluster, { isServer }: EmbeddedOptions): Promise<Held> {
  for (let attempt = 1; ; attempt++) {
    const postmaster = await runningPostmaster(cluster);
    cluster.address = postmaster.address;
    try {
      return { ...postmaster, guard: await takeGuard(postmaster.address, { isServer }) };
    } catch (error) {
      if (error instanceof StartupError || attempt === 20) throw error;
      await delay(100);
    }
  }
}

async function createDatabase(address: Address): Promise<void> {
  const client = new pg.Client({ connectionString: connectionString(address, 'postgres') });
  await client.connect();
  try {
    const { rows } = await client.query('select 1 from pg_database where datname = $1', [DATABASE]);
    if (rows.length === 0) await client.query(`create database ${DATABASE}`);
  } catch (error) {
    // duplicate_database, or unique_violation when another process makes it in the same moment.
    if (!['42P04', '23505'].includes((error as { code?: string }).code ?? '')) throw error;
  } finally {
    await client.end();
  }
}

interface Keeper {
  announce(text: string): Promise<void>;
  /** Stops watching and returns what is held by then. */
  stop(): Promise<Held>;
}

/** Starts the database again whenever it ends by itself, until it is told to stop. */
function keepRunning(cluster: Cluster, options: EmbeddedOptions, first: Held): Keeper {
  let current = first;
  let announced: string | undefined;
  const stopping = Promise.withResolvers<'stopping'>();
  const watch = async () => {
    while ((await Promise.race([current.guard.ended, stopping.promise])) !== 'stopping') {
      const again = await heldAgain(cluster, options, stopping.promise);
      if (!again) return;
      current = again;
      if (announced) await current.guard.announce(announced).catch(() => {});
    }
  };
  const watching = watch();
  return {
    announce: async (text) => {
      announced = text;
      await current.guard.announce(text);
    },
    stop: async () => {
      stopping.resolve('stopping');
      await watching;
      return current;
    },
  };
}

/** Holds the database again, trying every second; undefined when it is told to stop before that. */
async function heldAgain(
  cluster: Cluster,
  options: EmbeddedOptions,
  stopping: Promise<'stopping'>,
): Promise<Held | undefined> {
  for (;;) {
    try {
      const again = await held(cluster, options);
      options.onRestart?.({});
      return again;
    } catch (error) {
      options.onRestart?.({ error });
    }
    if ((await Promise.race([delay(1000), stopping])) === 'stopping') return undefined;
  }
}
