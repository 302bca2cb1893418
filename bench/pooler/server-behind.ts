import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { startLedger } from '../../packages/server/test/support/ledger-process.ts';
import type { Postgres } from '../postgres/postgres.ts';
import { SpiraClient } from '../spira/spira-client.ts';

/** Starts one more server process on a ledger, by another way to its database, and returns a client of it. */
export async function serverBehind({
  postgres,
  connectionString,
  key,
  preparedStatements,
  connections,
}: {
  postgres: Postgres;
  connectionString: string;
  /** The administrator's. */
  key: string;
  preparedStatements: 'auto' | 'off';
  connections: number;
}): Promise<AsyncDisposable & { client: SpiraClient }> {
  const directory = await mkdtemp(path.join(postgres.directory, 'behind-'));
  await writeFile(path.join(directory, 'administrator.key'), key);
  const words = ['--prepared-statements', preparedStatements];
  const server = await startLedger(directory, { databaseUrl: connectionString, more: words });
  const client = new SpiraClient({ url: server.url, key, user: 'administrator', connections });
  return {
    client,
    [Symbol.asyncDispose]: async () => {
      client.close();
      await server.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
