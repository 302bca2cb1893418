import { expect, test } from 'vitest';
import { load } from './load.ts';

test('every lane warms up uncounted and then calls until the time is over', async () => {
  const calls = [0, 0];
  const round = await load({ lanes: 2, seconds: 0.01, warmUpCalls: 2 }, async (lane) => {
    calls[lane]! += 1;
    return 5;
  });
  const counted = calls[0]! + calls[1]! - 4;
  expect(Math.min(...calls)).toBeGreaterThan(2);
  expect(round.latencies).toHaveLength(counted);
  expect(round.perSecond).toBeGreaterThan(0);
  expect(round.perSecond).toBeLessThanOrEqual((5 * counted) / 0.01);
});

test('calls that fail are told one by one and count for nothing', async () => {
  let called = 0;
  const round = await load({ lanes: 1, seconds: 0.01, warmUpCalls: 0 }, async () => {
    called += 1;
    throw new Error('Refused');
  });
  expect(round.errors).toHaveLength(called);
  expect(new Set(round.errors)).toEqual(new Set(['Error: Refused']));
  expect(round).toMatchObject({ perSecond: 0, latencies: [] });
});
