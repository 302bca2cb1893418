import { hash } from 'node:crypto';
import type { FastifyReply } from 'fastify';
import { exactlyOnce, type KeptAnswer, type OnceRequest } from '../commands/exactly-once.ts';
import { withOneRetry } from './database-failure.ts';
import type { Services } from './services.ts';

/** What makes a request what it is. Two requests under one key must not differ in any of it. */
export interface RequestParts {
  method: string;
  /** The path as it is declared, with names in the place of values. */
  operation: string;
  /** The values of the path. */
  path: unknown;
  /** The query without credentials. */
  query: unknown;
  /** Digest of the body, any Content-Encoding undone. */
  body: Buffer;
}

/** Returns the SHA-256 of a body. */
export function digestOf(body: Buffer | string): Buffer {
  return hash('sha256', body, 'buffer');
}

/** Returns the SHA-256 of a request. How it was encoded, and which format the answer shall have, does not matter. */
export function fingerprintOf({ method, operation, path, query, body }: RequestParts): Buffer {
  return digestOf(JSON.stringify([method, operation, path, query, body.toString('hex')]));
}

/** Marks an answer that was given before. */
export function markRepeat(reply: FastifyReply): void {
  reply.header('idempotent-replayed', 'true');
}

/**
 * Does the work of a request that carries an Idempotency-Key once and returns what to answer, for both faces. `work`
 * must use the services that it is given, and nothing of the answer may be sent before this returns.
 */
export function answerOnce(
  services: Services,
  request: OnceRequest,
  work: (inside: Services) => Promise<KeptAnswer>,
): Promise<KeptAnswer & { isRepeat: boolean }> {
  const context = { ...services.command, jobs: services.jobs, refreshSettings: services.refreshSettings };
  return withOneRetry(() =>
    exactlyOnce(context, request, (inside) => {
      const { db, figures, now, jobs, refreshSettings } = inside;
      return work({ read: db, command: { db, figures, now }, jobs, refreshSettings });
    }),
  );
}
