import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { databaseUser } from '../../src/storage/engines/database-user.ts';

/** Debian's place of it, and where others put it. */
const program = ['/usr/sbin/pgbouncer', '/usr/bin/pgbouncer', '/usr/local/bin/pgbouncer'].find((file) =>
  existsSync(file),
);

/** Whether a real PgBouncer can be started here; `.ci/run` installs one. */
export const hasPgBouncer = program !== undefined;

/** A pooler in transaction mode that was started for a test or a benchmark. */
export interface PgBouncer extends AsyncDisposable {
  /** Leads through it to the same database as the connection string that it was started with. */
  connectionString: string;
}

/** Starts PgBouncer in transaction mode before the server of a connection string. */
export async function startPgBouncer(
  connectionString: string,
  { poolSize, settings = {} }: { poolSize: number; settings?: Record<string, string | number> },
): Promise<PgBouncer> {
  if (!program) throw new Error('PgBouncer is not installed');
  const directory = await mkdtemp(path.join(os.tmpdir(), 'runledger-pooler-'));
  const file = path.join(directory, 'pgbouncer.ini');
  await writeFile(file, configuration(connectionString, directory, { default_pool_size: poolSize, ...settings }));
  // It refuses to run as root.
  const user = databaseUser(directory);
  if (user) for (const owned of [directory, file]) await chown(owned, user.uid, user.gid);
  await chmod(directory, 0o711);
  const pooler = spawn(program, ['-q', file], {
    cwd: '/',
    stdio: ['ignore', 'ignore', 'pipe'],
    ...(user ? { uid: user.uid, gid: user.gid } : {}),
  });
  const ended = new Promise<void>((resolve) => pooler.once('exit', () => resolve()));
  await untilListening(pooler, path.join(directory, `.s.PGSQL.${PORT}`));
  const url = new URL(connectionString);
  url.host = 'localhost';
  url.password = '';
  url.searchParams.set('host', directory);
  url.searchParams.set('port', String(PORT));
  return {
    connectionString: url.href,
    [Symbol.asyncDispose]: async () => {
      // At once, without waiting for its clients.
      pooler.kill('SIGTERM');
      await ended;
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Of the socket's name only: nothing listens on the network. */
const PORT = 6432;

function configuration(
  connectionString: string,
  directory: string,
  settings: Readonly<Record<string, string | number>>,
): string {
  const url = new URL(connectionString);
  const target = {
    host: url.searchParams.get('host') ?? url.hostname,
    port: url.searchParams.get('port') ?? (url.port || '5432'),
    user: decodeURIComponent(url.username),
    ...(url.password ? { password: decodeURIComponent(url.password) } : {}),
  };
  const pairs = (values: object) => Object.entries(values).map(([name, value]) => `${name} = ${value}`);
  return [
    '[databases]',
    `* = ${Object.entries(target)
      .map(([name, value]) => `${name}=${value}`)
      .join(' ')}`,
    '[pgbouncer]',
    ...pairs({
      listen_addr: '',
      unix_socket_dir: directory,
      listen_port: PORT,
      auth_type: 'any',
      pool_mode: 'transaction',
      max_client_conn: 1000,
      logfile: path.join(directory, 'pgbouncer.log'),
      ...settings,
    }),
    '',
  ].join('\n');
}

async function untilListening(pooler: ChildProcess, socket: string): Promise<void> {
  let complaints = '';
  pooler.stderr?.on('data', (text: Buffer) => {
    complaints += text.toString();
  });
  while (!(await isAnswered(socket))) {
    if (pooler.exitCode !== null) throw new Error(`PgBouncer has ended: ${complaints}`);
    await delay(20);
  }
}

function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect({ path }, () => probe.end(() => resolve(true)));
    probe.once('error', () => resolve(false));
  });
}
