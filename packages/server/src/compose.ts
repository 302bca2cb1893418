import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { CommandContext } from './commands/context.ts';
import type { Config } from './config/options.ts';
import type { ServerRefresh } from './domain/refresh-mode.ts';
import { buildApp } from './http/app.ts';
import { type BackgroundWork, backgroundWork } from './jobs/background-work.ts';
import { SharedRefresh } from './rollups/shared-refresh.ts';
import { Database } from './storage/database.ts';
import { dataDirectory } from './storage/engines/data-directory.ts';
import { spaceGuard } from './storage/engines/disk-space.ts';
import { type EmbeddedDatabase, startEmbedded } from './storage/engines/embedded.ts';
import { requireUsable } from './storage/engines/external.ts';
import { migrate } from './storage/migrate.ts';
import { seed } from './storage/seed.ts';
import { RefreshSettings } from './storage/settings.ts';
import { StartupError } from './storage/startup-error.ts';

// The one place where parts are built and put together. Each is closed by the stack it was pushed on, in reverse order.

export interface LedgerOptions {
  config: Config;
  log: Logger;
  /** The server of the data directory, not a command that runs for a moment. */
  isServer: boolean;
}

/** Everything that commands work with; no HTTP, no loop running. */
export interface Ledger extends AsyncDisposable {
  config: Config;
  log: Logger;
  db: Database;
  /** Undefined with an external database. */
  embedded: EmbeddedDatabase | undefined;
  dataDirectory: string;
  /** Steps of the schema that opening has applied. */
  appliedMigrations: readonly number[];
  command: CommandContext;
  refreshSettings: RefreshSettings;
  background: BackgroundWork;
}

/** Opens the database with its schema up to date and returns what works on it. */
export async function openLedger({ config, log, isServer }: LedgerOptions): Promise<Ledger> {
  await using opened = new AsyncDisposableStack();
  const directory = config.databaseUrl === null ? dataDirectory(config.data ?? undefined) : externalDirectory(config);
  const embedded = config.databaseUrl === null ? await openEmbedded(directory, { log, isServer }) : undefined;
  if (embedded) opened.defer(() => embedded.close());
  const db = new Database({
    connectionString: config.databaseUrl ?? embedded?.connectionString ?? '',
    poolSize: config.poolSize,
    preparedStatements: config.preparedStatements,
    ...(embedded ? { beforeWriting: spaceGuard(directory) } : {}),
  });
  opened.defer(() => db.close());
  await requireUsable(db, {
    patienceMs: isServer ? 30_000 : 0,
    onWait: (error) => log.warn({ err: error }, 'waiting for the database'),
  });
  const appliedMigrations = await migrate(db);
  if (appliedMigrations.length > 0) log.info({ steps: appliedMigrations }, 'the schema was brought up to date');
  await seed(db);

  const refreshSettings = new RefreshSettings(db, { fixed: fixedRefresh(config) });
  const figures = new SharedRefresh({
    db,
    policyOf: (projectId) => refreshSettings.policyOf(projectId),
    onFailure: (projectId, error) => log.warn({ projectId, err: error }, 'figures could not be refreshed just now'),
  });
  opened.defer(() => figures.drain());
  const command = { db, figures, now: () => new Date() };
  const background = backgroundWork(command, { refreshSettings, log });
  const stack = opened.move();
  return {
    config,
    log,
    db,
    embedded,
    dataDirectory: directory,
    appliedMigrations,
    command,
    refreshSettings,
    background,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

function openEmbedded(directory: string, { log, isServer }: Omit<LedgerOptions, 'config'>): Promise<EmbeddedDatabase> {
  return startEmbedded({
    dataDirectory: directory,
    isServer,
    onRestart: ({ error }) =>
      error
        ? log.error({ err: error }, 'the embedded database has ended and does not start again yet')
        : log.warn('the embedded database has ended and was started again'),
  });
}

/** With an external database the directory holds the key file only. */
const externalDirectory = (config: Config): string => path.resolve(config.data ?? 'data');

function fixedRefresh({ refresh, nightlyHour, timeZone }: Config): Partial<ServerRefresh> {
  return {
    ...(refresh === null ? {} : { mode: refresh }),
    ...(nightlyHour === null ? {} : { nightlyHour }),
    ...(timeZone === null ? {} : { timeZone }),
  };
}

/** A server that answers. */
export interface Server extends AsyncDisposable {
  app: FastifyInstance;
  /** Where it listens: `http://127.0.0.1:8480`. */
  address: string;
}

/**
 * Starts listening and working in the background on an open ledger. Disposing stops accepting, finishes the requests in
 * flight within the grace time, then the background work; the ledger stays open.
 */
export async function startServer(ledger: Ledger, version: string): Promise<Server> {
  const { config, log, background } = ledger;
  await using started = new AsyncDisposableStack();
  const app = buildApp({
    services: {
      read: ledger.db,
      command: ledger.command,
      jobs: background.jobs,
      refreshSettings: ledger.refreshSettings,
    },
    options: {
      bodyLimit: config.bodyLimit * 1_048_576,
      corsOrigins: config.corsOrigins,
      trustProxy: config.trustProxy,
      requestTimeoutMs: config.requestTimeout * 1_000,
      version,
      ...(config.baseUrl === null ? {} : { publicUrl: config.baseUrl }),
      gauges: gaugesOf(ledger.db),
    },
    logger: log,
  });
  background.start();
  started.defer(() => background.stop());
  started.defer(() => closeWithin(app, config.shutdownGrace * 1_000));
  await listen(app, config);
  const address = shownAddress(app.server.address() as AddressInfo);
  await ledger.embedded?.announce(address);
  const stack = started.move();
  return { app, address, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

async function listen(app: FastifyInstance, { host, port }: Config): Promise<void> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    const reason = {
      EADDRINUSE: 'another program listens there',
      EACCES: 'this user may not; ports below 1024 are for root',
      EADDRNOTAVAIL: 'this machine does not have that address',
      ENOTFOUND: 'the host name is not known',
    }[String((error as { code?: string }).code)];
    if (!reason) throw error;
    throw new StartupError('failure', `Cannot listen on ${host}, port ${port}: ${reason}. See --host and --port.`);
  }
}

/** Requests in flight get their time; what is not answered then is cut off. */
async function closeWithin(app: FastifyInstance, graceMs: number): Promise<void> {
  // Again and again: a connection may have been accepted in the moment before listening ended.
  const cut = () => {
    app.server.closeAllConnections();
    timer = setTimeout(cut, 100);
  };
  let timer = setTimeout(cut, graceMs);
  try {
    await app.close();
  } finally {
    clearTimeout(timer);
  }
}

function gaugesOf(db: Database) {
  return {
    pool: () => ({ total: db.pool.totalCount, idle: db.pool.idleCount, waiting: db.pool.waitingCount }),
    pendingResults: async () => {
      const [row] = await db.query<{ runs: number }>('select coalesce(sum(run_count), 0)::bigint as runs from change');
      return row?.runs ?? 0;
    },
  };
}

function shownAddress({ address, port, family }: AddressInfo): string {
  const host = { '0.0.0.0': 'localhost', '::': 'localhost' }[address] ?? (family === 'IPv6' ? `[${address}]` : address);
  return `http://${host}:${port}`;
}
