import type { ReferenceKind } from './references.ts';

/** Where artifacts of a type are looked for, by the type's id. A type that is not here has no artifacts in a project. */
export const artifactReferences: ReadonlyMap<number, ReferenceKind> = new Map([
  [1, 'requirement'],
  [2, 'testCase'],
  [3, 'incident'],
  [4, 'release'],
  [5, 'testRun'],
  [7, 'testStep'],
  [8, 'testSet'],
  [9, 'automationHost'],
  [13, 'document'],
]);
