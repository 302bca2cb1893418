import { dropLeftIndexes, listTables, rebuildTableIndexes } from '../storage/indexes.ts';
import type { CommandContext } from './context.ts';

export interface IndexRebuildOptions {
  onTable?: (done: number, total: number) => Promise<void>;
  /** Stops between two tables. */
  signal?: AbortSignal;
}

/** Rebuilds the indexes of the whole database, table by table, without keeping anybody out; returns how many tables. */
export async function rebuildIndexes(
  { db }: Pick<CommandContext, 'db'>,
  { onTable, signal }: IndexRebuildOptions = {},
): Promise<number> {
  await dropLeftIndexes(db);
  const tables = await listTables(db);
  for (const [done, table] of tables.entries()) {
    signal?.throwIfAborted();
    await onTable?.(done, tables.length);
    await rebuildTableIndexes(db, table);
  }
  return tables.length;
}
