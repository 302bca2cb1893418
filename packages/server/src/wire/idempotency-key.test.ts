import { describe, expect, test } from 'vitest';
import { DomainError } from '../domain/errors.ts';
import { idempotencyKey } from './idempotency-key.ts';

const uuid = '8e03978e-40d5-43e8-bc93-6894a57f9324';

test('a request without the header has no key', () => {
  expect(idempotencyKey(undefined)).toBeUndefined();
});

describe('what is a key', () => {
  test.each([
    ['a quoted string', `"${uuid}"`, uuid],
    ['the key alone', uuid, uuid],
    ['blanks around it', ` \t"${uuid}" `, uuid],
    ['escaped quotes and backslashes', '"a\\"b\\\\c"', 'a"b\\c'],
    ['blanks, commas and semicolons inside quotes', '"build 7, job 2; try"', 'build 7, job 2; try'],
    ['parameters after the string, which mean nothing', '"abc"; a; b=1;c="x;y"', 'abc'],
    ['base64 without quotes', 'q0f/+A==', 'q0f/+A=='],
    ['a path of a CI job without quotes', 'gitlab:group/project#1234', 'gitlab:group/project#1234'],
    ['one character', 'x', 'x'],
    ['255 characters', 'x'.repeat(255), 'x'.repeat(255)],
    ['255 characters, of which two are escaped', `"${'x'.repeat(253)}\\"\\\\"`, `${'x'.repeat(253)}"\\`],
  ])('%s', (_what, header, key) => {
    expect(idempotencyKey(header)).toBe(key);
  });
});

describe('what is refused', () => {
  test.each([
    ['nothing', '', /is empty/],
    ['blanks', '  ', /is empty/],
    ['an empty string', '""', /is empty/],
    ['256 characters', 'x'.repeat(256), /256 characters, 255 at most/],
    ['256 characters in quotes', `"${'x'.repeat(256)}"`, /256 characters/],
    ['two keys in one header', '"a", "b"', /is one string/],
    ['two bare keys', 'a, b', /is one string/],
    ['two headers', ['a', 'b'], /is one string/],
    ['a quote that does not end', '"abc', /is one string/],
    ['a quote inside a bare key', 'a"b', /is one string/],
    ['a backslash that escapes nothing', '"a\\b"', /is one string/],
    ['blanks in a bare key', 'a b', /is one string/],
    ['a bare key with a parameter', 'abc;x=1', /is one string/],
    ['characters beyond ASCII', '"schlüssel"', /is one string/],
    ['control characters', '"a\u0001"', /is one string/],
    ['something after the string', '"abc"x', /is one string/],
  ])('%s', (_what, header, text) => {
    const read = () => idempotencyKey(header);
    expect(read).toThrow(DomainError);
    expect(read).toThrow(text);
  });
});
