import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { Database } from '../../packages/server/src/storage/database.ts';
import { migrate } from '../../packages/server/src/storage/migrate.ts';
import { seed } from '../../packages/server/src/storage/seed.ts';
import { type LedgerProcess, startLedger } from '../../packages/server/test/support/ledger-process.ts';
import type { Postgres } from '../postgres/postgres.ts';
import { SpiraClient } from '../spira/spira-client.ts';

/** The server under measurement, its database, and ways to both. Disposing stops and closes all of it. */
export interface BenchLedger extends AsyncDisposable {
  /** One or more server processes on the same database. */
  servers: readonly LedgerProcess[];
  databaseUrl: string;
  /** Straight to the database, beside the server. */
  db: Database;
  /** Returns a client of one of the processes, the administrator's; it is closed with the ledger. */
  client(connections: number, server?: number): SpiraClient;
}

/** Starts server processes on a new database, empty or a copy of another, which is dropped in the end. */
export async function freshLedger(
  postgres: Postgres,
  { processes = 1, ...options }: { processes?: number; copyOf?: string } = {},
): Promise<BenchLedger> {
  const name = `bench_${randomUUID().replaceAll('-', '')}`;
  await using stack = new AsyncDisposableStack();
  const databaseUrl = await postgres.createDatabase(name, options);
  stack.defer(() => postgres.dropDatabase(name));
  const ledger = stack.use(await ledgerOn(databaseUrl, { directory: path.join(postgres.directory, name), processes }));
  const all = stack.move();
  return { ...ledger, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

/** Starts server processes on a database. The directory keeps the administrator's key; it goes with the database. */
export async function ledgerOn(
  databaseUrl: string,
  { directory, processes = 1 }: { directory: string; processes?: number },
): Promise<BenchLedger> {
  await mkdir(directory, { recursive: true });
  await using stack = new AsyncDisposableStack();
  const servers: LedgerProcess[] = [];
  for (let started = 0; started < processes; started += 1) {
    const server = await startLedger(directory, { databaseUrl });
    stack.defer(async () => void (await server.stop()));
    servers.push(server);
  }
  const db = new Database({
    connectionString: databaseUrl,
    poolSize: 10,
    applicationName: 'bench',
    pipelined: false,
  });
  stack.defer(() => db.close());
  const all = stack.move();
  return {
    servers,
    databaseUrl,
    db,
    client: (connections, server = 0) => {
      const { url, key } = servers[server]!;
      const client = new SpiraClient({ url, key, user: 'administrator', connections });
      all.defer(() => client.close());
      return client;
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

/** Brings a database to the schema of this version, with what every ledger begins with; returns a pool on it. */
export async function preparedDatabase(connectionString: string): Promise<Database> {
  const db = new Database({ connectionString, poolSize: 4, applicationName: 'bench' });
  await migrate(db);
  await seed(db);
  return db;
}
