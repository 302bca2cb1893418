import type { FastifyInstance } from 'fastify';

/** What `/health/ready` asks: resolves when the server can do its work, else rejects with the reason. */
export type ReadinessCheck = () => Promise<void>;

/** A check that hangs is a check that fails. */
const TIMEOUT_MS = 5_000;

/**
 * `/health/live` answers as long as the process runs; `/health/ready` only when the database can be reached and its
 * schema is the one this program needs, and no longer once the server is closing.
 */
export function registerHealth(app: FastifyInstance, check: ReadinessCheck): void {
  let isClosing = false;
  app.addHook('preClose', async () => {
    isClosing = true;
  });
  app.get('/health', async () => ({ status: 'live' }));
  app.get('/health/live', async () => ({ status: 'live' }));
  app.get('/health/ready', async (request, reply) => {
    reply.header('cache-control', 'no-store');
    if (isClosing) return reply.code(503).send({ status: 'closing' });
    try {
      await withinTime(check());
      return { status: 'ready' };
    } catch (error) {
      request.log.warn({ err: error }, 'not ready');
      return reply.code(503).header('retry-after', '5').send({ status: 'notReady', reason: 'database' });
    }
  });
}

async function withinTime(work: Promise<void>): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`No answer within ${TIMEOUT_MS} ms`)), TIMEOUT_MS);
  try {
    await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
