import { expect, test } from 'vitest';
import { load, loadBeside, watched } from './load.ts';

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

test('a rate that is asked for is not exceeded', async () => {
  const round = await load({ lanes: 4, seconds: 0.1, warmUpCalls: 0, callsPerSecond: 50 }, async () => 2);
  expect(round.done).toBeGreaterThan(0);
  expect(round.done).toBeLessThanOrEqual(2 * 50 * 0.1);
});

test('a load beside some work goes on until the work has ended, and tells all of it', async () => {
  let called = 0;
  const call = async () => {
    await new Promise(setImmediate);
    called += 1;
    return 2;
  };
  const work = async () => {
    while (called < 5) await new Promise(setImmediate);
    return 'done';
  };
  const { result, round } = await loadBeside({ lanes: 2 }, call, work);
  expect(result).toBe('done');
  expect(round.latencies).toHaveLength(called);
  expect(round.done).toBe(2 * called);
});

test('what is watched is looked at from the start until the work has ended', async () => {
  let looks = 0;
  const { seen, result } = await watched({ look: async () => ++looks, pauseMs: 1 }, async () => {
    while (looks < 3) await new Promise(setImmediate);
    return 'done';
  });
  expect(result).toBe('done');
  expect(seen.slice(0, 3)).toEqual([1, 2, 3]);
  expect(seen).toHaveLength(looks);
});
