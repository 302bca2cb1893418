import type { Insertable } from 'kysely';
import type { Database } from '../../src/storage/database.ts';
import type { DB } from '../../src/storage/tables.generated.ts';

/** A custom property of all projects, of type text unless said otherwise; returns its id. */
export async function aCustomProperty(
  db: Database,
  values: Pick<Insertable<DB['customProperty']>, 'artifactTypeId' | 'propertyNumber'> &
    Partial<Insertable<DB['customProperty']>>,
): Promise<number> {
  const row = await db.kysely
    .insertInto('customProperty')
    .values({ name: `Field ${values.propertyNumber}`, customPropertyTypeId: 1, ...values })
    .returning('customPropertyId')
    .executeTakeFirstOrThrow();
  return row.customPropertyId;
}

/** A custom list with values of these names; returns its id and theirs. */
export async function aCustomList(
  db: Database,
  names: readonly string[],
): Promise<{ customListId: number; valueIds: number[] }> {
  const { customListId } = await db.kysely
    .insertInto('customList')
    .values({ name: 'List' })
    .returning('customListId')
    .executeTakeFirstOrThrow();
  const valueIds: number[] = [];
  for (const name of names) {
    const row = await db.kysely
      .insertInto('customListValue')
      .values({ customListId, name })
      .returning('customListValueId')
      .executeTakeFirstOrThrow();
    valueIds.push(row.customListValueId);
  }
  return { customListId, valueIds };
}
