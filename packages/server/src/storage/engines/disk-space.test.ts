import { expect, test } from 'vitest';
import { spaceGuard } from './disk-space.ts';

const MEBIBYTE = 1_048_576;

test('nothing is to be stored while less than the reserve is free, and again when there is more', async () => {
  let free = 65 * MEBIBYTE;
  const hasSpace = spaceGuard('/anywhere', { keptMs: 0, freeBytes: async () => free });
  await hasSpace();
  free = 63 * MEBIBYTE + 1;
  await expect(hasSpace()).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('63 MiB') });
  free = 64 * MEBIBYTE;
  await hasSpace();
});

test('the file system is asked once for many transactions', async () => {
  let asked = 0;
  const hasSpace = spaceGuard('/anywhere', {
    keptMs: 60_000,
    freeBytes: async () => {
      asked += 1;
      return 65 * MEBIBYTE;
    },
  });
  await Promise.all([hasSpace(), hasSpace(), hasSpace()]);
  await hasSpace();
  expect(asked).toBe(1);
});

test('a file system that cannot tell its space stops nobody', async () => {
  const hasSpace = spaceGuard('/anywhere', { freeBytes: () => Promise.reject(new Error('ENOSYS')) });
  await expect(hasSpace()).resolves.toBeUndefined();
});
