import { expect, it } from 'vitest';
import { artifactTypeNamed } from './artifact-type-name.ts';

it.each([
  ['TestRun', 5],
  ['testruns', 5],
  ['test-runs', 5],
  ['5', 5],
  ['TestCase', 2],
  ['TestCases', 2],
  ['Release', 4],
  ['releases', 4],
  ['AutomationHosts', 9],
  ['Incident', 3],
])('%s names artifact type %i', (text, id) => {
  expect(artifactTypeNamed(text)).toBe(id);
});

it.each(['', 'Test', '0', '99', '-1', 'null', '5.0'])('%j names no artifact type', (text) => {
  expect(artifactTypeNamed(text)).toBeUndefined();
});
