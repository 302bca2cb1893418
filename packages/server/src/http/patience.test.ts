import fastify from 'fastify';
import { afterAll, expect, test } from 'vitest';
import { beginCall, connectedInTime } from '../storage/patience.ts';
import { registerPatience } from './patience.ts';

const LIMIT_MS = 1_500;
const app = fastify();
registerPatience(app, () => beginCall(LIMIT_MS));
const waits = async () => {
  const startedAt = performance.now();
  const never = () => connectedInTime(() => new Promise<{ release(): void }>(() => {})).catch(() => {});
  for (let wait = 0; wait < 3; wait += 1) await never();
  return { waitedMs: performance.now() - startedAt };
};
app.addHook('onRequest', async () => {
  await connectedInTime(() => new Promise<{ release(): void }>(() => {})).catch(() => {});
});
app.post('/', waits);
afterAll(() => app.close());

test('a call waits for connections no longer in all than one wait may last, its body notwithstanding', async () => {
  const address = await app.listen({ port: 0, host: '127.0.0.1' });
  const startedAt = performance.now();
  const answer = await fetch(address, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify('x'.repeat(500_000)),
  });
  expect(answer.status).toBe(200);
  const { waitedMs } = (await answer.json()) as { waitedMs: number };
  // All of it before the body; after it nothing is left but three times what opening a connection takes.
  expect(waitedMs).toBeLessThan(LIMIT_MS);
  expect(performance.now() - startedAt).toBeGreaterThan(LIMIT_MS - 100);
});
