import { expect, test } from 'vitest';
import { inTurn } from './in-turn.ts';

test('sides take turns, every other round backwards, and each keeps its own results', async () => {
  const order: string[] = [];
  const side = (name: string) => async () => `${name}${order.push(name)}`;
  const results = await inTurn(3, { a: side('a'), b: side('b') });
  expect(order.join('')).toBe('abbaab');
  expect(results).toEqual({ a: ['a1', 'a4', 'a5'], b: ['b2', 'b3', 'b6'] });
});
