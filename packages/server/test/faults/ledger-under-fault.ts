import { rm } from 'node:fs/promises';
import { Database } from '../../src/storage/database.ts';
import {
  aDataDirectory,
  freePort,
  type LedgerOptions,
  type LedgerProcess,
  startLedger,
} from '../support/ledger-process.ts';
import type { FaultReport } from './fault.ts';
import { FaultLoad, type LoadOptions } from './load.ts';
import { makeProducts } from './product.ts';
import { proveStored } from './proof.ts';

export interface UnderFault {
  /** The server's directory: with an embedded database its data, else its key file. */
  directory: string;
  load: FaultLoad;
  /** Kills the server's process. */
  killServer(): Promise<void>;
  /** Starts it again at the same address, as whatever keeps services running does; returns when it is ready. */
  startServer(): Promise<void>;
  /** Tells it to stop, and waits. */
  stopServer(): Promise<void>;
}

/** What a fault says of its doings, beside what load and proof say. */
export interface Doings {
  times: number;
  recoveryMs: number;
  problems?: readonly string[];
}

export interface Setting extends Omit<LoadOptions, 'target' | 'products'>, Omit<LedgerOptions, 'port'> {
  /** Default: a new one below the temporary directory, which goes in the end. */
  directory?: string;
  /** Opens the database past everything that the fault is about, for the proof. */
  open: (directory: string) => Promise<{ connectionString: string; close(): Promise<void> }>;
}

/**
 * Starts a server on an empty database, lets recorders work on it, makes the fault, lets the recorders work on for a
 * while, and proves what is stored. Everything is stopped and removed again.
 */
export async function underLoad(setting: Setting, fault: (under: UnderFault) => Promise<Doings>): Promise<FaultReport> {
  await using stack = new AsyncDisposableStack();
  const directory = setting.directory ?? (await aDataDirectory());
  if (setting.directory === undefined) stack.defer(() => rm(directory, { recursive: true, force: true }));
  const port = await freePort();
  const server = new FaultServer(directory, { ...setting, port });
  await server.start();
  stack.defer(() => server.stop());
  const target = { port, key: server.key };
  const load = new FaultLoad({ ...setting, target, products: await makeProducts(target) });
  const startedAt = performance.now();
  load.start();
  try {
    await load.untilAcknowledged(8);
    const {
      times,
      recoveryMs,
      problems = [],
    } = await fault({
      directory,
      load,
      killServer: () => server.kill(),
      startServer: () => server.start(),
      stopServer: () => server.stop(),
    });
    await load.untilAcknowledged(8);
    const seen = await load.stop();
    const seconds = (performance.now() - startedAt) / 1_000;
    const proof = await provenPast(await setting.open(directory), load);
    return { ...seen, ...proof, times, seconds, recoveryMs, problems: [...load.problems, ...problems] };
  } finally {
    await load.stop();
  }
}

async function provenPast(
  { connectionString, close }: { connectionString: string; close(): Promise<void> },
  load: FaultLoad,
) {
  const db = new Database({ connectionString });
  try {
    return await proveStored(db, load.calls);
  } finally {
    await db.close();
    await close();
  }
}

/** The server's process, which may be replaced by another at the same address. */
class FaultServer {
  private readonly directory: string;
  private readonly options: LedgerOptions;
  private running: LedgerProcess | undefined;

  constructor(directory: string, options: LedgerOptions) {
    this.directory = directory;
    this.options = options;
  }

  get key(): string {
    if (!this.running) throw new Error('The server does not run');
    return this.running.key;
  }

  async start(): Promise<void> {
    this.running = await startLedger(this.directory, this.options);
  }

  async kill(): Promise<void> {
    const { process: killed } = this.running ?? {};
    if (!killed) return;
    const gone = new Promise((resolve) => killed.once('exit', resolve));
    killed.kill('SIGKILL');
    await gone;
    this.running = undefined;
  }

  async stop(): Promise<void> {
    await this.running?.stop();
    this.running = undefined;
  }
}
