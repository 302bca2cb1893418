import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { testDatabaseWithUrl } from '../../test/support/database.ts';
import { databaseUrl } from '../../test/support/global-setup.ts';
import { hasPgBouncer, type PgBouncer, startPgBouncer } from '../../test/support/pgbouncer.ts';
import { Database, type Transaction } from './database.ts';
import { namedStatementsOf } from './pooler.ts';
import { StatementNames } from './prepared-statements.ts';

const { connectionString } = await testDatabaseWithUrl();
/** Past a pooler that the whole run may stand behind. */
const direct = databaseUrl(inject('testServer').adminUrl, new URL(connectionString).pathname.slice(1));

/** What has been prepared under our names in the session that serves this transaction. */
async function prepared(transaction: Transaction): Promise<string[]> {
  const rows = await transaction.query<{ name: string }>('select name from pg_prepared_statements order by name');
  return rows.map((row) => row.name);
}

const add = (transaction: Transaction, one: number, other: number) =>
  transaction
    .query<{ sum: number }>({ name: 'add', text: 'select $1::int + $2::int as sum', values: [one, other] })
    .then(([row]) => row?.sum);

test('on a direct connection statements are prepared under their own names, in and outside transactions', async () => {
  const db = new Database({ connectionString: direct, poolSize: 1 });
  try {
    await db.query({ name: 'outside', text: 'select 1' });
    expect(
      await db.transaction(async (transaction) => [await add(transaction, 1, 2), await prepared(transaction)]),
    ).toEqual([3, ['add', 'outside']]);
  } finally {
    await db.close();
  }
});

test('a direct connection is asked nothing for the sake of names', async () => {
  const client = new pg.Client({ connectionString: direct });
  await client.connect();
  const sent: unknown[] = [];
  const query = client.query.bind(client) as (...words: unknown[]) => unknown;
  Object.assign(client, {
    query: (...words: unknown[]) => {
      sent.push(words[0]);
      return query(...words);
    },
  });
  const names = new StatementNames('auto');
  await names.look(client, { ownsSession: true });
  const naming = await names.begin(client, 'begin');
  await naming.commit();
  expect(sent).toEqual(['begin', 'commit']);
  expect([naming.of('a'), names.keepsNames(client), names.knownSessions]).toEqual(['a', true, 0]);
  await client.end();
});

test('off prepares nothing anywhere', async () => {
  const db = new Database({ connectionString: direct, poolSize: 1, preparedStatements: 'off' });
  try {
    await db.query({ name: 'outside', text: 'select 1' });
    expect(
      await db.transaction(async (transaction) => [await add(transaction, 1, 2), await prepared(transaction)]),
    ).toEqual([3, []]);
  } finally {
    await db.close();
  }
});

describe.skipIf(!hasPgBouncer).each([1, 2, 20])('behind PgBouncer with a pool of %i', (poolSize) => {
  let pooler: PgBouncer;
  beforeAll(async () => {
    pooler = await startPgBouncer(direct, { poolSize });
  });
  afterAll(() => pooler[Symbol.asyncDispose]());

  async function withProcesses<Result>(count: number, work: (processes: Database[]) => Promise<Result>) {
    const processes = Array.from(
      { length: count },
      () => new Database({ connectionString: pooler.connectionString, poolSize: 8 }),
    );
    try {
      return await work(processes);
    } finally {
      await Promise.all(processes.map((db) => db.close()));
    }
  }

  test('it is recognised, and names reach the sessions behind it', async () => {
    const client = new pg.Client({ connectionString: pooler.connectionString });
    await client.connect();
    expect(await namedStatementsOf(client)).toBe('passed');
    const { rows } = await client.query(`select name from pg_prepared_statements where name like '%probe%'`);
    expect(rows).toEqual([]);
    await client.end();
  });

  test('three processes whose transactions meet any session at any time prepare each statement once in each', async () => {
    await withProcesses(3, async (processes) => {
      const sums = await Promise.all(
        Array.from({ length: 300 }, (_, number) =>
          processes[number % 3]!.transaction(async (transaction) => [
            await add(transaction, number, 1),
            await add(transaction, number, 2),
          ]),
        ),
      );
      expect(sums).toEqual(Array.from({ length: 300 }, (_, number) => [number + 1, number + 2]));
      const sessions = await Promise.all(Array.from({ length: 8 }, () => processes[0]!.transaction(prepared)));
      const owners = sessions.map((names) =>
        names.flatMap((name) => /^([0-9a-f]{8})\.[0-9a-z]+\.add$/.exec(name)?.[1] ?? []),
      );
      expect(owners.flat()).not.toEqual([]);
      for (const found of owners) expect(new Set(found).size).toBe(found.length);
    });
  });

  test('statements of other processes and outside transactions go beside them', async () => {
    await withProcesses(2, async ([one, other]) => {
      const answers = await Promise.all(
        Array.from({ length: 100 }, async (_, number) => {
          const db = number % 2 === 0 ? one! : other!;
          if (number % 3 === 0) return (await db.query({ name: 'add', text: 'select 1 as sum' }))[0];
          if (number % 3 === 1)
            return db.snapshot((snapshot) => snapshot.query({ name: 'add', text: 'select 1 as sum' }));
          return db.kysely.selectNoFrom((select) => select.lit(1).as('sum')).execute();
        }),
      );
      expect(new Set(answers.map((answer) => JSON.stringify(answer).replace(/[[\]]/g, '')))).toEqual(
        new Set(['{"sum":1}']),
      );
    });
  });

  test('a rollback leaves names usable, and a session that was met in it unmarked', async () => {
    await withProcesses(1, async ([db]) => {
      for (let time = 0; time < 5; time += 1) {
        const failing = db!.transaction(async (transaction) => {
          await add(transaction, 1, 1);
          await transaction.query({ name: 'divide', text: 'select 1 / $1::int', values: [0] });
        });
        await expect(failing).rejects.toMatchObject({ code: '22012' });
        expect(await db!.transaction((transaction) => add(transaction, time, 1))).toBe(time + 1);
      }
    });
  });

  test.each(['discard all', 'deallocate all', 'reset all'])(
    'sessions that somebody else has reset by %s are noticed without an error',
    async (reset) => {
      await withProcesses(1, async ([db]) => {
        for (let time = 0; time < 5; time += 1) {
          await Promise.all(Array.from({ length: 8 }, () => db!.transaction((transaction) => add(transaction, 1, 1))));
          const others = Array.from({ length: 8 }, async () => {
            const client = new pg.Client({ connectionString: pooler.connectionString });
            await client.connect();
            await client.query(reset);
            await client.end();
          });
          await Promise.all(others);
          expect(await db!.transaction((transaction) => add(transaction, time, 1))).toBe(time + 1);
        }
      });
    },
  );

  test('a reset in the middle of a transaction fails it as a fault of the moment, and the next goes on', async () => {
    await withProcesses(1, async ([db]) => {
      for (let time = 0; time < 3; time += 1) await db!.transaction((transaction) => add(transaction, 1, 1));
      const interrupted = db!.transaction(async (transaction) => {
        await add(transaction, 1, 1);
        await transaction.query('deallocate all');
        await add(transaction, 1, 1);
      });
      await expect(interrupted).rejects.toMatchObject({ code: '26000' });
      expect(await db!.transaction((transaction) => add(transaction, 2, 2))).toBe(4);
    });
  });
});

test.skipIf(!hasPgBouncer)(
  'no more sessions are remembered than allowed, and a forgotten one is served again',
  async () => {
    await using pooler = await startPgBouncer(direct, { poolSize: 1 });
    const names = new StatementNames('auto', 2);
    const client = new pg.Client({ connectionString: pooler.connectionString });
    await client.connect();
    await names.look(client, { ownsSession: false });
    const transaction = async (statement: string) => {
      const naming = await names.begin(client, 'begin');
      const name = naming.of('one');
      if (name) await client.query({ name, text: 'select 1' });
      await client.query(statement);
      await naming.commit();
      return name?.split('.')[1];
    };
    const mark = (token: string) => `select set_config('runledger.session', '${token}', false)`;
    const met = [];
    for (const token of ['overwritten', 'b', 'c', 'd', 'b', 'b']) met.push(await transaction(mark(token)));
    // Each meets the mark of the one before: none, then the one that the first commit has set, b, c, d, b (forgotten).
    expect(met).toEqual([undefined, '1', '2', '3', '4', '5']);
    expect(names.knownSessions).toBe(2);
    await client.end();
  },
);
