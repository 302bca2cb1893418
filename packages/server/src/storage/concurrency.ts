import { sql, type Updateable } from 'kysely';
import { DomainError, notFound } from '../domain/errors.ts';
import type { Transaction } from './database.ts';
import type { DB } from './tables.generated.ts';

/** Tables whose rows carry a date as stamp (artifacts), and those that carry a guid (workspaces, people, small things). */
export type DateStamped =
  | 'release'
  | 'testCase'
  | 'testStep'
  | 'testSet'
  | 'testRun'
  | 'requirement'
  | 'incident'
  | 'document'
  | 'automationHost'
  | 'testConfigurationSet';
export type GuidStamped =
  | 'project'
  | 'appUser'
  | 'component'
  | 'testCaseParameter'
  | 'testSetRow'
  | 'testSetParameter'
  | 'customList'
  | 'customProperty';

/** Column values by domain name. What is undefined keeps its stored value. */
export type Changes<Table extends keyof DB> = {
  [Column in keyof Updateable<DB[Table]>]?: Updateable<DB[Table]>[Column] | undefined;
};

interface StampedUpdate<Table extends keyof DB, Stamp> {
  table: Table;
  /** The columns that find the row, the project's id among them; deleted rows are never found. */
  key: Changes<Table>;
  /** Reads like `Release 12`, for messages. */
  what: string;
  /** The stamp that the caller read. Missing counts as stale where the stamp is a date, and as no check where a guid. */
  stamp: Stamp | null | undefined;
  changes: Changes<Table>;
}

const softDeleted: ReadonlySet<keyof DB> = new Set([
  'release',
  'testCase',
  'testStep',
  'testSet',
  'testRun',
  'requirement',
  'incident',
  'document',
  'automationHost',
  'component',
  'customProperty',
]);

/**
 * Updates one artifact if its stamp is still the one that the caller read (CC-1), and gives it a new one, always later
 * than the old. Throws `stale` when it is not, `notFound` when there is no such row or it is deleted. One statement: of
 * two writers with the same stamp the second waits for the first and then is stale.
 */
export async function updateStamped<Table extends DateStamped>(
  transaction: Transaction,
  update: StampedUpdate<Table, Date>,
): Promise<void> {
  const next = sql`greatest(now()::timestamptz(3), concurrency_date + interval '1 ms')`;
  await write(
    transaction,
    update,
    { column: 'concurrencyDate', value: update.stamp },
    {
      concurrencyDate: next,
      ...(update.table === 'testRun' ? {} : { updatedAt: next }),
    },
  );
}

/**
 * The same for rows that carry a guid as stamp: a new guid at each update. A caller that sends none is not checked,
 * since only artifacts must send their stamp (rest-v7 8).
 */
export async function updateGuidStamped<Table extends GuidStamped>(
  transaction: Transaction,
  update: StampedUpdate<Table, string>,
): Promise<void> {
  const stamp = update.stamp?.replace(/[{}\s]/g, '').toLowerCase();
  const compared = stamp ? { column: sql`concurrency_guid::text`, value: stamp } : { column: sql`true`, value: true };
  await write(transaction, update, compared, {
    concurrencyGuid: sql`gen_random_uuid()`,
    updatedAt: sql`now()`,
  });
}

async function write(
  transaction: Transaction,
  update: StampedUpdate<keyof DB, Date | string>,
  compared: { column: unknown; value: unknown },
  stamps: Record<string, unknown>,
): Promise<void> {
  const conditions = found(update);
  if (compared.value !== null && compared.value !== undefined) {
    // The names of columns are checked where the update is declared; here any table will do.
    const result = await conditions
      .reduce(
        (query, [column, value]) => query.where(column as 'releaseId', '=', value as number),
        transaction.kysely.updateTable(update.table as 'release').set({ ...update.changes, ...stamps }),
      )
      .where(compared.column as 'concurrencyDate', '=', compared.value as Date)
      .executeTakeFirst();
    if (result.numUpdatedRows > 0n) return;
  }
  const exists = await conditions
    .reduce(
      (query, [column, value]) => query.where(column as 'releaseId', '=', value as number),
      transaction.kysely.selectFrom(update.table as 'release').select(sql`1`.as('one')),
    )
    .executeTakeFirst();
  if (!exists) throw notFound(update.what);
  throw new DomainError('stale', `${update.what} was changed after it was read; read it again and repeat the change`);
}

function found({ table, key }: StampedUpdate<keyof DB, unknown>): [string, unknown][] {
  const conditions = Object.entries(key).filter(([, value]) => value !== undefined);
  return softDeleted.has(table) ? [...conditions, ['isDeleted', false]] : conditions;
}
