import { expect, test } from 'vitest';
import { KnownReferences, ProjectReferences } from './known-references.ts';

function references(version: string, steps: number): ProjectReferences {
  const known = new ProjectReferences(version);
  for (let id = 1; id <= steps; id += 1) known.testSteps.set(id, { testCaseId: 1 });
  return known;
}

test('of too many things those of the project that was asked for longest ago are let go', () => {
  const known = new KnownReferences(10);
  known.keep(1, references('a', 4));
  known.keep(2, references('b', 4));
  known.keep(1, references('a', 4));
  known.keep(3, references('c', 4));
  expect([1, 2, 3].map((projectId) => known.of(projectId)?.version)).toEqual(['a', undefined, 'c']);
  expect(known.size).toBe(8);
});

test('a project that has more than may be kept is not kept at all', () => {
  const known = new KnownReferences(10);
  known.keep(1, references('a', 11));
  expect(known.of(1)).toBeUndefined();
  expect(known.size).toBe(0);
});
