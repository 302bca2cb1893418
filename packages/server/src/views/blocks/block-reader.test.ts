import { describe, expect, test } from 'vitest';
import type { Condition } from '../../domain/filter.ts';
import { isNear } from './block-reader.ts';

const reading = { near: { endDate: ['testCaseId'] } };
const newestFirst = { field: 'endDate', descending: true };
const firstPage = { offset: 0, limit: 50 };

const one: Condition = { field: 'testCaseId', test: 'anyOf', values: [7], orNull: false };
const aDay: Condition = { field: 'endDate', test: 'within', from: new Date(0), before: new Date(86_400_000) };

describe('a page that an index leads to', () => {
  test.each<[string, Condition[]]>([
    ['no condition', []],
    ['one value of a field of the index', [one]],
    ['a range of the sorted date', [aDay]],
    ['both', [one, aDay]],
    ['a range with one end', [{ field: 'endDate', test: 'between', to: new Date(0) }]],
  ])('has %s', (_, conditions) => {
    expect(isNear(reading, { conditions, sort: newestFirst, page: firstPage })).toBe(true);
  });

  test.each<[string, Condition[]]>([
    ['several values', [{ ...one, values: [7, 8] }]],
    ['one value or none', [{ ...one, orNull: true }]],
    ['a field of another index', [{ ...one, field: 'releaseId' }]],
    ['a range of another date', [{ ...aDay, field: 'startDate' }]],
    ['words', [{ fields: ['name'], test: 'words', words: ['seat'] }]],
  ])('has not %s', (_, conditions) => {
    expect(isNear(reading, { conditions, sort: newestFirst, page: firstPage })).toBe(false);
  });

  test('is not far down, and not sorted otherwise', () => {
    expect(isNear(reading, { conditions: [], sort: newestFirst, page: { offset: 1_951, limit: 50 } })).toBe(false);
    expect(isNear(reading, { conditions: [], sort: { ...newestFirst, field: 'name' }, page: firstPage })).toBe(false);
  });
});
