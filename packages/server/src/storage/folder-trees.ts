import type { TreeNode } from '../domain/indent-level.ts';
import type { Transaction } from './database.ts';

/** The two trees of folders, by their columns, and what lies in them. */
export const testCaseFolderTree = {
  table: 'test_case_folder',
  content: 'test_case',
  contentId: 'test_case_id',
} as const;
export const testSetFolderTree = { table: 'test_set_folder', content: 'test_set', contentId: 'test_set_id' } as const;
export type FolderTree = typeof testCaseFolderTree | typeof testSetFolderTree;

/** Returns all folders of a tree by id. */
export async function listFolders(
  transaction: Transaction,
  { table }: FolderTree,
  projectId: number,
): Promise<TreeNode[]> {
  return transaction.query<TreeNode>(
    `select ${table}_id as "id", parent_${table}_id as "parentId" from ${table} where project_id = $1 order by 1`,
    [projectId],
  );
}

/** Writes the parents of these folders. */
export async function saveFolderParents(
  transaction: Transaction,
  { table }: FolderTree,
  projectId: number,
  folders: readonly TreeNode[],
): Promise<void> {
  if (folders.length === 0) return;
  await transaction.query(
    `update ${table} t set parent_${table}_id = n.parent from unnest($2::int[], $3::int[]) as n (id, parent)
      where t.project_id = $1 and t.${table}_id = n.id`,
    [projectId, folders.map((folder) => folder.id), folders.map((folder) => folder.parentId)],
  );
}

/** Moves what lies in a folder that does not exist to the root, and returns the ids of what was moved. */
export async function rootContentOfMissingFolders(
  transaction: Transaction,
  { table, content, contentId }: FolderTree,
  projectId: number,
): Promise<number[]> {
  const rows = await transaction.query<{ id: number }>(
    `update ${content} t set ${table}_id = null
      where t.project_id = $1 and t.${table}_id is not null
        and not exists (select from ${table} f where f.project_id = $1 and f.${table}_id = t.${table}_id)
     returning t.${contentId} as id`,
    [projectId],
  );
  return rows.map((row) => row.id);
}
