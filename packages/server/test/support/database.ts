import { randomUUID } from 'node:crypto';
import { afterAll, inject } from 'vitest';
import { Database, type DatabaseOptions } from '../../src/storage/database.ts';
import { databaseUrl, onServer } from './global-setup.ts';

/** A pooler in transaction mode that the connections of these tests go through. */
const poolerUrl = process.env['RUNLEDGER_TEST_POOLER_URL'];
/** Behind a pooler that is named, every test also shows that nothing needs a session of its own. */
export const isPooled = Boolean(poolerUrl);

/**
 * Returns a database of its own: the schema, the default roles (1-7) and the built-in administrator (user 1),
 * nothing else. It is dropped when the file's tests are done. At the top of a `*.db.test.ts`:
 *
 *     const db = await testDatabase();
 *     test('…', async () => { const projectId = await aProject(db); … });
 *
 * Tests of one file share it; keep them apart by a project each (`aProject`), or call it inside `beforeEach`, then it
 * is dropped all the same when the file is done.
 */
export async function testDatabase(options: { poolSize?: number } = {}): Promise<Database> {
  const { db } = await testDatabaseWithUrl(options);
  return db;
}

/** The same with its connection string, for tests that start a whole server or a second process on it. */
export async function testDatabaseWithUrl(
  options: { poolSize?: number } = {},
): Promise<{ db: Database; connectionString: string }> {
  const { template } = inject('testServer');
  return createdDatabase(`template ${template}`, options);
}

/** A database without any table, for tests of migrations. */
export async function emptyTestDatabase(): Promise<{ db: Database; connectionString: string }> {
  return createdDatabase('', {});
}

/** Another pool on a database from above, as another server process would have it. The caller closes it. */
export function testConnection(
  connectionString: string,
  options: Pick<DatabaseOptions, 'poolSize' | 'connectTimeoutMs' | 'preparedStatements' | 'silenceMs'> = {},
): Database {
  return new Database({ connectionString, ...options });
}

async function createdDatabase(
  clause: string,
  options: { poolSize?: number },
): Promise<{ db: Database; connectionString: string }> {
  const { adminUrl } = inject('testServer');
  const name = `runledger_test_${randomUUID().replaceAll('-', '')}`;
  await onServer(adminUrl, `create database ${name} ${clause}`);
  const connectionString = databaseUrl(poolerUrl ?? adminUrl, name);
  const db = testConnection(connectionString, options);
  afterAll(async () => {
    await db.close();
    await onServer(adminUrl, `drop database ${name} with (force)`);
  });
  return { db, connectionString };
}
