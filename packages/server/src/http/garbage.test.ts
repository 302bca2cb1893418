import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Garbage } from './garbage.ts';

/** In a call of its own, so that nothing here holds it. */
const leftBehind = () => new WeakRef({ text: 'a portion' });

test('what was left behind is collected once enough bytes were worked off', async () => {
  const garbage = new Garbage({ everyBytes: 1, wholeEveryBytes: 1_000 });
  const portion = leftBehind();
  // A weak reference holds until the end of the turn it was made in.
  await nextTurn();
  garbage.leave(600);
  garbage.leave(600);
  expect(portion.deref()).toBeUndefined();
});

test('young buffers are collected with the bytes of a small portion', async () => {
  const garbage = new Garbage({ everyBytes: 1_000 });
  garbage.leave(1_000);
  const before = process.memoryUsage().arrayBuffers;
  for (let made = 0; made < 8; made += 1) Buffer.allocUnsafeSlow(1_000_000).fill(made);
  await nextTurn();
  garbage.leave(999);
  garbage.leave(1);
  // They are freed beside the program; the next collection waits until that is done.
  garbage.leave(1_000);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1_000_000);
});

test('programs get to see no collector', () => {
  new Garbage({ everyBytes: 1 }).leave(1);
  expect(globalThis.gc).toBeUndefined();
});
