import { chmod, mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { connectionString } from '../../packages/server/src/storage/engines/address.ts';
import { clusterIn } from '../../packages/server/src/storage/engines/cluster.ts';
import { clusterDirectory } from '../../packages/server/src/storage/engines/data-directory.ts';
import { databaseUser } from '../../packages/server/src/storage/engines/database-user.ts';
import { findPrograms, type PostgresPrograms } from '../../packages/server/src/storage/engines/postgres-programs.ts';
import { runningPostmaster, stopPostmaster } from '../../packages/server/src/storage/engines/postmaster.ts';
import { installedPostgres } from './installed-postgres.ts';

/** A PostgreSQL that databases can be made on. Disposing stops it if it was started here. */
export interface Postgres extends AsyncDisposable {
  kind: 'embedded' | 'external';
  /** As it says itself. */
  version: string;
  /** Where files that belong to its databases are put (key files). */
  directory: string;
  /** Returns the connection string of a database made under this name: an empty one, or a copy of one that nobody uses. */
  createDatabase(name: string, options?: { copyOf?: string }): Promise<string>;
  /** Returns the connection string of a database, undefined when there is none of this name. */
  findDatabase(name: string): Promise<string | undefined>;
  dropDatabase(name: string): Promise<void>;
}

/** As durable as a server that people rely on; sized like the embedded database, so that both can be compared. */
const settings = {
  shared_buffers: '128MB',
  max_wal_size: '2GB',
  checkpoint_timeout: '15min',
  wal_compression: 'on',
  random_page_cost: 1.1,
  max_connections: 200,
  timezone: 'UTC',
};

/** Starts the PostgreSQL that the ledger brings along, in a directory (by default one that goes with it). */
export async function embeddedPostgres(keptIn?: string): Promise<Postgres> {
  return startedPostgres('embedded', { keptIn });
}

/**
 * Returns the PostgreSQL at a connection string, else starts the one that is installed on this machine; undefined when
 * there is none.
 */
export async function externalPostgres(databaseUrl?: string): Promise<Postgres | undefined> {
  if (databaseUrl === undefined) {
    const programs = installedPostgres();
    return programs && startedPostgres('external', { programs });
  }
  const directory = await temporaryDirectory();
  const remove = () => rm(directory, { recursive: true, force: true });
  return serverAt(databaseUrl, { kind: 'external', directory, stop: remove });
}

async function startedPostgres(
  kind: Postgres['kind'],
  { programs, keptIn }: { programs?: PostgresPrograms; keptIn?: string | undefined },
): Promise<Postgres> {
  const directory = keptIn ? await keptDirectory(keptIn) : await temporaryDirectory();
  const user = databaseUser(clusterDirectory(directory));
  const cluster = await clusterIn(directory, user, programs ?? findPrograms(user, directory), settings);
  const { address } = await runningPostmaster(cluster);
  const stop = async () => {
    await stopPostmaster(cluster);
    if (!keptIn) await rm(directory, { recursive: true, force: true });
  };
  return serverAt(connectionString(address, 'postgres'), { kind, directory, stop });
}

/** A directory that the database's user can enter. */
async function temporaryDirectory(): Promise<string> {
  const directory = await realpath(await mkdtemp(path.join(os.tmpdir(), 'runledger-bench-')));
  await chmod(directory, 0o711);
  return directory;
}

async function keptDirectory(keptIn: string): Promise<string> {
  await mkdir(keptIn, { recursive: true, mode: 0o711 });
  return realpath(keptIn);
}

async function serverAt(
  adminUrl: string,
  { kind, directory, stop }: { kind: Postgres['kind']; directory: string; stop: () => Promise<void> },
): Promise<Postgres> {
  const urlOf = (name: string) => {
    const url = new URL(adminUrl);
    url.pathname = `/${name}`;
    return url.href;
  };
  const ask = async (statement: string, values: string[] = []) => {
    const client = new pg.Client({ connectionString: adminUrl });
    await client.connect();
    try {
      return (await client.query<{ answer: string }>(statement, values)).rows[0]?.answer;
    } finally {
      await client.end();
    }
  };
  return {
    kind,
    directory,
    version: (await ask('select version() as answer')) ?? 'unknown',
    createDatabase: async (name, { copyOf } = {}) => {
      // By the log, as is the default, a large one would be written twice.
      const template = copyOf ? `template ${pg.escapeIdentifier(copyOf)} strategy file_copy` : 'template template0';
      await ask(`create database ${pg.escapeIdentifier(name)} ${template} encoding 'UTF8'`);
      return urlOf(name);
    },
    findDatabase: async (name) =>
      (await ask('select datname as answer from pg_database where datname = $1', [name])) ? urlOf(name) : undefined,
    dropDatabase: async (name) => {
      await ask(`drop database if exists ${pg.escapeIdentifier(name)} with (force)`);
    },
    [Symbol.asyncDispose]: stop,
  };
}
