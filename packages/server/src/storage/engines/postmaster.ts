import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fchownSync,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { StartupError } from '../startup-error.ts';
import { type Address, connectionString, SOCKET_PORT, socketDirectory } from './address.ts';
import { type Cluster, passwordOf, run } from './cluster.ts';
import { databaseEnvironment, runAs } from './database-user.ts';
import { program } from './postgres-programs.ts';
import { commandLineHas, isAlive } from './process-identity.ts';

/** A PostgreSQL that answers. */
export interface Postmaster {
  address: Address;
  /** It was running before: a server that was killed has left it, or another program uses it. */
  adopted: boolean;
}

const hasSockets = process.platform !== 'win32';
/** A start after a crash replays the log, which takes as long as it takes; this bounds everything else. */
const patienceMs = 60_000;
/** A pid file that stays empty so long is a remnant. */
const unwrittenForMs = 2_000;
/** A number that no process has. */
const nobody = 2 ** 31 - 2;

/**
 * Returns the running PostgreSQL of a cluster: the one that runs already, else a new one. Works for any number of
 * callers at once, since PostgreSQL itself lets only one start.
 */
export async function runningPostmaster(cluster: Cluster): Promise<Postmaster> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const existing = await adopt(cluster, deadline);
    if (existing) return existing;
    const launched = await launch(cluster);
    if (typeof launched !== 'string') return launched;
    // Somebody else was faster, or the processes of a killed PostgreSQL are still leaving, or it has left an empty file.
    const willPass = /lock file .* (already exists|is empty)|pre-existing shared memory block/.test(launched);
    if (!willPass || performance.now() > deadline)
      throw new StartupError('database', `PostgreSQL does not start: ${launched}`);
    await delay(100);
  }
}

/** Stops a cluster's PostgreSQL: sessions are ended, nothing that was committed is lost. */
export async function stopPostmaster({ programs, directory, user }: Cluster): Promise<void> {
  const stop = (mode: string) =>
    run(program(programs, 'pg_ctl'), ['stop', '-D', directory, '-m', mode, '-w', '-t', '60'], user);
  const { code } = await stop('fast');
  // Already gone is as good; what does not go in a minute is ended, and recovers at its next start.
  if (code !== 0 && readPidFile(directory)) await stop('immediate');
}

interface PidFile {
  pid: number;
  port: number;
  socketDirectory: string;
}

function readPidFile(directory: string): PidFile | undefined {
  try {
    const lines = readFileSync(pidFile(directory), 'utf8').split('\n');
    const [pid, port] = [Number(lines[0]), Number(lines[3])];
    return pid > 0 ? { pid, port, socketDirectory: lines[4] ?? '' } : undefined;
  } catch {
    return undefined;
  }
}

const pidFile = (directory: string) => path.join(directory, 'postmaster.pid');

/** Returns the PostgreSQL that already runs on the cluster, if one answers; waits for one that is starting or leaving. */
async function adopt(cluster: Cluster, deadline: number): Promise<Postmaster | undefined> {
  for (;;) {
    const file = readPidFile(cluster.directory);
    if (!file) {
      forgetUnwritten(cluster.directory);
      return undefined;
    }
    const address = addressOf(cluster, file);
    const answer = await ask(address, cluster);
    if (answer === 'serves') return { address, adopted: true };
    if (answer === 'servesOther' || !isPostmasterOf(cluster, file.pid)) {
      forgetProcess(cluster.directory, file.pid);
      return undefined;
    }
    if (answer !== 'busy' && performance.now() > deadline) return undefined;
    await delay(50);
  }
}

function addressOf(cluster: Cluster, file: PidFile): Address {
  if (hasSockets) return { socketDirectory: file.socketDirectory, port: file.port };
  return { port: file.port, password: passwordOf(cluster.dataDirectory) };
}

type Answer = 'serves' | 'servesOther' | 'busy' | 'silent';

/** Asks whoever listens at the address whether it serves this very directory: a copied one names its original's. */
async function ask(address: Address, cluster: Cluster): Promise<Answer> {
  const client = new pg.Client({
    connectionString: connectionString(address, 'postgres'),
    connectionTimeoutMillis: 5000,
  });
  client.on('error', () => {});
  const mark = `runledger-${randomUUID()}`;
  try {
    await client.connect();
    writeFileSync(path.join(cluster.directory, mark), '');
    const { rows } = await client.query('select 1 from pg_stat_file($1, true) as file where file.size is not null', [
      mark,
    ]);
    return rows.length > 0 ? 'serves' : 'servesOther';
  } catch (error) {
    // cannot_connect_now: it starts, recovers or shuts down. admin_shutdown: it was told to while we asked.
    return ['57P03', '57P01'].includes((error as { code?: string }).code ?? '') ? 'busy' : 'silent';
  } finally {
    rmSync(path.join(cluster.directory, mark), { force: true });
    await client.end().catch(() => {});
  }
}

const isPostmasterOf = (cluster: Cluster, pid: number) => isAlive(pid) && commandLineHas(pid, cluster.directory);

/**
 * PostgreSQL does not start while the process of its pid file lives, even if that is a stranger who got the number, or a
 * dead one that nobody reaped. The file is kept with a number that no process has, not removed: PostgreSQL also reads
 * in it which shared memory to look at, and so still refuses while processes of the old server work on the files.
 */
function forgetProcess(directory: string, pid: number): void {
  const content = readFileSync(pidFile(directory), 'utf8');
  // Another start may have come first and have its own process in the file by now.
  if (Number.parseInt(content, 10) !== pid) return;
  writeFileSync(pidFile(directory), content.replace(/^\d+/, String(nobody)));
}

/**
 * A PostgreSQL that is killed after it has made its pid file and before it writes into it leaves an empty one, and
 * wants it removed by hand. One that is starting writes at once, so a file that stays empty is nobody's. It is looked at
 * and written through one handle: by name it could meanwhile be that of another start.
 */
function forgetUnwritten(directory: string): void {
  let file: number;
  try {
    file = openSync(pidFile(directory), 'r+');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  try {
    const { size, mtimeMs } = fstatSync(file);
    if (size === 0 && Date.now() - mtimeMs > unwrittenForMs) writeSync(file, `${nobody}\n`);
  } finally {
    closeSync(file);
  }
}

/** Starts PostgreSQL and returns it when it answers, or what it said when it ended instead. */
async function launch(cluster: Cluster): Promise<Postmaster | string> {
  const { dataDirectory, directory, user, programs } = cluster;
  const address = cluster.address ?? (await newAddress(cluster));
  if ('socketDirectory' in address) freeSocket(cluster, address);
  const logFile = path.join(dataDirectory, 'postgres-start.log');
  const log = openSync(logFile, 'w', 0o600);
  // Root may start it for an ordinary user, who starts it alone the next time.
  if (user) fchownSync(log, user.uid, user.gid);
  // Detached: Ctrl-C in a terminal goes to the whole group, and the database must outlive the requests in flight.
  const child = spawn(program(programs, 'postgres'), ['-D', directory, ...listenOptions(address)], {
    ...runAs(user),
    env: databaseEnvironment(),
    stdio: ['ignore', log, log],
    detached: true,
    windowsHide: true,
  });
  closeSync(log);
  child.unref();
  let failure: string | undefined;
  child.on('error', (error) => {
    failure = error.message;
  });
  // Much later, too, when the directory may be gone: what it said is read below, while somebody waits for it to start.
  let hasEnded = false;
  child.on('exit', () => {
    hasEnded = true;
  });
  while (failure === undefined && !hasEnded) {
    if ((await ask(address, cluster)) === 'serves') return { address, adopted: false };
    await delay(20);
  }
  const said = failure ?? (readFileSync(logFile, 'utf8') + tailOfLog(directory)).trim();
  return said || `it ended at once without a word; see ${logFile}`;
}

/** A socket's lock file, too, is believed by PostgreSQL as long as its process exists. Nobody else uses the directory. */
function freeSocket(cluster: Cluster, { socketDirectory, port }: { socketDirectory: string; port: number }): void {
  const lock = path.join(socketDirectory, `.s.PGSQL.${port}.lock`);
  if (!existsSync(lock)) return;
  const pid = Number.parseInt(readFileSync(lock, 'utf8'), 10);
  if (!isPostmasterOf(cluster, pid)) rmSync(lock, { force: true });
}

/** What PostgreSQL said last, once it writes its own log. */
function tailOfLog(directory: string): string {
  const logs = path.join(directory, 'log');
  if (!existsSync(logs)) return '';
  const files = readdirSync(logs).map((name) => path.join(logs, name));
  const newest = files.toSorted((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)[0];
  return newest ? `\n${readFileSync(newest, 'utf8').trim().split('\n').slice(-5).join('\n')}` : '';
}

async function newAddress({ dataDirectory, user }: Cluster): Promise<Address> {
  if (hasSockets) return { socketDirectory: socketDirectory(dataDirectory, user), port: SOCKET_PORT };
  return { port: await freePort(), password: passwordOf(dataDirectory) };
}

function listenOptions(address: Address): string[] {
  const where =
    'password' in address
      ? ['-c', 'listen_addresses=127.0.0.1']
      : ['-c', 'listen_addresses=', '-c', `unix_socket_directories=${address.socketDirectory}`];
  return ['-p', String(address.port), ...where];
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as net.AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
