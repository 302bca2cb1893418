import { describe, expect, test } from 'vitest';
import { DomainError } from '../../domain/errors.ts';
import { DEEPEST_NESTING, parseLenientJson } from './lenient-json.ts';

// Plain lists: a line more is a test more.
const strict: [string, unknown][] = [
  ['{}', {}],
  ['[]', []],
  ['null', null],
  ['42', 42],
  ['"text"', 'text'],
  ['{"a":[1,2,{"b":null}]}', { a: [1, 2, { b: null }] }],
  ['"\\/Date(1715688000000)\\/"', '/Date(1715688000000)/'],
  ['{"a":"[[[[{{{{"}', { a: '[[[[{{{{' }],
  ['{"a":"quote \\" and backslash \\\\"}', { a: 'quote " and backslash \\' }],
];

const repaired: [string, unknown][] = [
  ['[1,2,]', [1, 2]],
  ['{"a":1,}', { a: 1 }],
  ['{"Revisions": [{"RevisionKey": "a"},]}', { Revisions: [{ RevisionKey: 'a' }] }],
  ['[1 , \n ]', [1]],
  ['{"a":"line one\nline two\ttabbed"}', { a: 'line one\nline two\ttabbed' }],
  ['{"a":"\r\n"}', { a: '\r\n' }],
  ['{"a":"\u0013"}', { a: '\u0013' }],
  ['{"a":"raw\n","b":[1,],}', { a: 'raw\n', b: [1] }],
  ['{"a":"raw\n and \\n and \\u00e9"}', { a: 'raw\n and \n and é' }],
  ['[-0.5e+3,true,false,null,"",]', [-500, true, false, null, '']],
  ['[[],{},]', [[], {}]],
];

const refused: [text: string, says: string][] = [
  ['', 'line 1, column 1: found the end, expected a value'],
  ['{', 'line 1, column 2: found the end, expected a member name in double quotes or }'],
  ['{"a":1', 'found the end, expected a comma or the end of the list or object'],
  ['{"Description": ","CreationDate"', 'line 1, column 20: found C'],
  ['{"RunnerTestName": "say "hi""}', 'line 1, column 26: found h'],
  ['{“Name”: 1}', 'line 1, column 2: found “ U+201C, expected a member name'],
  ['{\n  "a": “x”\n}', 'line 2, column 8: found “ U+201C, expected a value'],
  ['{"a":1,,}', 'line 1, column 8: found ,'],
  ['[,]', 'line 1, column 2: found ,'],
  [',', 'line 1, column 1: found ,'],
  ["{'a':1}", "found '"],
  ['{a:1}', 'found a'],
  ['[1 2]', 'line 1, column 4: found 2'],
  ['[01]', 'line 1, column 2: found 0'],
  ['[NaN]', 'found N'],
  ['[Infinity]', 'found I'],
  ['[+1]', 'found +'],
  ['[1]/* c */', 'line 1, column 4: found /, expected the end'],
  ['// c\n[1]', 'line 1, column 1: found /'],
  ['[1] [2]', 'line 1, column 5: found ['],
  ['[1}', 'line 1, column 3: found }'],
  ['{"a"}', 'line 1, column 5: found }, expected a colon'],
  ['{"a":}', 'line 1, column 6: found }'],
  ['"open', 'line 1, column 1: found ", expected the string that begins here to end'],
  ['"bad \\x"', 'line 1, column 6: found \\, expected an escape sequence'],
  ['"bad \\u12G4"', 'line 1, column 6'],
  ['[\u00a01]', 'line 1, column 2: found the character U+00A0'],
  ['truely', 'line 1, column 1: found t'],
];

describe('parseLenientJson', () => {
  test.each(strict)('reads %j as any JSON reader does', (text, value) => {
    expect(parseLenientJson(text)).toEqual(value);
  });

  test.each(repaired)('repairs %j', (text, value) => {
    expect(() => JSON.parse(text)).toThrow();
    expect(parseLenientJson(text)).toEqual(value);
  });

  test.each(refused)('refuses %j and names the position', (text, says) => {
    const error = failureOf(text);
    expect(error.code).toBe('malformed');
    expect(error.message).toContain('The body is not valid JSON');
    expect(error.message).toContain(says);
  });

  test('keeps __proto__ an ordinary member that changes no prototype', () => {
    const value = parseLenientJson('{"__proto__":{"polluted":true},"raw":"\n",}') as object;
    expect(Object.keys(value)).toEqual(['__proto__', 'raw']);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  test('refuses deep nesting before anything is built, however deep', () => {
    const fine = '['.repeat(DEEPEST_NESTING) + ']'.repeat(DEEPEST_NESTING);
    expect(() => parseLenientJson(fine)).not.toThrow();
    for (const opener of ['[', '{"a":']) {
      const error = failureOf(opener.repeat(1_000_000));
      expect(error.code).toBe('malformed');
      expect(error.message).toContain('nested more than 64 levels deep');
    }
  });

  test('refuses a body of more containers than memory bears', () => {
    expect(failureOf(`[${'{},'.repeat(1_000_001)}0]`).code).toBe('tooLarge');
  });

  test('reads brackets inside strings as text, also behind escaped quotes', () => {
    const text = `{"a":"\\"${'['.repeat(200)}"}`;
    expect(parseLenientJson(text)).toEqual({ a: `"${'['.repeat(200)}` });
  });

  test('takes time in proportion to the length on hostile texts', () => {
    const hostile = [
      `["${'\\\\'.repeat(500_000)}`,
      `["${'\\"'.repeat(500_000)}`,
      `[${'"\n",'.repeat(200_000)}`,
      `${'\n'.repeat(1_000_000)}x`,
      `[${'1,'.repeat(500_000)},]`,
      `"${'\n'.repeat(300_000)}`,
    ];
    for (const text of hostile) {
      const start = performance.now();
      expect(failureOf(text).code).toBe('malformed');
      expect(performance.now() - start).toBeLessThan(2_000);
    }
  });
});

function failureOf(text: string): DomainError {
  try {
    parseLenientJson(text);
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
  throw new Error(`${text.slice(0, 100)} was accepted`);
}
