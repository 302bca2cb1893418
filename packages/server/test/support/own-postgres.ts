import {
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { connectionString } from '../../src/storage/engines/address.ts';
import { type Cluster, clusterIn, run, type ServerSettings } from '../../src/storage/engines/cluster.ts';
import { clusterDirectory } from '../../src/storage/engines/data-directory.ts';
import { databaseUser } from '../../src/storage/engines/database-user.ts';
import { findPrograms, type PostgresPrograms } from '../../src/storage/engines/postgres-programs.ts';
import { runningPostmaster, stopPostmaster } from '../../src/storage/engines/postmaster.ts';

/** A PostgreSQL that a script starts, kills, copies and promotes as its operator. */
export interface OwnPostgres {
  /** Of the database `runledger` on it. */
  connectionString: string;
  /** Starts it, and returns when it answers. */
  start(): Promise<void>;
  /** Tells it to stop; sessions are ended. */
  stop(): Promise<void>;
  /** Kills it with all its processes, as the end of the machine would. */
  kill(): void;
  /** Makes a standby of it in another directory, started and following. */
  standby(directory: string, name: string): Promise<OwnPostgres>;
  /** Lets a standby take over. */
  promote(): Promise<void>;
}

/** Returns the programs of an installed PostgreSQL that can make a copy of a running one, undefined without any. */
export function installedPrograms(): PostgresPrograms | undefined {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root) : [];
  return versions
    .map((version) => ({ directory: path.join(root, version, 'bin'), major: Number.parseInt(version, 10) }))
    .filter(({ directory, major }) => major >= 15 && existsSync(path.join(directory, 'pg_basebackup')))
    .toSorted((a, b) => a.major - b.major)[0];
}

/** Puts the write-ahead log of a cluster that does not run into another directory. */
function moveLog({ directory }: Cluster, logDirectory: string): void {
  const [near, far] = [path.join(directory, 'pg_wal'), path.join(logDirectory, 'pg_wal')];
  cpSync(near, far, { recursive: true });
  const { uid, gid } = statSync(near);
  for (const entry of ['', ...readdirSync(far, { recursive: true, encoding: 'utf8' })])
    chownSync(path.join(far, entry), uid, gid);
  rmSync(near, { recursive: true });
  symlinkSync(far, near);
}

/** Makes and starts a PostgreSQL with an empty database in a directory that its user can enter; its log may lie elsewhere. */
export async function ownPostgres(
  directory: string,
  { settings = {}, logDirectory }: { settings?: ServerSettings; logDirectory?: string } = {},
): Promise<OwnPostgres> {
  const user = databaseUser(clusterDirectory(directory));
  const programs = installedPrograms() ?? findPrograms(user, directory);
  const cluster = await clusterIn(directory, user, programs, { timezone: 'UTC', ...settings });
  if (logDirectory) moveLog(cluster, logDirectory);
  const postgres = await running(cluster);
  await createDatabase(postgres.connectionString);
  return postgres;
}

async function running(cluster: Cluster): Promise<OwnPostgres> {
  const { address } = await runningPostmaster(cluster);
  cluster.address = address;
  return {
    connectionString: connectionString(address, 'runledger'),
    start: async () => void (await runningPostmaster(cluster)),
    stop: () => stopPostmaster(cluster),
    kill: () => killFamily(postmasterPid(cluster.directory)),
    standby: async (directory, name) => {
      mkdirSync(directory, { recursive: true, mode: 0o711 });
      return running(await copied(cluster, { directory, name }));
    },
    promote: async () => {
      const words = ['promote', '-D', cluster.directory, '-w', '-t', '60'];
      await must(cluster, 'pg_ctl', words);
    },
  };
}

async function createDatabase(ofRunledger: string): Promise<void> {
  const client = new pg.Client({ connectionString: ofRunledger.replace('/runledger?', '/postgres?') });
  await client.connect();
  try {
    await client.query('create database runledger');
  } finally {
    await client.end();
  }
}

/** Copies a running cluster as a standby that follows it under a name. */
async function copied(cluster: Cluster, { directory, name }: { directory: string; name: string }): Promise<Cluster> {
  const { address, user, programs } = cluster;
  if (!address) throw new Error('The cluster to copy does not run');
  const target = clusterDirectory(directory);
  const source = `${connectionString(address, 'postgres')}&application_name=${name}`;
  // Where root starts it, its user may not write in the directory itself.
  mkdirSync(target, { mode: 0o700 });
  if (user) chownSync(target, user.uid, user.gid);
  await must(cluster, 'pg_basebackup', ['-D', target, '-d', source, '-X', 'stream', '-c', 'fast', '-R']);
  return clusterIn(directory, user, programs, {});
}

async function must({ programs, user }: Cluster, name: string, words: readonly string[]): Promise<void> {
  const { code, output } = await run(path.join(programs.directory, name), words, user);
  if (code !== 0) throw new Error(`${name} failed: ${output}`);
}

/** Returns the process id of the PostgreSQL that runs on a cluster's directory. */
export function postmasterPid(directory: string): number {
  return Number(readFileSync(path.join(directory, 'postmaster.pid'), 'utf8').split('\n')[0]);
}

/** Kills a process and its children, none of which can do anything more. */
export function killFamily(pid: number): void {
  const children = childrenOf(pid);
  // The parent first: it would otherwise treat the end of a child as a crash and begin again.
  for (const one of [pid, ...children]) {
    try {
      process.kill(one, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }
}

function childrenOf(parent: number): number[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => parentOf(name) === parent)
    .map(Number);
}

function parentOf(pid: string): number {
  try {
    const line = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // State and parent follow the program's name, which may itself contain parentheses.
    return Number(line.slice(line.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return 0;
  }
}
