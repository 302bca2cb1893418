import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DomainError } from '../../domain/errors.ts';
import { listInBytes } from './json-list.ts';
import { DEEPEST_NESTING, parseLenientJson } from './lenient-json.ts';

const refused = new DomainError('malformed', 'refused');
const listOf = (text: string | Buffer) =>
  listInBytes(Buffer.from(text as string), {
    textOf: (bytes) => bytes.toString('utf8'),
    refuse: () => {
      throw refused;
    },
  });
const itemsOf = (text: string | Buffer) => {
  const list = listOf(text);
  return list && Array.from({ length: list.length }, (_, position) => list.read(position));
};

describe('items of a list are read one by one', () => {
  test('and are what a reader of the whole body finds, however it is written', () => {
    const blanks = fc.array(fc.constantFrom(' ', '\n', '\t', '\r'), { maxLength: 3 }).map((all) => all.join(''));
    const item = fc.tuple(blanks, fc.jsonValue({ maxDepth: 3 }), fc.constantFrom(undefined, 1), blanks);
    const pieces = item.map(([before, value, indent, after]) => before + JSON.stringify(value, null, indent) + after);
    fc.assert(
      fc.property(blanks, fc.array(pieces), blanks, (before, texts, after) => {
        const text = `${before}[${texts.join(',')}]${after}`;
        expect(itemsOf(text)).toEqual(parseLenientJson(text));
      }),
    );
  });

  test.each([
    ['[]', []],
    ['[ \n ]', []],
    ['\ufeff [1]', [1]],
    ['["a,]}\\"[", {"b": [1, {"c": "\\\\"}]}]', ['a,]}"[', { b: [1, { c: '\\' }] }]],
    ['[1, 2, ]', [1, 2]],
    ['[{"a": 1,}, "line\nbreak"]', [{ a: 1 }, 'line\nbreak']],
  ])('%j holds its items, with the repairs that clients need', (text, items) => {
    expect(itemsOf(text)).toEqual(items);
  });

  test('an item tells its size before it is read', () => {
    const list = listOf('[ "é", 10]');
    expect([list?.length, list?.sizeOf(0), list?.sizeOf(1)]).toEqual([2, 5, 3]);
  });

  test.each(['[,]', '[1 2]', '[{]]', '[nul]', '["\\x"]'])('%j is refused with what the whole body is told', (text) => {
    expect(() => itemsOf(text)).toThrow(refused);
    expect(() => parseLenientJson(text)).toThrow(/not valid JSON/);
  });
});

test.each([
  '',
  '{"a": []}',
  '7',
  '[1',
  '["a]',
  '[1] x',
  '[1}',
  `${'['.repeat(DEEPEST_NESTING + 1)}${']'.repeat(DEEPEST_NESTING + 1)}`,
])('%j is left to the reader of whole bodies', (text) => {
  expect(listOf(text)).toBeUndefined();
});
