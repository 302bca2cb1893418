import { describe, expect, it } from 'vitest';
import { mergedCustomProperties } from './custom-properties.ts';

const merged = (...parameters: Parameters<typeof mergedCustomProperties>) => {
  const json = mergedCustomProperties(...parameters);
  return typeof json === 'string' ? JSON.parse(json) : json;
};

describe('custom property values', () => {
  it('leaves what is stored alone when nothing is sent', () => {
    expect(merged([{ propertyNumber: 1, stringValue: 'a' }], undefined)).toBeUndefined();
    expect(merged([{ propertyNumber: 1, stringValue: 'a' }], null)).toBeUndefined();
    expect(merged(null, [])).toBeUndefined();
  });

  it('keeps entries that are not sent and replaces those that are', () => {
    const stored = [
      { propertyNumber: 1, stringValue: 'a' },
      { propertyNumber: 2, integerValue: 5 },
    ];
    expect(merged(stored, [{ propertyNumber: 2, integerValue: 6 }])).toEqual([
      { propertyNumber: 1, stringValue: 'a' },
      { propertyNumber: 2, integerValue: 6 },
    ]);
  });

  it('clears an entry whose values are all null, and answers null when nothing is left', () => {
    const stored = [{ propertyNumber: 1, stringValue: 'a' }];
    expect(merged(stored, [{ propertyNumber: 1, stringValue: null, integerValue: null }])).toBeNull();
  });

  it('stores text with half a character as text that a JSON column holds', () => {
    expect(merged(null, [{ propertyNumber: 1, stringValue: 'a\ud800b' }])).toEqual([
      { propertyNumber: 1, stringValue: 'a\ufffdb' },
    ]);
  });
});
