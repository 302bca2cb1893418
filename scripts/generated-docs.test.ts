import { expect, test } from 'vitest';
import { operations } from '../packages/server/src/http/spira/operations.ts';
import { generatedParts, operationsTables, quirksTable, storedPart } from './generated-docs.ts';

test.each(generatedParts())('$name in $file is what the code says; npm run docs writes it', (part) => {
  expect(storedPart(part)).toBe(part.text);
});

test('every operation has a row', () => {
  const rows = operationsTables(operations).match(/^\| P[12] \|/gm);
  expect(rows).toHaveLength(operations.length);
});

test('the quirks 1 to 49 have a test each', () => {
  const numbers = [...quirksTable().matchAll(/^\| (\d+) \|/gm)].map(([, number]) => Number(number));
  expect([...new Set(numbers)]).toEqual(Array.from({ length: 49 }, (_, index) => index + 1));
});
