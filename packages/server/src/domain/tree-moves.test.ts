import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { indentLevels, type TreeNode } from './indent-level.ts';
import { ancestorsOf, indented, movedBefore, outdented, subtreeOf } from './tree-moves.ts';

// 1 ─ 2 ─ 3
//   └ 4
// 5
const tree: TreeNode[] = [
  { id: 1, parentId: null },
  { id: 2, parentId: 1 },
  { id: 3, parentId: 2 },
  { id: 4, parentId: 1 },
  { id: 5, parentId: null },
];
const levels = (nodes: readonly TreeNode[]) =>
  [...indentLevels(nodes)].toSorted(([, a], [, b]) => (a < b ? -1 : 1)).map(([id, level]) => `${level} ${id}`);

describe('moves within an ordered tree', () => {
  it('finds the subtree and the ancestors of a node', () => {
    expect([...subtreeOf(tree, 1)].toSorted()).toEqual([1, 2, 3, 4]);
    expect(ancestorsOf(tree, 3)).toEqual([2, 1]);
    expect(ancestorsOf(tree, 5)).toEqual([]);
  });

  it('moves a node with its children before another one', () => {
    expect(levels(movedBefore(tree, 2, 5))).toEqual(['AAA 1', 'AAAAAA 4', 'AAB 2', 'AABAAA 3', 'AAC 5']);
  });

  it('moves a node to the end of the root when no destination is given', () => {
    expect(levels(movedBefore(tree, 1, null))).toEqual(['AAA 5', 'AAB 1', 'AABAAA 2', 'AABAAAAAA 3', 'AABAAB 4']);
  });

  it('refuses to move a node into its own subtree', () => {
    expect(() => movedBefore(tree, 1, 3)).toThrow('1 cannot be moved below itself');
    expect(() => movedBefore(tree, 1, 1)).toThrow('1 cannot be moved below itself');
  });

  it('indents below the sibling before it, as its last child', () => {
    expect(levels(indented(tree, 4))).toEqual(['AAA 1', 'AAAAAA 2', 'AAAAAAAAA 3', 'AAAAAAAAB 4', 'AAB 5']);
    expect(levels(indented(tree, 5))).toEqual(['AAA 1', 'AAAAAA 2', 'AAAAAAAAA 3', 'AAAAAB 4', 'AAAAAC 5']);
  });

  it('leaves the first sibling where it is on indent, and a root node on outdent', () => {
    expect(levels(indented(tree, 1))).toEqual(levels(tree));
    expect(levels(outdented(tree, 5))).toEqual(levels(tree));
  });

  it('outdents to right after the parent', () => {
    expect(levels(outdented(tree, 2))).toEqual(['AAA 1', 'AAAAAA 4', 'AAB 2', 'AABAAA 3', 'AAC 5']);
  });

  it('keeps every node exactly once and never makes a cycle, whatever is done', () => {
    const step = fc.record({ id: fc.nat(9), other: fc.option(fc.nat(9)), kind: fc.constantFrom('move', 'in', 'out') });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        let nodes: TreeNode[] = Array.from({ length: 10 }, (_, id) => ({ id, parentId: null }));
        for (const { id, other, kind } of steps) {
          if (kind === 'in') nodes = indented(nodes, id);
          else if (kind === 'out') nodes = outdented(nodes, id);
          else if (other === null || !subtreeOf(nodes, id).has(other)) nodes = movedBefore(nodes, id, other);
          const place = indentLevels(nodes);
          expect(place.size).toBe(10);
          nodes = nodes.toSorted((a, b) => ((place.get(a.id) ?? '') < (place.get(b.id) ?? '') ? -1 : 1));
        }
      }),
    );
  });
});
