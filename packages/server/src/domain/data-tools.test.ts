import { expect, test } from 'vitest';
import { dataTool, dataTools, figureParts, recalculatedParts } from './data-tools.ts';

test('"all" recalculates the five parts in their order (DT-1)', () => {
  expect(recalculatedParts('recalculate-all')).toEqual(['cases', 'releases', 'sets', 'folders', 'requirements']);
});

test('each part can be recalculated alone (DT-3)', () => {
  const single = dataTools.map((tool) => recalculatedParts(tool.name)).filter((parts) => parts?.length === 1);
  expect(single.flat()).toEqual(figureParts);
});

test('only the release recalculation takes a release (DC-2)', () => {
  expect(dataTools.filter((tool) => tool.takesRelease).map((tool) => tool.name)).toEqual(['recalculate-releases']);
});

test('names are unique and found, also none that objects inherit', () => {
  expect(new Set(dataTools.map((tool) => tool.name)).size).toBe(dataTools.length);
  expect(dataTool('refresh-indexes')?.scope).toBe('system');
  expect(dataTool('constructor')).toBeUndefined();
});
