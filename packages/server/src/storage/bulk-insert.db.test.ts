import { describe, expect, test } from 'vitest';
import { testDatabase } from '../../test/support/database.ts';
import { binaryArray, type ElementType } from './binary-array.ts';

const db = await testDatabase();

async function roundTrip(type: ElementType, values: unknown[]): Promise<unknown[]> {
  const rows = await db.query<{ value: unknown }>(`select value from unnest($1::${type}[]) as value`, [
    binaryArray(type, values),
  ]);
  return rows.map((row) => row.value);
}

describe('arrays in the binary format arrive as they were sent', () => {
  test.each<[ElementType, unknown[]]>([
    ['smallint', [0, -1, 32_767, -32_768, null]],
    ['integer', [0, 2_147_483_647, -2_147_483_648, null]],
    ['bigint', [0, 1, -1, 4_294_967_296, -4_294_967_297, 9_007_199_254_740_991]],
    ['text', ['', 'plain', '"quoted" \\ {brace}, NULL', 'é ✓ 🙂', null, 'line\r\n\tend', 'x'.repeat(5_000)]],
    ['timestamptz', [new Date(0), new Date('0001-01-01'), new Date('9999-12-31T23:59:59.999Z'), null]],
    ['jsonb', [[{ name: 'a"b', value: null }], null, { deep: ['é'] }]],
  ])('%s', async (type, values) => {
    expect(await roundTrip(type, values)).toEqual(values);
  });

  test('half a character becomes the replacement character, in texts as in JSON', async () => {
    expect(await roundTrip('text', ['a\ud800b'])).toEqual(['a\ufffdb']);
    expect(await roundTrip('jsonb', [{ value: 'a\ud800b' }])).toEqual([{ value: 'a\ufffdb' }]);
  });
});
