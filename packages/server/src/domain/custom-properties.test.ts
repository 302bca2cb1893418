import { describe, expect, it, test } from 'vitest';
import { type CustomPropertyValue, saysSomething, settledValues } from './custom-properties.ts';
import type { CustomPropertyDefinition, CustomPropertyOptions } from './custom-property.ts';

const defined = (
  propertyNumber: number,
  customPropertyTypeId: number,
  options: CustomPropertyOptions = {},
): CustomPropertyDefinition => ({
  customPropertyId: 100 + propertyNumber,
  propertyNumber,
  name: `Field ${propertyNumber}`,
  customPropertyTypeId,
  customListId: 9,
  options,
});

/** One property of each type, its number that of the type. */
const ofEachType = Array.from({ length: 12 }, (_, at) => defined(at + 1, at + 1));

const settle = (
  sent: readonly (CustomPropertyValue | undefined)[] | null,
  { stored = null, definitions = ofEachType }: { stored?: unknown; definitions?: CustomPropertyDefinition[] } = {},
) => settledValues({ sent, stored }, { definitions, artifactTypeId: 5 });

const everything = {
  stringValue: 'text',
  integerValue: 7,
  decimalValue: 1.5,
  booleanValue: false,
  dateTimeValue: new Date('2024-05-14T12:00:00Z'),
  integerListValue: [3, 4, 3],
};

describe('22.3 only the member of the type is used', () => {
  test.each([
    [1, { stringValue: 'text' }],
    [2, { integerValue: 7 }],
    [3, { decimalValue: 1.5 }],
    [4, { booleanValue: false }],
    [5, { dateTimeValue: '2024-05-14T12:00:00.000Z' }],
    [6, { integerValue: 7 }],
    [7, { integerListValue: [3, 4] }],
    [8, { integerValue: 7 }],
    [9, { stringValue: 'text' }],
    [10, { integerValue: 7 }],
    [11, { dateTimeValue: '2024-05-14T12:00:00.000Z' }],
    [12, { integerValue: 7 }],
  ])('type %i', (type, held) => {
    const { issues, values } = settle([{ propertyNumber: type, ...everything }]);
    expect(issues).toEqual([]);
    expect(values).toEqual([{ customPropertyId: 100 + type, propertyNumber: type, ...held }]);
  });

  test.each([
    [6, { integerValue: 7 }, 'listValue', [7]],
    [7, { integerListValue: [3, 4] }, 'listValue', [3, 4]],
    [8, { integerValue: 7 }, 'member', [7]],
    [10, { integerValue: 7 }, 'release', [7]],
    [12, { integerValue: 7 }, 'automationHost', [7]],
    [2, { integerValue: 7 }, '', []],
  ])('type %i with %j names %s %j', (type, value, names, ids) => {
    const { named } = settle([{ propertyNumber: type, ...value }]);
    expect(named).toEqual(
      ids.map((id) => ({
        names,
        id,
        customListId: 9,
        field: expect.stringMatching(/^customProperties\[0\]\.integer/),
      })),
    );
  });

  it('text with half a character is stored as text that a JSON column holds', () => {
    expect(settle([{ propertyNumber: 1, stringValue: 'a\ud800b' }]).values).toMatchObject([
      { stringValue: 'a\ufffdb' },
    ]);
  });
});

describe('22.3 what is stored and what is sent', () => {
  const stored = [
    { customPropertyId: 101, propertyNumber: 1, stringValue: 'a' },
    { customPropertyId: 102, propertyNumber: 2, integerValue: 5 },
  ];

  it('entries not sent keep their value, those sent replace it', () => {
    expect(settle([{ propertyNumber: 2, integerValue: 6 }], { stored }).values).toEqual([
      stored[0],
      { customPropertyId: 102, propertyNumber: 2, integerValue: 6 },
    ]);
  });

  test.each<CustomPropertyValue>([
    { propertyNumber: 1 },
    { propertyNumber: 1, stringValue: null, integerValue: null },
    { propertyNumber: 1, stringValue: '' },
    { propertyNumber: 1, stringValue: null, integerValue: 0, booleanValue: false },
  ])('%j clears the text', (entry) => {
    expect(settle([entry], { stored }).values).toEqual([stored[1]]);
  });

  test.each<CustomPropertyValue>([
    { propertyNumber: 6, integerValue: 0 },
    { propertyNumber: 8, integerValue: -1 },
    { propertyNumber: 7, integerListValue: [] },
  ])('5.3 %j names nothing', (entry) => {
    expect(settle([entry])).toEqual({ issues: [], named: [], values: null });
  });

  it('values of deleted properties go at the next change, even when the number is used again', () => {
    const old = [{ customPropertyId: 77, propertyNumber: 1, stringValue: 'old' }];
    expect(settle([{ propertyNumber: 2, integerValue: 1 }], { stored: old }).values).toMatchObject([
      { propertyNumber: 2 },
    ]);
  });

  it('a value that stays as it was is not checked again', () => {
    const definitions = [defined(1, 1, { '2': '3' }), defined(8, 8)];
    const before = [
      { customPropertyId: 101, propertyNumber: 1, stringValue: 'too long' },
      { customPropertyId: 108, propertyNumber: 8, integerValue: 4 },
    ];
    const sent = [
      { propertyNumber: 1, stringValue: 'too long' },
      { propertyNumber: 8, integerValue: 4 },
    ];
    expect(settle(sent, { stored: before, definitions })).toMatchObject({ issues: [], named: [] });
    expect(settle(sent, { definitions })).toMatchObject({ issues: [{ code: 'invalid' }], named: [{ id: 4 }] });
  });
});

describe('22.3 numbers without a definition', () => {
  it('a value names the number and those that are defined, and its place', () => {
    const definitions = [defined(1, 1), defined(2, 2)];
    expect(settle([{ propertyNumber: 1 }, { propertyNumber: 7, integerValue: 0 }], { definitions }).issues).toEqual([
      {
        code: 'invalid',
        field: 'customProperties[1].propertyNumber',
        message: 'PropertyNumber 7 is no custom property of TestRun; defined are 1 Field 1, 2 Field 2',
      },
    ]);
    expect(settle([{ stringValue: 'x' }], { definitions: [] }).issues[0]?.message).toBe(
      'PropertyNumber null is no custom property of TestRun; none is defined',
    );
  });

  it('an entry without any value is ignored', () => {
    expect(settle([{ propertyNumber: 77, stringValue: null }, undefined])).toEqual({
      issues: [],
      named: [],
      values: null,
    });
  });
});

describe('22.3 options', () => {
  test.each<[string, number, CustomPropertyOptions, CustomPropertyValue, string | undefined]>([
    ['a text of the greatest length', 1, { '2': '3' }, { stringValue: 'abc' }, undefined],
    ['a text beyond it', 1, { '2': '3' }, { stringValue: 'abcd' }, 'at most 3 characters, not 4'],
    ['a text below the least length', 1, { '3': '3' }, { stringValue: 'ab' }, 'at least 3 characters, not 2'],
    ['a number above the greatest', 2, { '6': '10' }, { integerValue: 11 }, 'at most 10, not 11'],
    ['the least number', 2, { '7': '-1' }, { integerValue: -1 }, undefined],
    ['a decimal below the least', 3, { '7': '0.5' }, { decimalValue: 0.25 }, 'at least 0.5, not 0.25'],
    ['an option that is no number', 2, { '6': 'ten' }, { integerValue: 11 }, undefined],
    ['a length on a number', 2, { '2': '1' }, { integerValue: 11 }, undefined],
    ['a greatest value on an id', 8, { '6': '1' }, { integerValue: 11 }, undefined],
    ['a required value that is cleared', 1, { '1': 'N' }, { stringValue: null }, 'is required'],
    ['a required value that may be empty', 1, { '1': 'Y' }, { stringValue: null }, undefined],
  ])('%s', (_what, type, options, value, says) => {
    const { issues } = settle([{ propertyNumber: 1, ...value }], { definitions: [defined(1, type, options)] });
    expect(issues.map((issue) => issue.message)).toEqual(says === undefined ? [] : [expect.stringContaining(says)]);
    for (const { code, field } of issues) expect([code, field]).toEqual(['invalid', expect.stringContaining('[0].')]);
  });

  it('each member has an issue of its own, required ones that were not sent among them', () => {
    const definitions = [defined(1, 1, { '2': '1' }), defined(2, 2, { '6': '1' }), defined(3, 1, { '1': 'N' })];
    const { issues } = settle(
      [
        { propertyNumber: 1, stringValue: 'long' },
        { propertyNumber: 2, integerValue: 2 },
      ],
      { definitions },
    );
    expect(issues.map((issue) => issue.field)).toEqual([
      'customProperties[0].stringValue',
      'customProperties[1].integerValue',
      'customProperties',
    ]);
  });
});

describe('whether definitions have to be read', () => {
  const stored = [{ customPropertyId: 101, propertyNumber: 1, stringValue: 'a' }];
  test.each([
    [null, null, false],
    [undefined, stored, false],
    [[], stored, false],
    [[{ propertyNumber: 1, stringValue: null }], null, false],
    [[{ propertyNumber: 1, stringValue: null }], stored, true],
    [[{ propertyNumber: 1, booleanValue: false }], null, true],
  ])('sent %j, stored %j: %s', (sent, held, says) => {
    expect(saysSomething(sent, held)).toBe(says);
  });
});
