import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Actor } from '../../domain/actor.ts';
import { idempotencyKey } from '../../wire/idempotency-key.ts';
import { answerOnce, fingerprintOf, markRepeat } from '../idempotency.ts';
import type { Services } from '../services.ts';
import { answerText, sendResult, sendText } from './answer.ts';
import { LongAnswer } from './long-answer.ts';
import type { Call, Operation } from './operation.ts';

/** What an operation that takes an Idempotency-Key says of itself. */
export interface Once {
  /**
   * Refuses a caller who may not do this in a project. Given by operations without a project in their path, so that a
   * repeat is refused as the first request would be.
   */
  admit?(services: Services, actor: Actor, projectId: number): Promise<unknown>;
}

/** Returns the Idempotency-Key of a request, undefined without one and for operations that do not take it. */
export function keyOf(request: FastifyRequest, { once }: Operation): string | undefined {
  return once ? idempotencyKey(request.headers['idempotency-key']) : undefined;
}

/** A request with a key. */
export interface KeyedRequest {
  key: string;
  operation: Operation;
  values: ReadonlyMap<string, string>;
  call: Call<unknown>;
  /** Of the body. */
  digest: Buffer;
  /** Does what the operation does, with these services, and returns its result. */
  work(services: Services): Promise<unknown>;
}

/**
 * Answers a request with an Idempotency-Key: the first time by its work, later by what was answered then, each time in
 * the format that is asked for. The three versions of the paths are one operation.
 */
export async function answerWithKey(
  request: FastifyRequest,
  reply: FastifyReply,
  { key, operation, values, call, digest, work }: KeyedRequest,
): Promise<void> {
  const { services, actor, query } = call;
  const { method, path } = operation;
  const projectId = values.has('project_id') ? call.project.projectId : 0;
  const fingerprint = fingerprintOf({
    method,
    operation: path,
    path: [...values],
    query: query.without('username', 'api-key'),
    body: digest,
  });
  const admit = operation.once?.admit;
  const once = {
    projectId,
    userId: actor.userId,
    key,
    fingerprint,
    admit: admit && ((projectOfAnswer: number) => admit(services, actor, projectOfAnswer)),
  };
  let long: LongAnswer | undefined;
  const { text, isRepeat } = await answerOnce(services, once, async (inside) => {
    const result = await work(inside);
    long = result instanceof LongAnswer ? result : undefined;
    return long
      ? { status: 200, text: '', packed: long.packedText() }
      : { status: 200, text: answerText(request, result) };
  });
  if (isRepeat) markRepeat(reply);
  if (long && !isRepeat) sendResult(request, reply, long);
  else sendText(request, reply, text);
}
