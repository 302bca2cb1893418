import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { startEmbedded } from '../../src/storage/engines/embedded.ts';

const program = fileURLToPath(new URL('../../src/cli/bin.ts', import.meta.url));

/** A Runledger server in a process of its own, started as a user would start it. */
export interface LedgerProcess {
  process: ChildProcess;
  url: string;
  /** The administrator's API key. */
  key: string;
  /** Tells it to stop and waits until it has; returns its exit code. */
  stop(): Promise<number | null>;
}

export interface LedgerOptions {
  /** An external database; without it an embedded one runs in the directory. */
  databaseUrl?: string;
  /** Default: a free one. */
  port?: number;
  /** More words for the command line. */
  more?: readonly string[];
}

/** Returns a new directory below the temporary one that the user of an embedded database can enter. */
export async function aDataDirectory(): Promise<string> {
  const directory = await realpath(await mkdtemp(path.join(os.tmpdir(), 'runledger-')));
  await chmod(directory, 0o711);
  return directory;
}

/**
 * Starts a server with its data in `directory` (embedded database) or on an external database, and waits until it is
 * ready; rejects with what it printed when it ends before.
 */
export async function startLedger(
  directory: string,
  { databaseUrl, port: wantedPort, more = [] }: LedgerOptions = {},
): Promise<LedgerProcess> {
  const port = wantedPort ?? (await freePort());
  const keyFile = path.join(directory, 'administrator.key');
  const options = [
    '--port',
    port,
    '--data',
    directory,
    '--sample',
    'off',
    '--log-level',
    'warn',
    '--admin-key-file',
    keyFile,
  ];
  const server = spawn(
    process.execPath,
    [program, 'serve', ...options.map(String), ...(databaseUrl ? ['--database-url', databaseUrl] : []), ...more],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let complaints = '';
  server.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints = (complaints + text).slice(-4_000);
  });
  const exit = new Promise<number | null>((resolve) => server.once('exit', resolve));
  // It must not outlive the process that started it, however that ends.
  const kill = () => server.kill('SIGTERM');
  process.once('exit', kill);
  server.once('exit', () => process.off('exit', kill));
  const ended = exit.then((code) => Promise.reject(new Error(`The server ended with code ${code}: ${complaints}`)));
  const url = `http://127.0.0.1:${port}`;
  await Promise.race([ended, untilReady(url)]);
  ended.catch(() => {});
  return {
    process: server,
    url,
    key: (await readFile(keyFile, 'utf8')).trim(),
    stop: () => {
      server.kill('SIGTERM');
      return exit;
    },
  };
}

/** A server on an empty database: that of `databaseUrl`, or an embedded one; everything goes when it is disposed. */
export async function aFreshLedger(
  databaseUrl?: string,
): Promise<LedgerProcess & AsyncDisposable & { databaseUrl: string }> {
  const directory = await aDataDirectory();
  // As a guest of the database: it then runs before and after the server.
  const embedded = databaseUrl ? undefined : await startEmbedded({ dataDirectory: directory, isServer: false });
  const url = databaseUrl ?? embedded?.connectionString ?? '';
  const ledger = await startLedger(directory, { databaseUrl: url });
  return {
    ...ledger,
    databaseUrl: url,
    [Symbol.asyncDispose]: async () => {
      await ledger.stop();
      await embedded?.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Returns a port of the loopback address that nobody uses. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('There is no free port');
  return address.port;
}

/** Resolves when the server answers that it is ready; gives up after a minute. */
async function untilReady(url: string): Promise<void> {
  const givesUpAt = Date.now() + 60_000;
  for (;;) {
    const answer = await fetch(`${url}/health/ready`).catch(() => undefined);
    if (answer?.status === 200) return;
    if (Date.now() > givesUpAt) throw new Error('The server was not ready within a minute');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
