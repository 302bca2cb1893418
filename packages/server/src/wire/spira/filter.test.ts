import { describe, expect, test } from 'vitest';
import type { Issue } from '../../domain/errors.ts';
import type { Condition } from '../../domain/filter.ts';
import { decodeFilters } from './filter.ts';
import { boolean, date, decimal, ids, integer, reference, text } from './member.ts';
import { spiraObject } from './object.ts';
import { Decoding } from './scalars.ts';

const RemoteThing = spiraObject(
  'RemoteThing',
  { description: 'A thing.' },
  {
    ThingId: reference('Id.').readOnly().filter('ids'),
    Name: text('Name.').filter('words'),
    Description: text('Description.').filter('text'),
    Count: integer('Count.').filter('range'),
    Points: decimal('Points.').filter('range'),
    Active: boolean('Active.').filter('boolean'),
    EndDate: date('End.').filter('dates'),
    ComponentIds: ids('Components.').filter('overlap'),
    Hidden: text('Cannot be filtered by.'),
  },
);

function decoded(raw: unknown): { conditions: Condition[]; issues: Issue[] } {
  const issues: Issue[] = [];
  return { conditions: decodeFilters(raw, RemoteThing, { decoding: new Decoding(issues) }), issues };
}

const day = (text: string) => new Date(`${text}T00:00:00.000Z`);

const understood: [filter: object, condition: Condition][] = [
  [
    { PropertyName: 'ThingId', IntValue: 45 },
    { field: 'thingId', test: 'anyOf', values: [45], orNull: false },
  ],
  [
    { PropertyName: 'thingid', IntValue: '45' },
    { field: 'thingId', test: 'anyOf', values: [45], orNull: false },
  ],
  [
    { propertyname: 'ThingId', intvalue: 45.0 },
    { field: 'thingId', test: 'anyOf', values: [45], orNull: false },
  ],
  [
    { PropertyName: 'ThingId', IntValue: -999 },
    { field: 'thingId', test: 'isNull' },
  ],
  [
    { PropertyName: 'EndDate', IntValue: -999 },
    { field: 'endDate', test: 'isNull' },
  ],
  [
    { PropertyName: 'ThingId', MultiValue: { Values: [1, '5', 6], IsNone: false } },
    { field: 'thingId', test: 'anyOf', values: [1, 5, 6], orNull: false },
  ],
  [
    { PropertyName: 'ThingId', MultiValue: { Values: [1], IsNone: true } },
    { field: 'thingId', test: 'anyOf', values: [1], orNull: true },
  ],
  [
    { PropertyName: 'ThingId', MultiValue: [3, 4] },
    { field: 'thingId', test: 'anyOf', values: [3, 4], orNull: false },
  ],
  [
    { PropertyName: 'ThingId', StringValue: '7' },
    { field: 'thingId', test: 'anyOf', values: [7], orNull: false },
  ],
  [
    { PropertyName: 'ThingId', IntValue: 1e30 },
    { field: 'thingId', test: 'anyOf', values: [2147483647], orNull: false },
  ],
  [
    { PropertyName: 'ThingId', IntValue: '-99999999999999999999' },
    { field: 'thingId', test: 'anyOf', values: [-2147483647], orNull: false },
  ],
  [
    { PropertyName: 'Description', StringValue: 'a%b' },
    { field: 'description', test: 'contains', text: 'a%b' },
  ],
  [
    { PropertyName: 'Name', StringValue: 'log "sign in" out' },
    { fields: ['name', 'description'], test: 'words', words: ['log', 'sign in', 'out'] },
  ],
  [
    { PropertyName: 'Active', StringValue: 'Y' },
    { field: 'active', test: 'isTrue', value: true },
  ],
  [
    { PropertyName: 'Active', StringValue: 'n' },
    { field: 'active', test: 'isTrue', value: false },
  ],
  [
    { PropertyName: 'Active', IntValue: 0 },
    { field: 'active', test: 'isTrue', value: false },
  ],
  [
    { PropertyName: 'Count', IntValue: 3 },
    { field: 'count', test: 'between', from: 3, to: 3 },
  ],
  [
    { PropertyName: 'Count', StringValue: '10|20' },
    { field: 'count', test: 'between', from: 10, to: 20 },
  ],
  [
    { PropertyName: 'Count', StringValue: '|20' },
    { field: 'count', test: 'between', to: 20 },
  ],
  [
    { PropertyName: 'Count', StringValue: '1.5|1e99' },
    { field: 'count', test: 'between', from: 2, to: 2147483647 },
  ],
  [
    { PropertyName: 'Points', StringValue: '0.5|' },
    { field: 'points', test: 'between', from: 0.5 },
  ],
  [
    { PropertyName: 'ComponentIds', MultiValue: [1, 2] },
    { field: 'componentIds', test: 'overlaps', values: [1, 2], orNull: false },
  ],
  [
    { PropertyName: 'ComponentIds', IntValue: 2 },
    { field: 'componentIds', test: 'overlaps', values: [2] },
  ],
  [
    {
      PropertyName: 'EndDate',
      DateRangeValue: { StartDate: '2024-05-01T10:00:00', EndDate: '2024-05-02', ConsiderTimes: false },
    },
    { field: 'endDate', test: 'within', from: day('2024-05-01'), before: day('2024-05-03') },
  ],
  [
    { PropertyName: 'EndDate', DateRangeValue: { StartDate: '2024-05-01T00:00:00', EndDate: null } },
    { field: 'endDate', test: 'within', from: day('2024-05-01') },
  ],
  [
    { PropertyName: 'EndDate', DateRangeValue: { StartDate: null, EndDate: '/Date(0)/', ConsiderTimes: true } },
    { field: 'endDate', test: 'between', to: new Date(0) },
  ],
  // Only the first value that is set counts, in the order int, string, multiple, dates.
  [
    { PropertyName: 'ThingId', IntValue: null, StringValue: '', MultiValue: { Values: [2] }, DateRangeValue: {} },
    { field: 'thingId', test: 'anyOf', values: [2], orNull: false },
  ],
  [
    { PropertyName: 'ThingId', IntValue: 1, MultiValue: [2] },
    { field: 'thingId', test: 'anyOf', values: [1], orNull: false },
  ],
];

const refused: [filter: unknown, field: string, says: string][] = [
  [
    { PropertyName: 'Nonsense', IntValue: 1 },
    'propertyName',
    'Nonsense cannot be filtered by; allowed are ThingId, Name',
  ],
  [{ PropertyName: 'Hidden', StringValue: 'x' }, 'propertyName', 'Hidden cannot be filtered by'],
  [{ IntValue: 1 }, 'propertyName', 'null cannot be filtered by'],
  [{ PropertyName: { a: 1 } }, 'propertyName', '{"a":1} cannot be filtered by'],
  [{ PropertyName: 'constructor', IntValue: 1 }, 'propertyName', 'constructor cannot be filtered by'],
  ['text', '', 'RemoteFilter'],
  [{ PropertyName: 'ThingId', IntValue: 20.5 }, 'intValue', '20.5 is not a whole number'],
  [{ PropertyName: 'ThingId', IntValue: 'abc' }, 'intValue', '"abc" is not a whole number'],
  [{ PropertyName: 'ThingId', StringValue: 'abc' }, 'stringValue', '"abc" is not a whole number'],
  [{ PropertyName: 'ThingId', MultiValue: { Values: 'x' } }, 'multiValue', 'a list of whole numbers'],
  [{ PropertyName: 'ThingId', DateRangeValue: {} }, 'dateRangeValue', 'another kind of value'],
  [{ PropertyName: 'Active', StringValue: 'maybe' }, 'stringValue', 'Y or N'],
  [{ PropertyName: 'Active', IntValue: 2 }, 'intValue', '1 or 0'],
  [{ PropertyName: 'Count', StringValue: '1|2|3' }, 'stringValue', 'a range of numbers'],
  [{ PropertyName: 'Count', StringValue: 'x' }, 'stringValue', 'a range of numbers'],
  [{ PropertyName: 'EndDate', IntValue: 5 }, 'intValue', 'a DateRangeValue'],
  [
    { PropertyName: 'EndDate', DateRangeValue: { StartDate: 'soon' } },
    'dateRangeValue.startDate',
    '"soon" is not a date',
  ],
  [
    { PropertyName: 'EndDate', DateRangeValue: { StartDate: '2024-05-02', EndDate: '2024-05-01' } },
    'dateRangeValue',
    'StartDate lies after EndDate',
  ],
  [{ PropertyName: 'Name', StringValue: 'w '.repeat(51) }, 'stringValue', 'at most 50'],
];

describe('decodeFilters', () => {
  test.each([[undefined], [null], [''], [[]]])('takes %j as no filter', (raw) => {
    expect(decoded(raw)).toEqual({ conditions: [], issues: [] });
  });

  test.each(understood)('understands %j', (filter, condition) => {
    expect(decoded([filter])).toEqual({ conditions: [condition], issues: [] });
  });

  test.each(refused)('refuses %j', (filter, field, says) => {
    const { conditions, issues } = decoded([{ PropertyName: 'ThingId', IntValue: 1 }, filter]);
    expect(conditions).toHaveLength(1);
    expect(issues).toEqual([expect.objectContaining({ code: 'invalid', index: 1, field })]);
    expect(issues[0]?.message).toContain(says);
  });

  test('ignores a filter without a value', () => {
    expect(decoded([{ PropertyName: 'ThingId' }])).toEqual({ conditions: [], issues: [] });
  });

  test('takes one bare filter as a list of one', () => {
    expect(decoded({ PropertyName: 'ThingId', IntValue: 1 }).conditions).toHaveLength(1);
  });

  test('refuses hundreds of filters', () => {
    const { issues } = decoded(Array.from({ length: 201 }, () => ({ PropertyName: 'ThingId', IntValue: 1 })));
    expect(issues).toHaveLength(1);
  });
});
