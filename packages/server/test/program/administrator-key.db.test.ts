import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { ensureAdministratorKey } from '../../src/cli/administrator-key.ts';
import { hashApiKey, newApiKey } from '../../src/storage/api-keys.ts';
import type { Database } from '../../src/storage/database.ts';
import { anApiKey } from '../support/builders.ts';
import { testDatabase } from '../support/database.ts';
import { aDataDirectory } from '../support/program.ts';

const aFile = () => path.join(aDataDirectory(), 'administrator.key');

const isStored = async (db: Database, key: string) =>
  (await db.query('select from api_key where user_id = 1 and key_hash = $1', [hashApiKey(key)])).length === 1;

test('a new ledger gets a key in a file that only its owner can read', async () => {
  const db = await testDatabase();
  const file = aFile();
  expect(await ensureAdministratorKey(db, file)).toEqual({ file, isValid: true });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(await isStored(db, readFileSync(file, 'utf8'))).toBe(true);
});

test('a second start changes neither file nor keys', async () => {
  const db = await testDatabase();
  const file = aFile();
  await ensureAdministratorKey(db, file);
  const key = readFileSync(file, 'utf8');
  expect(await ensureAdministratorKey(db, file)).toEqual({ file, isValid: true });
  expect(readFileSync(file, 'utf8')).toBe(key);
  expect(await db.query('select count(*) as keys from api_key')).toEqual([{ keys: 1 }]);
});

test('a key that was laid there before the first start, or by a start that was killed, is taken over', async () => {
  const db = await testDatabase();
  const file = aFile();
  mkdirSync(path.dirname(file));
  const { key } = newApiKey();
  writeFileSync(file, key.toLowerCase());
  expect(await ensureAdministratorKey(db, file)).toEqual({ file, isValid: true });
  expect(await isStored(db, key)).toBe(true);
});

test('a file that holds no key is replaced, and closed to others', async () => {
  const db = await testDatabase();
  const file = aFile();
  mkdirSync(path.dirname(file));
  writeFileSync(file, 'half a k', { mode: 0o644 });
  await ensureAdministratorKey(db, file);
  expect(await isStored(db, readFileSync(file, 'utf8'))).toBe(true);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('while the administrator has another key, no new one is made and the file is not trusted', async () => {
  const db = await testDatabase();
  await anApiKey(db);
  const file = aFile();
  expect(await ensureAdministratorKey(db, file)).toEqual({ file, isValid: false });
  expect(existsSync(file)).toBe(false);
  mkdirSync(path.dirname(file));
  writeFileSync(file, newApiKey().key);
  expect(await ensureAdministratorKey(db, file)).toEqual({ file, isValid: false });
});
