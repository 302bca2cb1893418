import { expect, test } from 'vitest';
import { customFieldName, definitionIssues, optionIssues, storedOptions, typeRules } from './custom-property.ts';
import { customPropertyTypes } from './tables.ts';

const sound = { artifactTypeId: 5, propertyNumber: 1, customPropertyTypeId: 1 };

test.each([
  [sound, []],
  [{ ...sound, propertyNumber: 99 }, []],
  [{ ...sound, propertyNumber: 0 }, ['propertyNumber']],
  [{ ...sound, propertyNumber: 100 }, ['propertyNumber']],
  [{ ...sound, artifactTypeId: 6 }, ['artifactTypeId']],
  [{ ...sound, artifactTypeId: 99, customPropertyTypeId: 13 }, ['artifactTypeId', 'customPropertyTypeId']],
])('9.1 %j is refused for %j', (facts, fields) => {
  expect(definitionIssues(facts).map((issue) => issue.field)).toEqual(fields);
});

test.each([
  [{ customPropertyOptionId: 2, value: '10' }, undefined],
  [{ customPropertyOptionId: 2, value: '' }, undefined],
  [{ customPropertyOptionId: 2, value: 'ten' }, 'options[0].value'],
  [{ customPropertyOptionId: 7, value: 'Infinity' }, 'options[0].value'],
  [{ customPropertyOptionId: 5, value: 'any text' }, undefined],
  [{ customPropertyOptionId: 9, value: '1' }, 'options[0].customPropertyOptionId'],
  [undefined, 'options[0].customPropertyOptionId'],
])('9.1 the option %j is refused for %s', (option, field) => {
  expect(optionIssues([option]).map((issue) => issue.field)).toEqual(field === undefined ? [] : [field]);
});

test('options without a value are not set', () => {
  const options = [
    { customPropertyOptionId: 1, value: 'N' },
    { customPropertyOptionId: 2, value: '' },
  ];
  expect(storedOptions(options)).toEqual({ '1': 'N' });
  expect(storedOptions(null)).toEqual({});
});

test('every type has a rule', () => {
  expect([...typeRules.keys()]).toEqual([...customPropertyTypes.keys()]);
});

test('7.4 filters know a property by two digits', () => {
  expect([1, 99].map(customFieldName)).toEqual(['Custom_01', 'Custom_99']);
});
