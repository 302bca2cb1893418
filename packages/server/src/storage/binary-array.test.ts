import { expect, test } from 'vitest';
import { binaryArray } from './binary-array.ts';

test('an array of integers is its header and each value behind its length', () => {
  const hex = binaryArray('integer', [1, null, -2]).toString('hex');
  const header = ['00000001', '00000001', '00000017', '00000003', '00000001'];
  expect(hex).toBe([...header, '00000004', '00000001', 'ffffffff', '00000004', 'fffffffe'].join(''));
});

test('an array without any value is empty', () => {
  expect(binaryArray('text', [null, undefined]).readInt32BE(12)).toBe(0);
});
