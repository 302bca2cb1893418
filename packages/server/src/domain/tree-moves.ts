import { DomainError } from './errors.ts';
import type { TreeNode } from './indent-level.ts';

// Moves within an ordered tree (releases, requirements). `nodes` is the whole tree in tree order; what is returned is the
// whole tree again, ready for indentLevels: siblings in their new order, the moved node with its new parent. Children
// follow by their parent's id, wherever they stand in the list.

/** Returns the ids of a node and of everything below it. */
export function subtreeOf(nodes: readonly TreeNode[], id: number): Set<number> {
  const children = Map.groupBy(nodes, (node) => node.parentId);
  const found = new Set<number>();
  const waiting = [id];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    waiting.push(...(children.get(next) ?? []).map((node) => node.id));
  }
  return found;
}

/** Returns the ancestors of a node, the nearest first. */
export function ancestorsOf(nodes: readonly TreeNode[], id: number): number[] {
  const parents = new Map(nodes.map((node) => [node.id, node.parentId]));
  const found: number[] = [];
  for (let next = parents.get(id); next !== null && next !== undefined; next = parents.get(next)) {
    if (found.includes(next)) break;
    found.push(next);
  }
  return found;
}

/**
 * Returns the tree with the node as sibling right before `beforeId`; null: last of the root. Throws `invalid` when the
 * destination lies within the node's own subtree.
 */
export function movedBefore(nodes: readonly TreeNode[], id: number, beforeId: number | null): TreeNode[] {
  if (beforeId !== null && subtreeOf(nodes, id).has(beforeId)) {
    throw new DomainError('invalid', `${id} cannot be moved below itself`);
  }
  const others = nodes.filter((node) => node.id !== id);
  const position = others.findIndex((node) => node.id === beforeId);
  const parentId = others[position]?.parentId ?? null;
  return others.toSpliced(position < 0 ? others.length : position, 0, { id, parentId });
}

/** Returns the tree with the node as last child of the sibling before it; unchanged when there is none. */
export function indented(nodes: readonly TreeNode[], id: number): TreeNode[] {
  const parentId = nodes.find((node) => node.id === id)?.parentId ?? null;
  const siblings = nodes.filter((node) => node.parentId === parentId);
  const newParent = siblings[siblings.findIndex((node) => node.id === id) - 1];
  if (!newParent) return [...nodes];
  return [...nodes.filter((node) => node.id !== id), { id, parentId: newParent.id }];
}

/** Returns the tree with the node as sibling right after its parent; unchanged at the root. */
export function outdented(nodes: readonly TreeNode[], id: number): TreeNode[] {
  const parent = nodes.find((node) => node.id === (nodes.find((one) => one.id === id)?.parentId ?? null));
  if (!parent) return [...nodes];
  const others = nodes.filter((node) => node.id !== id);
  return others.toSpliced(others.indexOf(parent) + 1, 0, { id, parentId: parent.parentId });
}
