import { expect, test } from 'vitest';
import type { CustomPropertyDefinition } from '../../domain/custom-property.ts';
import type { Issue } from '../../domain/errors.ts';
import { asksForCustomField } from './custom-filter.ts';
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

/** One field of each type, its number that of the type. */
const customFields = Array.from({ length: 12 }, (_, at): CustomPropertyDefinition => {
  const number = at + 1;
  const name = `Field ${number}`;
  return {
    customPropertyId: 100 + number,
    propertyNumber: number,
    name,
    customPropertyTypeId: number,
    customListId: null,
    options: {},
  };
});

function decoded(filter: object, object: typeof withCustomFields | typeof without = withCustomFields) {
  const issues: Issue[] = [];
  return { conditions: decodeFilters([filter], object, { decoding: new Decoding(issues), customFields }), issues };
}

const wholeDay = {
  test: 'within',
  from: new Date('2024-05-14T00:00:00Z'),
  before: new Date('2024-05-15T00:00:00Z'),
};
const day = { StartDate: '2024-05-14', EndDate: '2024-05-14' };

const understood: [filter: object, type: number, member: string, is: object][] = [
  [{ PropertyName: 'Custom_01', StringValue: 'Y' }, 1, 'stringValue', { test: 'contains', text: 'Y' }],
  [{ PropertyName: 'Custom_01', StringValue: '1|2' }, 1, 'stringValue', { test: 'contains', text: '1|2' }],
  [{ PropertyName: 'custom_01', IntValue: -999 }, 1, 'stringValue', { test: 'isNull' }],
  [{ PropertyName: 'Custom_02', IntValue: 7 }, 2, 'integerValue', { test: 'between', from: 7, to: 7 }],
  [{ PropertyName: 'Custom_02', StringValue: '1|2' }, 2, 'integerValue', { test: 'between', from: 1, to: 2 }],
  [{ PropertyName: 'Custom_03', StringValue: '|1.5' }, 3, 'decimalValue', { test: 'between', to: 1.5 }],
  [{ PropertyName: 'Custom_04', StringValue: 'N' }, 4, 'booleanValue', { test: 'isTrue', value: false }],
  [{ PropertyName: 'Custom_05', DateRangeValue: day }, 5, 'dateTimeValue', wholeDay],
  [{ PropertyName: 'Custom_11', DateRangeValue: day }, 11, 'dateTimeValue', wholeDay],
  [{ PropertyName: 'Custom_06', IntValue: 7 }, 6, 'integerValue', { test: 'anyOf', values: [7], orNull: false }],
  [
    { PropertyName: 'Custom_07', MultiValue: { Values: [1, 2], IsNone: true } },
    7,
    'integerListValue',
    { test: 'overlaps', values: [1, 2], orNull: true },
  ],
  [{ PropertyName: 'Custom_08', MultiValue: [1] }, 8, 'integerValue', { test: 'anyOf', values: [1], orNull: false }],
];

test.each(understood)('7.3 %j asks a field of type %i by its %s', (filter, type, member, is) => {
  expect(decoded(filter)).toEqual({
    conditions: [{ field: 'customProperties', test: 'custom', customPropertyId: 100 + type, member, is }],
    issues: [],
  });
});

test.each([
  { PropertyName: 'Custom_02', DateRangeValue: day },
  { PropertyName: 'Custom_02', StringValue: 'abc' },
  { PropertyName: 'Custom_04', StringValue: 'maybe' },
  { PropertyName: 'Custom_05', IntValue: 3 },
])('7.3 %j does not fit the type', (filter) => {
  expect(decoded(filter).issues).toMatchObject([{ code: 'invalid' }]);
});

test('7.2 a field that is not defined is refused with those that are', () => {
  expect(decoded({ PropertyName: 'Custom_13', IntValue: 7 }).issues).toEqual([
    {
      code: 'invalid',
      index: 0,
      field: 'propertyName',
      message: expect.stringMatching(/^Custom_13 is no custom field here; defined are 1 Field 1, 2 Field 2/),
    },
  ]);
});

test('an object without custom fields cannot be filtered by one', () => {
  expect(decoded({ PropertyName: 'Custom_01', IntValue: 7 }, without).issues).toHaveLength(1);
});

test.each([['Custom_1'], ['Custom_001'], ['Custom_'], ['Custom_0x']])('%s is no custom field', (PropertyName) => {
  expect(decoded({ PropertyName, IntValue: 7 }).issues[0]?.message).toContain('Custom_01 to Custom_99');
});

test.each<[unknown, boolean]>([
  [[{ PropertyName: 'Name' }, { propertyname: 'custom_01' }], true],
  [{ PropertyName: 'Custom_01' }, true],
  [[{ PropertyName: 'Name', StringValue: 'x' }], false],
  [['Custom_01', null, 3], false],
  [null, false],
  [undefined, false],
])('definitions are needed for %j: %s', (raw, needed) => {
  expect(asksForCustomField(raw)).toBe(needed);
});
