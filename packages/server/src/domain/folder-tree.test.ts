import { describe, expect, it } from 'vitest';
import { type FolderFigures, inTreeOrder, subtreeFigures } from './folder-tree.ts';

const folders = [
  { id: 1, parentId: null, name: 'Zoo' },
  { id: 2, parentId: 1, name: 'birds' },
  { id: 3, parentId: 1, name: 'Apes' },
  { id: 4, parentId: 2, name: 'owls' },
  { id: 5, parentId: null, name: 'aquarium' },
];

const figures = (given: Partial<FolderFigures>): FolderFigures => ({
  countFailed: 0,
  countPassed: 0,
  countNotRun: 0,
  countNotApplicable: 0,
  countBlocked: 0,
  countCaution: 0,
  executionDate: null,
  estimatedDuration: null,
  actualDuration: null,
  ...given,
});

describe('the tree of folders', () => {
  it('is read from top to bottom, siblings by name whatever their case', () => {
    expect(inTreeOrder(folders).map((folder) => [folder.id, folder.indentLevel])).toEqual([
      [5, 'AAA'],
      [1, 'AAB'],
      [3, 'AABAAA'],
      [2, 'AABAAB'],
      [4, 'AABAABAAA'],
    ]);
  });

  it('hangs a folder at the root when the folder above it is gone', () => {
    expect(inTreeOrder([{ id: 9, parentId: 8, name: 'lost' }])[0]?.indentLevel).toBe('AAA');
  });

  it('FO-2, FO-3: sums counters and durations of the subtree and shows its newest date', () => {
    const early = new Date('2026-01-01');
    const late = new Date('2026-02-01');
    const sums = subtreeFigures(
      inTreeOrder(folders),
      new Map([
        [4, figures({ countFailed: 2, executionDate: late, actualDuration: 5 })],
        [3, figures({ countPassed: 1, executionDate: early, estimatedDuration: 7 })],
        [1, figures({ countNotRun: 3, countFailed: 1 })],
      ]),
    );
    expect(sums.get(1)).toEqual(
      figures({
        countFailed: 3,
        countPassed: 1,
        countNotRun: 3,
        executionDate: late,
        actualDuration: 5,
        estimatedDuration: 7,
      }),
    );
    expect(sums.get(2)).toEqual(figures({ countFailed: 2, executionDate: late, actualDuration: 5 }));
    expect(sums.get(5)).toEqual(figures({}));
  });
});
