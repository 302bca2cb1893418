import type { Transaction } from './database.ts';
import type { FolderTree } from './folder-trees.ts';

/** Keeps a folder from being deleted until the transaction ends; returns false when there is no such folder. */
export async function holdFolder(
  transaction: Transaction,
  { table }: FolderTree,
  projectId: number,
  folderId: number,
): Promise<boolean> {
  const rows = await transaction.query(
    `select from ${table} where project_id = $1 and ${table}_id = $2 for key share`,
    [projectId, folderId],
  );
  return rows.length > 0;
}

/** Waits until nobody puts anything into these folders, and keeps everybody from it until the transaction ends. */
export async function closeFolders(
  transaction: Transaction,
  { table }: FolderTree,
  projectId: number,
  folderIds: readonly number[],
): Promise<void> {
  await transaction.query(
    `select from ${table} where project_id = $1 and ${table}_id = any($2) order by ${table}_id for update`,
    [projectId, folderIds],
  );
}
