import { describe, expect, test } from 'vitest';
import { customPropertyIssues } from './custom-properties.ts';

describe('values of custom properties', () => {
  test.each([[null], [undefined], [[]], [[{ propertyNumber: 3, stringValue: null }]], [[{ propertyNumber: 1 }]]])(
    '%j says nothing and is fine',
    (sent) => {
      expect(customPropertyIssues(sent, 'test runs')).toEqual([]);
    },
  );

  test('a value names the number of the property that does not exist, and its place', () => {
    const sent = [{ propertyNumber: 1 }, { propertyNumber: 7, integerValue: 0 }];
    expect(customPropertyIssues(sent, 'test runs', 4)).toEqual([
      {
        code: 'invalid',
        index: 4,
        field: 'customProperties[1].propertyNumber',
        message: 'PropertyNumber 7 is no custom property of test runs in this project',
      },
    ]);
  });
});
