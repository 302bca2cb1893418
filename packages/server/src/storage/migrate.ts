import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import type { Database, Queryable, Transaction } from './database.ts';
import { StartupError } from './startup-error.ts';

/** One file of `migrations/`: `0001-ledger.sql` is number 1, named `ledger`. */
export interface Migration {
  number: number;
  name: string;
  sql: string;
  checksum: string;
}

/** Serialises migrations of all processes. Held by the transaction, so it works behind a transaction pooler too. */
const MIGRATION_LOCK = 68;

const bookkeeping = `create table if not exists schema_migration (
  number integer primary key,
  name text not null,
  applied_at timestamptz(3) not null default now(),
  checksum text not null
)`;

/** Returns the migrations that this program knows, in order. */
export async function knownMigrations(
  directory: URL = new URL('./migrations/', import.meta.url),
): Promise<readonly Migration[]> {
  const files = (await readdir(directory)).filter((file) => file.endsWith('.sql')).toSorted();
  const migrations = await Promise.all(files.map((file) => readMigration(directory, file)));
  for (const [index, { number, name }] of migrations.entries()) {
    if (number !== index + 1)
      throw new Error(`Migration ${number} (${name}) is out of order: numbers run from 1, without gaps`);
  }
  return migrations;
}

async function readMigration(directory: URL, file: string): Promise<Migration> {
  const [, number, name] = /^(\d{4})-([a-z0-9-]+)\.sql$/.exec(file) ?? [];
  if (!number || !name) throw new Error(`${file} is not named like 0001-name.sql`);
  // Checkouts differ in line ends; the checksum must not.
  const sql = (await readFile(new URL(file, directory), 'utf8')).replaceAll('\r\n', '\n');
  return { number: Number(number), name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
}

/**
 * Brings the schema up to date and returns the numbers that this call applied. Any number of processes may do so at
 * once: each step is applied by exactly one of them, in a transaction of its own. Refuses (StartupError) a schema that
 * is newer than the program, and one whose applied steps are not those of this program.
 */
export async function migrate(db: Database, migrations?: readonly Migration[]): Promise<number[]> {
  const known = migrations ?? (await knownMigrations());
  const applied: number[] = [];
  for (;;) {
    const number = await db.transaction((transaction) => applyNext(transaction, known));
    if (number === undefined) return applied;
    applied.push(number);
  }
}

async function applyNext(transaction: Transaction, known: readonly Migration[]): Promise<number | undefined> {
  // A statement of its own, so that what follows sees all that the previous holder committed.
  await transaction.query('select pg_advisory_xact_lock($1::bigint)', [MIGRATION_LOCK]);
  await transaction.query(bookkeeping);
  const applied = await appliedSteps(transaction, known);
  const next = known.find((migration) => !applied.some((step) => step.number === migration.number));
  if (!next) return undefined;
  await transaction.query(next.sql);
  await transaction.query('insert into schema_migration (number, name, checksum) values ($1, $2, $3)', [
    next.number,
    next.name,
    next.checksum,
  ]);
  return next.number;
}

/** Returns how many steps have been applied, and how many there are; changes nothing. Refuses what `migrate` refuses. */
export async function schemaState(db: Queryable): Promise<{ applied: number; known: number }> {
  const known = await knownMigrations();
  const [table] = await db.query<{ exists: boolean }>(`select to_regclass('schema_migration') is not null as exists`);
  const applied = table?.exists ? await appliedSteps(db, known) : [];
  return { applied: applied.length, known: known.length };
}

interface AppliedStep {
  number: number;
  name: string;
  checksum: string;
}

async function appliedSteps(db: Queryable, known: readonly Migration[]): Promise<AppliedStep[]> {
  const applied = await db.query<AppliedStep>('select number, name, checksum from schema_migration order by number');
  for (const step of applied) refuseForeign(step, known);
  return applied;
}

function refuseForeign(step: AppliedStep, known: readonly Migration[]): void {
  const ours = known.find((migration) => migration.number === step.number);
  if (!ours) {
    throw new StartupError(
      'schema',
      `The database has schema step ${step.number} (${step.name}), which this version of Runledger does not know: ` +
        `it knows ${known.length}. A newer version has upgraded the database; start that version or a later one.`,
    );
  }
  if (ours.checksum !== step.checksum) {
    throw new StartupError(
      'schema',
      `Schema step ${step.number} (${step.name}) was applied to the database in another form than this program has. ` +
        'The database belongs to a different build; start that build, or use another database or data directory.',
    );
  }
}
