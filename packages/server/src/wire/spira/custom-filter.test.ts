import { expect, test } from 'vitest';
import type { Issue } from '../../domain/errors.ts';
import { decodeFilters } from './filter.ts';
import { json, text } from './member.ts';
import { spiraObject } from './object.ts';
import { Decoding } from './scalars.ts';

const withCustomFields = spiraObject(
  'RemoteThing',
  { description: 'A thing.' },
  { Name: text('Name.').filter('words'), CustomProperties: json('Custom fields.') },
);
const without = spiraObject('RemotePlain', { description: 'Plain.' }, { Name: text('Name.').filter('words') });

const understood: [filter: object, number: number, is: object][] = [
  [{ PropertyName: 'Custom_01', IntValue: 7 }, 1, { kind: 'anyOf', values: [7], orMissing: false }],
  [{ PropertyName: 'custom_30', IntValue: -999 }, 30, { kind: 'missing' }],
  [{ PropertyName: 'Custom_02', StringValue: 'abc' }, 2, { kind: 'text', text: 'abc' }],
  [{ PropertyName: 'Custom_02', StringValue: 'Y' }, 2, { kind: 'text', text: 'Y', isYes: true }],
  [{ PropertyName: 'Custom_02', StringValue: '1|2' }, 2, { kind: 'text', text: '1|2', range: { from: 1, to: 2 } }],
  [
    { PropertyName: 'Custom_02', MultiValue: { Values: [1, 2], IsNone: true } },
    2,
    { kind: 'anyOf', values: [1, 2], orMissing: true },
  ],
  [
    { PropertyName: 'Custom_02', DateRangeValue: { StartDate: '2024-05-14', EndDate: '2024-05-14' } },
    2,
    {
      kind: 'dates',
      range: { test: 'within', from: new Date('2024-05-14T00:00:00Z'), before: new Date('2024-05-15T00:00:00Z') },
    },
  ],
];

test.each(understood)('%j asks custom field %i for %j', (filter, number, is) => {
  const issues: Issue[] = [];
  expect(decodeFilters([filter], withCustomFields, new Decoding(issues))).toEqual([
    { field: 'customProperties', test: 'custom', number, is },
  ]);
  expect(issues).toEqual([]);
});

test('an object without custom fields cannot be filtered by one', () => {
  const issues: Issue[] = [];
  decodeFilters([{ PropertyName: 'Custom_01', IntValue: 7 }], without, new Decoding(issues));
  expect(issues).toHaveLength(1);
});

test.each([['Custom_1'], ['Custom_001'], ['Custom_'], ['Custom_0x']])('%s is no custom field', (PropertyName) => {
  const issues: Issue[] = [];
  decodeFilters([{ PropertyName, IntValue: 7 }], withCustomFields, new Decoding(issues));
  expect(issues[0]?.message).toContain('Custom_01 to Custom_99');
});
