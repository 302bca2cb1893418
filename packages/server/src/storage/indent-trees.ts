import { indentLevels, type PlacedNode, type TreeNode } from '../domain/indent-level.ts';
import type { Queryable, Transaction } from './database.ts';

/** The two ordered trees, by their columns. */
export const releaseTree = { table: 'release', id: 'release_id', parent: 'parent_release_id' } as const;
export const requirementTree = { table: 'requirement', id: 'requirement_id', parent: 'parent_requirement_id' } as const;
export type IndentTree = typeof releaseTree | typeof requirementTree;

/** Returns the nodes of a tree that are not deleted, in tree order. */
export async function listTree(db: Queryable, tree: IndentTree, projectId: number): Promise<PlacedNode[]> {
  return db.query<PlacedNode>(
    `select ${tree.id} as "id", ${tree.parent} as "parentId", indent_level as "level" from ${tree.table}
      where project_id = $1 and not is_deleted order by indent_level, ${tree.id}`,
    [projectId],
  );
}

/** Writes the levels and parents of the nodes that moved; `nodes` is the whole tree in its new order. */
export async function saveTree(
  transaction: Transaction,
  tree: IndentTree,
  projectId: number,
  nodes: readonly TreeNode[],
): Promise<void> {
  const levels = indentLevels(nodes);
  await transaction.query(
    `update ${tree.table} t set indent_level = n.level, ${tree.parent} = n.parent
       from unnest($2::int[], $3::text[], $4::int[]) as n (id, level, parent)
      where t.project_id = $1 and t.${tree.id} = n.id
        and (t.indent_level, t.${tree.parent}) is distinct from (n.level, n.parent)`,
    [
      projectId,
      nodes.map((node) => node.id),
      nodes.map((node) => levels.get(node.id)),
      nodes.map((node) => node.parentId),
    ],
  );
}

/** Returns the level for a new last child of a parent (null: the root). Call under the lock of trees. */
export async function nextLevel(
  transaction: Transaction,
  tree: IndentTree,
  projectId: number,
  parentId: number | null,
): Promise<string> {
  const nodes = await listTree(transaction, tree, projectId);
  return indentLevels([...nodes, { id: 0, parentId }]).get(0) ?? '';
}
