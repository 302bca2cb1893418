import { expect, test, vi } from 'vitest';
import { databaseFault } from '../domain/database-faults.ts';
import { connectedInTime, type Patience, withPatience } from './patience.ts';

const never = () => new Promise<{ release(): void }>(() => {});
const refusal = /timeout exceeded/;

test('the waits of one call are counted together', async () => {
  const patience: Patience = { leftMs: 300 };
  const startedAt = performance.now();
  await withPatience(patience, async () => {
    await expect(connectedInTime(never)).rejects.toThrow(refusal);
    // A timer may be early by less than a millisecond.
    expect(patience.leftMs).toBeLessThan(1);
    // Nothing is left but what opening a connection takes.
    await expect(connectedInTime(never)).rejects.toThrow(refusal);
  });
  expect(performance.now() - startedAt).toBeLessThan(2_000);
  expect(patience.leftMs).toBeLessThan(-200);
});

test('a refusal is a fault of the database', async () => {
  const error = await withPatience({ leftMs: 0 }, () => connectedInTime(never).catch((fault) => fault));
  expect(databaseFault(error)).toBe('unavailable');
});

test('a connection that comes too late is given back', async () => {
  const late = Promise.withResolvers<{ release(): void }>();
  await expect(withPatience({ leftMs: 0 }, () => connectedInTime(() => late.promise))).rejects.toThrow(refusal);
  const release = vi.fn();
  late.resolve({ release });
  await vi.waitFor(() => expect(release).toHaveBeenCalledOnce());
});

test('a connection that comes in time is returned, and costs what it took', async () => {
  const patience: Patience = { leftMs: 1_000 };
  const client = { release: () => {} };
  expect(await withPatience(patience, () => connectedInTime(async () => client))).toBe(client);
  expect(patience.leftMs).toBeGreaterThan(0);
  expect(patience.leftMs).toBeLessThan(1_000);
});
