import { mkdir, open, readFile } from 'node:fs/promises';
import path from 'node:path';
import { BUILT_IN_ADMINISTRATOR } from '../domain/actor.ts';
import { hashApiKey, newApiKey } from '../storage/api-keys.ts';
import type { Database, Transaction } from '../storage/database.ts';

/** Where the administrator's key is; `isValid` is false when the file is missing or holds a key that does not work. */
export interface AdministratorKey {
  file: string;
  isValid: boolean;
}

/** Serialises processes that start at once on a new ledger, so that one key is made and not one each. */
const KEY_LOCK = 67;

/**
 * Sees to it that the administrator of a new ledger has an API key, in a file that only its owner can read. While the
 * administrator has no key at all, one that stands in the file already is taken over: so a key can be laid there before
 * the first start, and a start that was killed in between is made up for. Otherwise nothing changes.
 */
export async function ensureAdministratorKey(db: Database, file: string): Promise<AdministratorKey> {
  return db.transaction(async (transaction) => {
    await transaction.query('select pg_advisory_xact_lock($1::bigint)', [KEY_LOCK]);
    return ensured(transaction, file);
  });
}

async function ensured(transaction: Transaction, file: string): Promise<AdministratorKey> {
  const hashes = await transaction.query<{ hash: Buffer }>(
    'select key_hash as hash from api_key where user_id = $1 and revoked_at is null',
    [BUILT_IN_ADMINISTRATOR],
  );
  const found = await keyIn(file);
  if (hashes.length > 0) {
    const isValid = found !== undefined && hashes.some(({ hash }) => hash.equals(hashApiKey(found)));
    return { file, isValid };
  }
  const key = found ?? (await writtenKey(file));
  const hint = key.trim().replace(/\}$/, '').slice(-4);
  await transaction.query(
    `insert into api_key (user_id, key_hash, hint, label) values ($1, $2, $3, 'first start') on conflict do nothing`,
    [BUILT_IN_ADMINISTRATOR, hashApiKey(key), hint],
  );
  return { file, isValid: true };
}

const form = /^\{?[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}\}?$/i;

async function keyIn(file: string): Promise<string | undefined> {
  try {
    const text = (await readFile(file, 'utf8')).trim();
    return form.test(text) ? text : undefined;
  } catch {
    return undefined;
  }
}

/** The file is on disk before the key is in the database: a key that nobody can read would be of no use. */
async function writtenKey(file: string): Promise<string> {
  const { key } = newApiKey();
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const handle = await open(file, 'w', 0o600);
  try {
    // The mode above holds for new files only.
    await handle.chmod(0o600);
    await handle.writeFile(`${key}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return key;
}
