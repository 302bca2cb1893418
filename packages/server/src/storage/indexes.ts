import type { Queryable } from './database.ts';

const UNDEFINED_TABLE = '42P01';

/** Returns the tables of this schema, quoted for use in a statement, the small ones first. */
export async function listTables(db: Queryable): Promise<string[]> {
  const rows = await db.query<{ name: string }>(
    `select format('%I.%I', n.nspname, c.relname) as name
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = current_schema() and c.relkind = 'r' and c.relpersistence = 'p'
      order by pg_total_relation_size(c.oid), c.relname`,
  );
  return rows.map((row) => row.name);
}

/**
 * Rebuilds the indexes of one table while it stays in use. Cannot run inside a transaction; `table` is a name from
 * `listTables`.
 */
export async function rebuildTableIndexes(db: Queryable, table: string): Promise<void> {
  await db.query(`reindex table concurrently ${table}`).catch((error: { code?: string }) => {
    // A partition that retention has replaced since: its indexes are new.
    if (error.code !== UNDEFINED_TABLE) throw error;
  });
}

/** Drops what rebuilds that were interrupted have left behind: indexes that no query can use. Returns how many. */
export async function dropLeftIndexes(db: Queryable): Promise<number> {
  const left = await db.query<{ name: string }>(
    `select format('%I.%I', n.nspname, c.relname) as name
       from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = current_schema() and not i.indisvalid and c.relname ~ '_cc(new|old)[0-9]*$'`,
  );
  for (const { name } of left) await db.query(`drop index concurrently if exists ${name}`);
  return left.length;
}
