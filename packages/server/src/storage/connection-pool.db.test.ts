import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { isPooled, testConnection, testDatabaseWithUrl } from '../../test/support/database.ts';
import { type DatabaseProxy, databaseProxy } from '../../test/support/database-proxy.ts';
import type { Database } from './database.ts';
import { isTransientFault } from './transient-faults.ts';

const { connectionString } = await testDatabaseWithUrl();
const SILENCE_MS = 300;

async function proxied(): Promise<{ proxy: DatabaseProxy; db: Database }> {
  const proxy = await databaseProxy(connectionString);
  const db = testConnection(proxy.connectionString, { poolSize: 2, connectTimeoutMs: 2_000, silenceMs: SILENCE_MS });
  afterAll(async () => {
    await proxy.close();
    await db.close();
  });
  return { proxy, db };
}

const one = (db: Database) => db.query<{ one: number }>('select 1 as one');

test('a connection that breaks between two statements of a transaction fails the transaction, not the process', async () => {
  const { proxy, db } = await proxied();
  const broken = db.transaction(async (transaction) => {
    await transaction.query('select 1');
    await proxy.cut();
    // The driver learns of it while nothing is asked.
    await delay(50);
    await transaction.query('select 1');
  });
  await expect(broken).rejects.toSatisfy(isTransientFault);
  await proxy.mend();
  expect(await one(db)).toEqual([{ one: 1 }]);
});

test('a statement that the network has swallowed is given up, and so are new connections', async () => {
  const { proxy, db } = await proxied();
  await one(db);
  proxy.swallow();
  await expect(Promise.race([one(db), tooLong()])).rejects.toSatisfy(isTransientFault);
  await expect(Promise.race([one(db), tooLong()])).rejects.toSatisfy(isTransientFault);
  await proxy.mend();
  expect(await one(db)).toEqual([{ one: 1 }]);
});

// A pooler tells process ids of its own, so only an unreachable database can be told there.
test.skipIf(isPooled)('a connection that the network has forgotten is given up while others work', async () => {
  const { proxy, db } = await proxied();
  const forgotten = db.transaction(async (transaction) => {
    await transaction.query('select 1');
    proxy.swallow();
    await proxy.mend();
    await transaction.query('select 1');
  });
  await expect(Promise.race([forgotten, tooLong()])).rejects.toSatisfy(isTransientFault);
  expect(await one(db)).toEqual([{ one: 1 }]);
});

test('a statement that takes its time is not given up', async () => {
  const db = testConnection(connectionString, { silenceMs: SILENCE_MS });
  afterAll(() => db.close());
  expect(await db.query(`select 'done' as state from pg_sleep(${(SILENCE_MS * 10) / 1_000})`)).toEqual([
    { state: 'done' },
  ]);
});

test('PostgreSQL ends a session that is silent within a transaction; nothing is set in sessions that a pooler shares', async () => {
  const db = testConnection(connectionString);
  afterAll(() => db.close());
  const [row] = await db.query<{ limit: string }>('select current_setting($1) as limit', [
    'idle_in_transaction_session_timeout',
  ]);
  expect(row?.limit).toBe(isPooled ? '0' : '15s');
});

test('no statement is compiled, be it alone or in a transaction', async () => {
  const db = testConnection(connectionString);
  afterAll(() => db.close());
  const jit = 'select current_setting($1) as jit';
  const off = [{ jit: 'off' }];
  // A session that a pooler shares is left as it is.
  if (!isPooled) expect(await db.query(jit, ['jit'])).toEqual(off);
  expect(await db.transaction((transaction) => transaction.query(jit, ['jit']))).toEqual(off);
  expect(await db.snapshot((snapshot) => snapshot.query(jit, ['jit']))).toEqual(off);
});

test('of two hosts the one that answers is used, and the other again when it is gone', async () => {
  const [first, second] = [await databaseProxy(connectionString), await databaseProxy(connectionString)];
  const two = new URL(first.connectionString);
  const { host } = new URL(second.connectionString);
  const db = testConnection(two.href.replace(two.host, `${two.host},${host}`), { connectTimeoutMs: 2_000 });
  afterAll(async () => {
    await Promise.all([first.close(), second.close()]);
    await db.close();
  });
  await first.cut();
  expect(await untilAnswered(db)).toEqual([{ one: 1 }]);
  await first.mend();
  await second.cut();
  expect(await untilAnswered(db)).toEqual([{ one: 1 }]);
});

async function untilAnswered(db: Database): Promise<unknown> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await one(db);
    } catch (error) {
      if (tries >= 200 || !isTransientFault(error)) throw error;
      await delay(20);
    }
  }
}

/** Longer than the watch takes: silence, one look, a question that gets no answer. */
async function tooLong(): Promise<never> {
  await delay(9_000);
  throw new Error('It hangs');
}
