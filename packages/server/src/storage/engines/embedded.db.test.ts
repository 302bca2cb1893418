import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { expect, onTestFinished, test, vi } from 'vitest';
import { clusterDirectory } from './data-directory.ts';

import { type EmbeddedDatabase, type EmbeddedOptions, startEmbedded } from './embedded.ts';
import { isAlive } from './process-identity.ts';

const processFile = fileURLToPath(new URL('../../../test/support/embedded-process.ts', import.meta.url));

/** Returns a directory that is removed after the test, with a PostgreSQL that still runs in it ended before. */
function aDirectory(name = 'data'): string {
  const parent = mkdtempSync(path.join(os.tmpdir(), 'runledger-embedded-'));
  const directory = path.join(parent, name);
  mkdirSync(directory, { recursive: true });
  for (let place = directory; place !== os.tmpdir(); place = path.dirname(place)) openTo(place);
  onTestFinished(async () => {
    const pid = postmasterPid(directory);
    if (pid) await killed(pid);
    rmSync(parent, { recursive: true, force: true });
  });
  return directory;
}

/** Root's temporary directories are closed to the user the database runs as. */
function openTo(directory: string): void {
  if (process.getuid?.() === 0) chmodSync(directory, 0o711);
}

function postmasterPid(directory: string): number | undefined {
  const file = path.join(clusterDirectory(directory), 'postmaster.pid');
  return existsSync(file) ? Number.parseInt(readFileSync(file, 'utf8'), 10) : undefined;
}

/** Kills a process at once and waits until it is gone. */
async function killed(pid: number): Promise<void> {
  if (isAlive(pid)) process.kill(pid, 'SIGKILL');
  await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 10_000, interval: 10 });
}

async function started(options: Partial<EmbeddedOptions> & { dataDirectory: string }): Promise<EmbeddedDatabase> {
  const database = await startEmbedded({ isServer: true, ...options });
  let closing: Promise<void> | undefined;
  const close = () => {
    closing ??= database.close();
    return closing;
  };
  onTestFinished(close);
  return { ...database, close };
}

async function inProcess(
  directory: string,
  role: 'server' | 'guest',
): Promise<{ child: ChildProcess; ready: Promise<{ adopted: boolean; connectionString: string }>; pid: number }> {
  const child = spawn(process.execPath, [processFile, directory, role], { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  await once(child, 'spawn');
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  const ready = once(lines, 'line').then(([line]) => JSON.parse(line as string));
  return { child, ready, pid: child.pid as number };
}

async function ask<Row extends object>(connectionString: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

test('a fresh directory gets a durable PostgreSQL that is closed to others and keeps its data', async () => {
  const dataDirectory = aDirectory();
  const first = await started({ dataDirectory });
  expect(first.adopted).toBe(false);
  const shown = await ask(
    first.connectionString,
    `select current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit,
       current_setting('listen_addresses') as listens, current_database() as name`,
  );
  expect(shown).toEqual([{ fsync: 'on', commit: 'on', listens: '', name: 'runledger' }]);
  expect(statSync(path.join(dataDirectory, 'socket')).mode & 0o777).toBe(0o700);
  await ask(first.connectionString, 'create table kept as select 42 as answer');
  await first.close();
  expect(postmasterPid(dataDirectory)).toBeUndefined();

  const second = await started({ dataDirectory });
  expect(await ask(second.connectionString, 'select answer from kept')).toEqual([{ answer: 42 }]);
});

/** Returns the group of a process; `ps` is not on every machine. */
function processGroup(pid: number): number {
  if (process.platform !== 'linux') {
    return Number(execFileSync('ps', ['-o', 'pgid=', '-p', String(pid)], { encoding: 'utf8' }));
  }
  const line = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const [_state, _parent, group] = line.slice(line.lastIndexOf(')') + 2).split(' ');
  return Number(group);
}

test('the database runs in a process group of its own, so that Ctrl-C does not reach it', async () => {
  const dataDirectory = aDirectory();
  await started({ dataDirectory });
  const pid = postmasterPid(dataDirectory);
  expect(processGroup(pid ?? 0)).toBe(pid);
});

test('a database that a killed server left running is adopted, with all that was committed', async () => {
  const dataDirectory = aDirectory();
  const server = await inProcess(dataDirectory, 'server');
  const { connectionString } = await server.ready;
  await ask(connectionString, 'create table kept as select 1 as answer');
  const left = postmasterPid(dataDirectory);
  await killed(server.pid);

  const next = await started({ dataDirectory });
  expect(next.adopted).toBe(true);
  expect(postmasterPid(dataDirectory)).toBe(left);
  expect(await ask(next.connectionString, 'select answer from kept')).toEqual([{ answer: 1 }]);
});

test('a server and its database that are both killed need no hand at the next start', async () => {
  const dataDirectory = aDirectory();
  const server = await inProcess(dataDirectory, 'server');
  const { connectionString } = await server.ready;
  await ask(connectionString, 'create table kept as select 1 as answer');
  const postmaster = postmasterPid(dataDirectory) as number;
  process.kill(server.pid, 'SIGKILL');
  process.kill(postmaster, 'SIGKILL');

  const next = await started({ dataDirectory });
  expect(next.adopted).toBe(false);
  expect(await ask(next.connectionString, 'select answer from kept')).toEqual([{ answer: 1 }]);
});

test('a second server is refused and told the process and address of the first', async () => {
  const dataDirectory = aDirectory();
  const first = await started({ dataDirectory });
  await first.announce('http://127.0.0.1:8480');
  await expect(startEmbedded({ dataDirectory, isServer: true })).rejects.toMatchObject({
    exitCode: 5,
    message: expect.stringContaining(`process ${process.pid}, http://127.0.0.1:8480`),
  });
  expect(await ask(first.connectionString, 'select 1 as alive')).toEqual([{ alive: 1 }]);
});

test('a command works beside the server, and the database stays until the last one leaves', async () => {
  const dataDirectory = aDirectory();
  const server = await started({ dataDirectory });
  const command = await started({ dataDirectory, isServer: false });
  expect(command.adopted).toBe(true);
  await server.close();
  expect(await ask(command.connectionString, 'select 1 as alive')).toEqual([{ alive: 1 }]);
  await command.close();
  expect(postmasterPid(dataDirectory)).toBeUndefined();
});

test('two starts at once on a fresh directory share one database', async () => {
  const dataDirectory = aDirectory();
  const guests = await Promise.all([inProcess(dataDirectory, 'guest'), inProcess(dataDirectory, 'guest')]);
  const [one, two] = await Promise.all(guests.map(({ ready }) => ready));
  await ask(one?.connectionString ?? '', 'create table shared as select 7 as answer');
  expect(await ask(two?.connectionString ?? '', 'select answer from shared')).toEqual([{ answer: 7 }]);
  expect(readdirSync(dataDirectory).filter((name) => name.includes('making'))).toEqual([]);
});

test('a first start that is killed while it makes the database is healed by the next', async () => {
  const dataDirectory = aDirectory();
  const halfway = await inProcess(dataDirectory, 'server');
  await vi.waitFor(
    () => {
      const making = readdirSync(dataDirectory).find((name) => name.startsWith('postgres.making-'));
      expect(existsSync(path.join(dataDirectory, making ?? '', 'PG_VERSION'))).toBe(true);
    },
    { timeout: 20_000, interval: 1 },
  );
  await killed(halfway.pid);
  expect(existsSync(clusterDirectory(dataDirectory))).toBe(false);

  const next = await started({ dataDirectory });
  expect(await ask(next.connectionString, 'select 1 as alive')).toEqual([{ alive: 1 }]);
  // Its initdb may have gone on writing for a moment; a later start clears up behind it.
  await vi.waitFor(
    async () => {
      await (await startEmbedded({ dataDirectory, isServer: false })).close();
      expect(readdirSync(dataDirectory).filter((name) => name.includes('making'))).toEqual([]);
    },
    { timeout: 20_000, interval: 200 },
  );
});

test('a database that dies under a running server is started again at the same place', async () => {
  const dataDirectory = aDirectory();
  const restarted = Promise.withResolvers<void>();
  const database = await started({
    dataDirectory,
    onRestart: ({ error }) => (error ? undefined : restarted.resolve()),
  });
  await database.announce('http://127.0.0.1:1');
  process.kill(postmasterPid(dataDirectory) as number, 'SIGKILL');
  await restarted.promise;
  expect(await ask(database.connectionString, 'select 1 as alive')).toEqual([{ alive: 1 }]);
  await vi.waitFor(
    () => expect(startEmbedded({ dataDirectory, isServer: true })).rejects.toThrow(/http:\/\/127\.0\.0\.1:1\b/),
    { timeout: 20_000 },
  );
});

test('a pid file that names a stranger does not stop the start', async () => {
  const dataDirectory = aDirectory();
  const first = await started({ dataDirectory });
  const pidFile = path.join(clusterDirectory(dataDirectory), 'postmaster.pid');
  const content = readFileSync(pidFile, 'utf8');
  await first.close();
  // As after a crash of the machine, when another program got the number.
  writeFileSync(pidFile, content.replace(/^\d+/, String(process.ppid)));

  const next = await started({ dataDirectory });
  expect(await ask(next.connectionString, 'select 1 as alive')).toEqual([{ alive: 1 }]);
});

test('a pid file that is empty, since PostgreSQL was killed before it wrote its number, does not stop the start', async () => {
  const dataDirectory = aDirectory();
  const first = await started({ dataDirectory });
  const pidFile = path.join(clusterDirectory(dataDirectory), 'postmaster.pid');
  const { uid, gid } = statSync(pidFile);
  await first.close();
  writeFileSync(pidFile, '');
  chownSync(pidFile, uid, gid);

  const next = await started({ dataDirectory });
  expect(await ask(next.connectionString, 'select 1 as alive')).toEqual([{ alive: 1 }]);
});

test('a copy of a data directory gets a database of its own while the original runs', async () => {
  const dataDirectory = aDirectory();
  const original = await started({ dataDirectory });
  const copy = aDirectory();
  cpSync(clusterDirectory(dataDirectory), clusterDirectory(copy), { recursive: true });
  const { uid, gid } = statSync(clusterDirectory(dataDirectory));
  for (const name of ['', ...readdirSync(clusterDirectory(copy), { recursive: true, encoding: 'utf8' })]) {
    chownSync(path.join(clusterDirectory(copy), name), uid, gid);
  }
  const second = await started({ dataDirectory: copy });
  await ask(second.connectionString, 'create table only_in_the_copy (id int)');
  const found = await ask(original.connectionString, `select to_regclass('only_in_the_copy') as found`);
  expect(found).toEqual([{ found: null }]);
});

test('a data directory with a path too long for a socket works', async () => {
  const dataDirectory = aDirectory(path.join('a'.repeat(60), 'b'.repeat(60)));
  const database = await started({ dataDirectory });
  expect(await ask(database.connectionString, 'select 1 as alive')).toEqual([{ alive: 1 }]);
  const socketDirectory = new URL(database.connectionString).searchParams.get('host') ?? '';
  expect(socketDirectory.startsWith(dataDirectory)).toBe(false);
  await database.close();
  expect(existsSync(socketDirectory)).toBe(false);
});

test('data of another major version are refused and named', async () => {
  const dataDirectory = aDirectory();
  const first = await started({ dataDirectory });
  await first.close();
  writeFileSync(path.join(clusterDirectory(dataDirectory), 'PG_VERSION'), '13\n');
  await expect(startEmbedded({ dataDirectory, isServer: true })).rejects.toMatchObject({
    exitCode: 4,
    message: expect.stringContaining('PostgreSQL 13'),
  });
});
