import fc from 'fast-check';
import { expect, test } from 'vitest';
import { indentLevels, type PlacedNode, placeFaults, rootedTree, segmentAt } from './indent-level.ts';

const node = (id: number, parentId: number | null, level: string): PlacedNode => ({ id, parentId, level });

test('siblings are numbered AAA, AAB, ..., AAZ, ABA, ..., ZZZ (HI-1)', () => {
  expect([0, 1, 25, 26, 26 * 26, 26 ** 3 - 1].map(segmentAt)).toEqual(['AAA', 'AAB', 'AAZ', 'ABA', 'BAA', 'ZZZ']);
});

test('more siblings than fit are refused in words', () => {
  expect(() => segmentAt(26 ** 3)).toThrow('No more than 17576 siblings');
});

test('a sound tree has no faults', () => {
  expect(placeFaults([node(1, null, 'AAA'), node(2, 1, 'AAAAAA'), node(3, 1, 'AAAAAC'), node(4, null, 'AAC')])).toEqual(
    [],
  );
});

test.each<[string, PlacedNode[], number, string]>([
  ['a level that is no level', [node(1, null, 'AA')], 1, 'segments of three letters'],
  ['an empty level', [node(1, null, '')], 1, 'segments of three letters'],
  ['a level used twice', [node(1, null, 'AAA'), node(2, null, 'AAA')], 2, 'also that of 1'],
  ['a level below nothing', [node(1, null, 'AAA'), node(2, null, 'AABAAA')], 2, 'which does not exist'],
  ['a link to another parent', [node(1, null, 'AAA'), node(2, null, 'AAAAAA')], 2, 'but its parent is the root'],
  [
    'a link where the level has none',
    [node(1, null, 'AAA'), node(2, 1, 'AAB')],
    2,
    'below the root, but its parent is 1',
  ],
])('the check finds %s', (_, nodes, id, words) => {
  const faults = placeFaults(nodes);
  expect(faults.map((fault) => fault.id)).toEqual([id]);
  expect(faults[0]?.message).toContain(words);
});

test('a missing parent and the first node of a circle move to the root, all others stay (DT-9)', () => {
  const nodes = [node(1, 3, ''), node(2, 1, ''), node(3, 2, ''), node(4, 99, ''), node(5, 4, ''), node(6, 6, '')];
  expect(rootedTree(nodes).map(({ id, parentId }) => [id, parentId])).toEqual([
    [1, null],
    [2, 1],
    [3, 2],
    [4, null],
    [5, 4],
    [6, null],
  ]);
});

test('whatever the stored parents, a rooted tree gives every node a sound place', () => {
  const links = fc.array(fc.option(fc.integer({ min: 1, max: 14 })), { maxLength: 12 });
  fc.assert(
    fc.property(links, (parents) => {
      const nodes = rootedTree(parents.map((parentId, index) => ({ id: index + 1, parentId })));
      const levels = indentLevels(nodes);
      expect(placeFaults(nodes.map((item) => ({ ...item, level: levels.get(item.id) ?? '' })))).toEqual([]);
    }),
  );
});
