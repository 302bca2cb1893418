import { DomainError } from './errors.ts';

// Trees of releases and requirements are ordered by indent level: segments of three letters, siblings AAA, AAB, ...,
// a child's level is its parent's and one segment more (HI-1).

const SEGMENT = 3;
const LETTERS = 26;
const SEGMENTS = LETTERS ** SEGMENT;

/** Returns the segment of the sibling at this position, from 0: AAA, AAB, ..., ZZZ. */
export function segmentAt(position: number): string {
  if (position >= SEGMENTS) throw new DomainError('invalid', `No more than ${SEGMENTS} siblings fit below one parent`);
  const letter = (value: number) => String.fromCharCode(65 + (value % LETTERS));
  return letter(Math.floor(position / LETTERS ** 2)) + letter(Math.floor(position / LETTERS)) + letter(position);
}

/** Returns the level of the parent, '' for the root. */
export function parentLevel(level: string): string {
  return level.slice(0, -SEGMENT);
}

/** A node of an ordered tree, as its level is derived: its place is its parent and its order among its siblings. */
export interface TreeNode {
  id: number;
  parentId: number | null;
}

/**
 * Returns the level of every node. `nodes` come in the wanted order of siblings; a node whose parent is not among them
 * hangs at the root.
 */
export function indentLevels(nodes: readonly TreeNode[]): Map<number, string> {
  const known = new Set(nodes.map((node) => node.id));
  const children = Map.groupBy(nodes, (node) =>
    node.parentId !== null && known.has(node.parentId) ? node.parentId : null,
  );
  const levels = new Map<number, string>();
  const place = (parent: number | null, prefix: string): void => {
    for (const [position, node] of (children.get(parent) ?? []).entries()) {
      const level = prefix + segmentAt(position);
      levels.set(node.id, level);
      place(node.id, level);
    }
  };
  place(null, '');
  return levels;
}

/** A node as it is stored: with the level it has now. */
export interface PlacedNode extends TreeNode {
  level: string;
}

/** What is wrong with the place of one node. */
export interface PlaceFault {
  id: number;
  message: string;
}

/**
 * Returns what is wrong with a stored tree, in the order of its nodes: every level is well formed and unique, the level
 * above it exists, and the parent is the node at that level. An empty list means the tree is sound.
 */
export function placeFaults(nodes: readonly PlacedNode[]): PlaceFault[] {
  const atLevel = Map.groupBy(nodes, (node) => node.level);
  return nodes.flatMap((node) => {
    const message = placeFault(node, atLevel);
    return message === undefined ? [] : [{ id: node.id, message }];
  });
}

function placeFault(node: PlacedNode, atLevel: ReadonlyMap<string, readonly PlacedNode[]>): string | undefined {
  const { level, parentId } = node;
  if (!/^(?:[A-Z]{3})+$/.test(level)) return `level "${level}" is not made of segments of three letters`;
  const first = atLevel.get(level)?.[0];
  if (first && first.id !== node.id) return `level ${level} is also that of ${first.id}`;
  const above = atLevel.get(parentLevel(level))?.[0];
  if (parentLevel(level) !== '' && !above)
    return `level ${level} lies below ${parentLevel(level)}, which does not exist`;
  const expected = above?.id ?? null;
  if (parentId === expected) return undefined;
  const spoken = (id: number | null) => (id === null ? 'the root' : String(id));
  return `level ${level} lies below ${spoken(expected)}, but its parent is ${spoken(parentId)}`;
}

/**
 * Returns the tree with every node hanging somewhere: a parent that is not among the nodes, and the parent of the first
 * node of each circle, become the root. All other parents and the order stay (DT-9).
 */
export function rootedTree<Node extends TreeNode>(nodes: readonly Node[]): Node[] {
  const parents = new Map(nodes.map((node) => [node.id, node.parentId]));
  for (const node of nodes) {
    if (node.parentId !== null && (!parents.has(node.parentId) || isInCircle(node.id, parents))) {
      parents.set(node.id, null);
    }
  }
  return nodes.map((node) => {
    const parentId = parents.get(node.id) ?? null;
    return parentId === node.parentId ? node : { ...node, parentId };
  });
}

/** Whether walking up from a node comes back to it. */
function isInCircle(id: number, parents: ReadonlyMap<number, number | null>): boolean {
  const seen = new Set<number>();
  let current = parents.get(id) ?? null;
  while (current !== null && !seen.has(current)) {
    if (current === id) return true;
    seen.add(current);
    current = parents.get(current) ?? null;
  }
  return false;
}
