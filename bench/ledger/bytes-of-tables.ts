import type { Queryable } from '../../packages/server/src/storage/database.ts';

/** Returns what tables take on disk, their partitions, indexes and long values included. */
export async function bytesOfTables(db: Queryable, tables: readonly string[]): Promise<number> {
  const [row] = await db.query<{ bytes: number }>(
    `select sum(pg_total_relation_size(coalesce(part.relid, whole.name::regclass))) as bytes
       from unnest($1::text[]) as whole (name) left join lateral pg_partition_tree(whole.name::regclass) part on true`,
    [tables],
  );
  return row?.bytes ?? 0;
}
