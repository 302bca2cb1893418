import { describe, expect, test } from 'vitest';
import { type ReleaseNode, rollOf, rollPairs } from './release-tree.ts';

const [MAJOR, MINOR, SPRINT, PHASE] = [1, 2, 3, 4] as const;

const node = (
  releaseId: number,
  parentReleaseId: number | null,
  releaseTypeId: number,
  isDeleted = false,
): ReleaseNode => ({
  releaseId,
  parentReleaseId,
  releaseTypeId,
  isDeleted,
});

describe('Roll(r), the releases whose runs count for r', () => {
  test('3.9: the worked example', () => {
    const releases = [
      node(1, null, MAJOR),
      node(2, 1, SPRINT),
      node(3, 1, MINOR),
      node(4, 3, SPRINT),
      node(5, 1, MAJOR),
    ];
    const roll = Object.fromEntries(
      releases.map(({ releaseId }) => [releaseId, rollOf(releases, releaseId).toSorted((a, b) => a - b)]),
    );
    expect(roll).toEqual({ 1: [1, 2, 3, 4], 2: [2], 3: [3, 4], 4: [4], 5: [5] });
  });

  test.each([
    ['RU-1: a sprint', SPRINT, [1, 2]],
    ['RU-3: a minor release', MINOR, [1, 2]],
    ['RU-4: a phase', PHASE, [1, 2]],
    ['RU-2: a major release does not and', MAJOR, [1]],
  ])('%s rolls up into its parent', (_rule, type, expected) => {
    expect(rollOf([node(1, null, MAJOR), node(2, 1, type)], 1)).toEqual(expected);
  });

  test('RU-2: a major release cuts off everything below it', () => {
    expect(rollOf([node(1, null, MAJOR), node(2, 1, MAJOR), node(3, 2, SPRINT)], 1)).toEqual([1]);
    expect(rollOf([node(1, null, MAJOR), node(2, 1, MAJOR), node(3, 2, SPRINT)], 2)).toEqual([2, 3]);
  });

  test('RU-5: it goes through several levels', () => {
    expect(rollOf([node(1, null, MAJOR), node(2, 1, MINOR), node(3, 2, PHASE), node(4, 3, SPRINT)], 1)).toEqual([
      1, 2, 3, 4,
    ]);
  });

  test('RU-6: a deleted release counts nowhere and stops what lies below it', () => {
    const releases = [node(1, null, MAJOR), node(2, 1, MINOR, true), node(3, 2, SPRINT)];
    expect(rollOf(releases, 1)).toEqual([1]);
    expect(rollOf(releases, 2)).toEqual([]);
    expect(rollPairs(releases)).toContainEqual({ releaseId: 3, ancestorId: 3 });
  });
});
