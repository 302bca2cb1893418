import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  appendFileSync,
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { StartupError } from '../startup-error.ts';
import { type Address, OWNER } from './address.ts';
import { clusterDirectory } from './data-directory.ts';
import { type DatabaseUser, databaseEnvironment, runAs } from './database-user.ts';
import { type PostgresPrograms, program } from './postgres-programs.ts';
import { isAlive } from './process-identity.ts';

/** The files of one PostgreSQL, and what it takes to run it. */
export interface Cluster {
  dataDirectory: string;
  /** Where PostgreSQL keeps its files (PGDATA). */
  directory: string;
  user: DatabaseUser;
  programs: PostgresPrograms;
  /** Where it listened last: when it is started again, it listens there again. */
  address?: Address;
}

export type ServerSettings = Readonly<Record<string, string | number>>;

/**
 * Returns the cluster of a data directory, made if there is none. It is made under another name and renamed when it is
 * complete and on disk: a start that is killed half-way leaves nothing that the next one would take for a database,
 * and of two starts at once one wins and the other uses what won.
 */
export async function clusterIn(
  dataDirectory: string,
  user: DatabaseUser,
  programs: PostgresPrograms,
  settings: ServerSettings,
): Promise<Cluster> {
  const directory = clusterDirectory(dataDirectory);
  const cluster: Cluster = { dataDirectory, directory, user, programs };
  removeLeftOvers(dataDirectory);
  if (!isCluster(directory)) await makeCluster(cluster, settings);
  refuseOtherMajor(cluster);
  refuseOtherOwner(cluster);
  return cluster;
}

const isCluster = (directory: string) => existsSync(path.join(directory, 'PG_VERSION'));

const makingPrefix = 'postgres.making-';

async function makeCluster(cluster: Cluster, settings: ServerSettings): Promise<void> {
  const making = mkdtempSync(path.join(cluster.dataDirectory, `${makingPrefix}${process.pid}-`));
  try {
    if (cluster.user) chownSync(making, cluster.user.uid, cluster.user.gid);
    await initialise(cluster, making);
    const lines = Object.entries(settings).map(([name, value]) => `${name} = '${value}'\n`);
    appendFileSync(path.join(making, 'postgresql.conf'), `\n# Runledger\n${lines.join('')}`);
    renameSync(making, cluster.directory);
  } catch (error) {
    if (!isCluster(cluster.directory)) throw error;
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
}

/** Runs initdb, which also flushes what it wrote to disk. */
async function initialise({ user, programs, dataDirectory }: Cluster, directory: string): Promise<void> {
  const collation = programs.major >= 17 ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8'] : [];
  const authentication =
    process.platform === 'win32'
      ? ['--auth=scram-sha-256', `--pwfile=${newPasswordFile(dataDirectory)}`]
      : // Only sockets are listened on, in a directory that nobody else may enter.
        ['--auth-local=trust', '--auth-host=reject'];
  const options = ['-D', directory, '-U', OWNER, '-E', 'UTF8', '--locale=C', ...collation, ...authentication];
  const { code, output } = await run(program(programs, 'initdb'), options, user);
  if (code !== 0)
    throw new StartupError('database', `The database in ${dataDirectory} cannot be made: ${output.trim()}`);
}

const passwordFile = (dataDirectory: string) => path.join(dataDirectory, 'postgres.password');

function newPasswordFile(dataDirectory: string): string {
  const file = passwordFile(dataDirectory);
  if (!existsSync(file)) writeFileSync(file, randomBytes(24).toString('hex'), { mode: 0o600 });
  return file;
}

/** Returns the password of a cluster that has one (where there are no sockets). */
export function passwordOf(dataDirectory: string): string {
  return readFileSync(passwordFile(dataDirectory), 'utf8');
}

/** Runs a program as the database's user and returns how it ended and what it printed. */
export async function run(
  file: string,
  options: readonly string[],
  user: DatabaseUser,
): Promise<{ code: number | null; output: string }> {
  const child = spawn(file, options, { ...runAs(user), env: databaseEnvironment(), stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const collect = (chunk: Buffer) => {
    output += chunk.toString();
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
  });
}

/** Takes away what starts that were killed half-way have left. */
function removeLeftOvers(dataDirectory: string): void {
  for (const name of readdirSync(dataDirectory)) {
    const pid = name.startsWith(makingPrefix) ? Number.parseInt(name.slice(makingPrefix.length), 10) : Number.NaN;
    if (pid > 0 && !isAlive(pid)) removeQuietly(path.join(dataDirectory, name));
  }
}

/** The initdb of a start that was killed may still be writing there; then a later start takes it away. */
function removeQuietly(directory: string): void {
  try {
    rmSync(directory, { recursive: true, force: true, maxRetries: 3, retryDelay: 50 });
  } catch {
    // It does no harm: nothing takes it for a database.
  }
}

function refuseOtherMajor({ directory, programs }: Cluster): void {
  const major = Number.parseInt(readFileSync(path.join(directory, 'PG_VERSION'), 'utf8'), 10);
  if (major === programs.major) return;
  throw new StartupError(
    'database',
    `The data in ${directory} belong to PostgreSQL ${major}, and this version of Runledger brings PostgreSQL ` +
      `${programs.major}. Export them with the version that made them and import them here.`,
  );
}

function refuseOtherOwner({ directory, user }: Cluster): void {
  const owner = statSync(directory).uid;
  const runner = user?.uid ?? process.getuid?.();
  if (runner === undefined || owner === runner) return;
  throw new StartupError(
    'database',
    `The data in ${directory} belong to user ${owner}, and PostgreSQL would run as user ${runner}. Start Runledger as ` +
      'the user who owns the data, or as root.',
  );
}
