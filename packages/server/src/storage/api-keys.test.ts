import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { hashApiKey, newApiKey } from './api-keys.ts';

test('a new key has the documented form in braces', () => {
  const { key, hint } = newApiKey();
  expect(key).toMatch(/^\{[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}\}$/);
  expect(key.slice(-5, -1)).toBe(hint);
});

test('two new keys differ', () => {
  expect(newApiKey().key).not.toBe(newApiKey().key);
});

test('a key is stored as the SHA-256 of its upper-case form without braces', () => {
  const expected = createHash('sha256').update('ABCDEF01-2345-6789-ABCD-EF0123456789').digest();
  expect(hashApiKey('{ABCDEF01-2345-6789-ABCD-EF0123456789}')).toEqual(expected);
});

test.each([
  '{abcdef01-2345-6789-abcd-ef0123456789}',
  'ABCDEF01-2345-6789-ABCD-EF0123456789',
  ' {ABCDEF01-2345-6789-abcd-EF0123456789} ',
])('letter case, braces and blanks around a key do not matter: %s', (text) => {
  expect(hashApiKey(text)).toEqual(hashApiKey('{ABCDEF01-2345-6789-ABCD-EF0123456789}'));
});

test('a new key hashes to what is stored of it', () => {
  const { key, hash } = newApiKey();
  expect(hashApiKey(key.toLowerCase())).toEqual(hash);
});
