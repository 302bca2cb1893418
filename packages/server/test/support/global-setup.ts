import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { chmod, mkdtemp } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { Database } from '../../src/storage/database.ts';
import { connectionString } from '../../src/storage/engines/address.ts';
import { clusterIn } from '../../src/storage/engines/cluster.ts';
import { clusterDirectory } from '../../src/storage/engines/data-directory.ts';
import { databaseUser } from '../../src/storage/engines/database-user.ts';
import { findPrograms } from '../../src/storage/engines/postgres-programs.ts';
import { runningPostmaster, stopPostmaster } from '../../src/storage/engines/postmaster.ts';
import { commandLineHas, isAlive } from '../../src/storage/engines/process-identity.ts';
import { migrate } from '../../src/storage/migrate.ts';
import { seed } from '../../src/storage/seed.ts';

/** What test files are told of the PostgreSQL that was started for them. */
export interface TestServer {
  /** Of a role that may create databases. */
  adminUrl: string;
  /** A database with the schema and the seed, to be copied. */
  template: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    testServer: TestServer;
  }
}

/** One PostgreSQL for the whole run: the external one that is named, else an embedded one that goes with the run. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const named = process.env['RUNLEDGER_TEST_DATABASE_URL'];
  const { adminUrl, stop } = named ? { adminUrl: named, stop: async () => {} } : await startEmbedded();
  const template = `runledger_test_${process.pid}_template`;
  await onServer(adminUrl, `create database ${template}`);
  const db = new Database({ connectionString: databaseUrl(adminUrl, template), poolSize: 1 });
  try {
    await migrate(db);
    await seed(db);
  } finally {
    await db.close();
  }
  project.provide('testServer', { adminUrl, template });
  return async () => {
    await onServer(adminUrl, `drop database ${template} with (force)`);
    await stop();
  };
}

/** Returns the connection string of another database on the same server. */
export function databaseUrl(adminUrl: string, database: string): string {
  const url = new URL(adminUrl);
  url.pathname = `/${database}`;
  return url.href;
}

/** Sends one statement on a connection of its own, as statements about databases need it. */
export async function onServer(adminUrl: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/** Nothing here outlives the run, so nothing waits for the disk. */
const settings = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: 200,
  shared_buffers: '128MB',
  max_wal_size: '4GB',
  timezone: 'UTC',
};

async function startEmbedded(): Promise<{ adminUrl: string; stop: () => Promise<void> }> {
  for (const name of readdirSync(os.tmpdir())) removeLeftOver(name);
  const directory = await mkdtemp(path.join(os.tmpdir(), `runledger-test-${process.pid}-`));
  await chmod(directory, 0o711);
  const user = databaseUser(clusterDirectory(directory));
  const cluster = await clusterIn(directory, user, findPrograms(user, directory), settings);
  const { address } = await runningPostmaster(cluster);
  const remove = () => rmSync(directory, { recursive: true, force: true });
  return {
    adminUrl: connectionString(address, 'postgres'),
    stop: async () => {
      await stopPostmaster(cluster);
      remove();
    },
  };
}

/** Ends and takes away what a run left that was killed: by the id of its process, never by a name. */
function removeLeftOver(name: string): void {
  const runner = Number(/^runledger-test-(\d+)-/.exec(name)?.[1]);
  if (!runner || isAlive(runner)) return;
  const directory = path.join(os.tmpdir(), name);
  try {
    const pid = Number.parseInt(readFileSync(path.join(clusterDirectory(directory), 'postmaster.pid'), 'utf8'), 10);
    if (isAlive(pid) && commandLineHas(pid, clusterDirectory(directory))) process.kill(pid, 'SIGQUIT');
  } catch {
    // It runs no more, or it is not ours to end.
  }
  try {
    rmSync(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  } catch (error) {
    // Another user's run left it, in the temporary directory that all users share.
    if (!['EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}
