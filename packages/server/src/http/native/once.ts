import type { FastifyInstance, FastifyReply, FastifyRequest, RouteHandlerMethod, RouteOptions } from 'fastify';
import { idempotencyKey } from '../../wire/idempotency-key.ts';
import { answerOnce, digestOf, fingerprintOf, markRepeat } from '../idempotency.ts';
import type { Services } from '../services.ts';
import { presentedCredentials } from './access.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The answer holds a secret: what is kept of it can be read with the caller's API key only. */
    isAnswerSecret?: boolean;
  }
  interface FastifyRequest {
    /**
     * What the handler of a write works with: inside the one transaction of the request where it carries an
     * Idempotency-Key. Set on requests to the own face only.
     */
    services: Services;
  }
}

/**
 * Makes every write that is declared from now on take an Idempotency-Key. Handlers of writes return their answer instead
 * of sending it, do everything by `request.services`, and leave what a caller may do to `needs` and preHandler: those
 * are asked for a repeat, too.
 */
export function takeIdempotencyKeys(api: FastifyInstance): void {
  api.addHook('onRoute', (route) => {
    if (isWrite(route)) route.handler = onceHandler(route.handler);
  });
}

/** Returns whether a route changes something. */
export function isWrite({ method }: Pick<RouteOptions, 'method'>): boolean {
  return [method].flat().some((verb) => !['GET', 'HEAD', 'OPTIONS'].includes(verb.toUpperCase()));
}

function onceHandler(handler: RouteHandlerMethod): RouteHandlerMethod {
  return async function (this: FastifyInstance, request, reply) {
    const key = idempotencyKey(request.headers['idempotency-key']);
    if (key === undefined) return handler.call(this, request, reply);
    let answer: unknown;
    const { services } = request;
    const { status, text, isRepeat } = await answerOnce(services, onceRequest(request, key), async (inside) => {
      request.services = inside;
      answer = await handler.call(this, request, reply);
      requireUnsent(request, reply);
      return { status: reply.statusCode, text: JSON.stringify(answer) ?? '' };
    });
    if (!isRepeat) return answer;
    markRepeat(reply.code(status));
    return text === '' ? undefined : JSON.parse(text);
  };
}

function onceRequest(request: FastifyRequest, key: string) {
  const { method, params, query, body, caller, routeOptions } = request;
  const { projectId = 0 } = params as { projectId?: number };
  const { isAnswerSecret } = routeOptions.config;
  return {
    projectId,
    userId: caller.actor.userId,
    key,
    fingerprint: fingerprintOf({
      method,
      operation: String(routeOptions.url),
      path: params,
      query,
      body: digestOf(JSON.stringify(body) ?? ''),
    }),
    apiKey: isAnswerSecret ? presentedCredentials(request)?.apiKey : undefined,
  };
}

function requireUnsent({ routeOptions }: FastifyRequest, reply: FastifyReply): void {
  if (reply.sent) throw new Error(`${routeOptions.url} has sent its answer before it was kept`);
}
