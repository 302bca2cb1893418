import type { Queryable } from '../storage/database.ts';

/** Resolves when the database answers and holds the schema; rejects with the reason otherwise. */
export async function requireReadyDatabase(db: Queryable): Promise<void> {
  const [row] = await db.query<{ number: number }>('select max(number) as number from schema_migration');
  if (!row?.number) throw new Error('No migration has been applied to the database');
}
