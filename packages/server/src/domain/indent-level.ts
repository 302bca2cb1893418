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

/** Returns how deep a level lies: 1 for the root's children. */
export function depthOf(level: string): number {
  return level.length / SEGMENT;
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
