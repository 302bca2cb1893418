import { expect, test } from 'vitest';
import { emptyTestDatabase, testConnection } from '../../test/support/database.ts';
import { knownMigrations, type Migration, migrate } from './migrate.ts';

const step = (number: number, sql: string, checksum = `sum-${number}`): Migration => ({
  number,
  name: `step-${number}`,
  sql,
  checksum,
});

test('all migrations are applied once, in order, and then none', async () => {
  const { db } = await emptyTestDatabase();
  const known = await knownMigrations();
  expect(await migrate(db)).toEqual(known.map(({ number }) => number));
  expect(await migrate(db)).toEqual([]);
  const rows = await db.query<{ number: number; checksum: string }>(
    'select number, checksum from schema_migration order by number',
  );
  expect(rows).toEqual(known.map(({ number, checksum }) => ({ number, checksum })));
});

test('processes that migrate at once apply each step exactly once', async () => {
  const { db, connectionString } = await emptyTestDatabase();
  const second = testConnection(connectionString, { poolSize: 1 });
  const third = testConnection(connectionString, { poolSize: 1 });
  const steps = [
    step(1, 'create table one (id int)'),
    step(2, 'create table two (id int)'),
    step(3, 'create table three (id int)'),
  ];
  const applied = await Promise.all([db, second, third].map((process) => migrate(process, steps)));
  await second.close();
  await third.close();
  expect(applied.flat().toSorted()).toEqual([1, 2, 3]);
});

test('a step that fails leaves nothing of itself and keeps the steps before it', async () => {
  const { db } = await emptyTestDatabase();
  const broken = [step(1, 'create table one (id int)'), step(2, 'create table two (id int); select 1 / 0')];
  await expect(migrate(db, broken)).rejects.toThrow('division by zero');
  const tables = await db.query<{ name: string }>(
    `select relname as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace order by 1`,
  );
  expect(tables.map(({ name }) => name)).toEqual(['one', 'schema_migration']);
  expect(await migrate(db, [step(1, ''), step(2, 'create table two (id int)')])).toEqual([2]);
});

test('a schema newer than the program is refused with its number and the way out', async () => {
  const { db } = await emptyTestDatabase();
  await migrate(db, [step(1, ''), step(2, '')]);
  await expect(migrate(db, [step(1, '')])).rejects.toMatchObject({
    name: 'StartupError',
    exitCode: 3,
    message: expect.stringMatching(/schema step 2 \(step-2\).*start that version or a later one/),
  });
});

test('a step that was applied in another form is refused', async () => {
  const { db } = await emptyTestDatabase();
  await migrate(db, [step(1, '')]);
  await expect(migrate(db, [step(1, '', 'another sum')])).rejects.toMatchObject({ exitCode: 3 });
});
