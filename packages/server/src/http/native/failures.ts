import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { DomainError, type ErrorCode } from '../../domain/errors.ts';
import { problemOf, unexpectedProblem } from '../../wire/native/problem.ts';
import { errorFromDatabase } from '../database-failure.ts';
import { usesBasic } from '../spira/credentials.ts';

/** Sends a failure as application/problem+json. */
export function sendProblem(request: FastifyRequest, reply: FastifyReply, error: unknown): FastifyReply {
  const known = knownError(error);
  if (!known || known.code === 'unavailable') request.log.error({ err: error }, known?.message ?? 'unexpected error');
  const requestId = String(request.id);
  const problem = known ? problemOf(known, requestId) : unexpectedProblem(requestId);
  if (known?.code === 'unavailable') reply.header('retry-after', '5');
  if (known?.code === 'unauthenticated') reply.header('www-authenticate', challenge(request));
  return reply
    .code(problem.status)
    .header('cache-control', 'no-store')
    .type('application/problem+json; charset=utf-8')
    .serializer(JSON.stringify)
    .send(problem);
}

/** Browsers open their login box for Basic only where it was used. */
function challenge(request: FastifyRequest): string {
  return `${usesBasic(request.headers) ? 'Basic' : 'Bearer'} realm="Runledger", charset="UTF-8"`;
}

function knownError(error: unknown): DomainError | undefined {
  if (error instanceof DomainError) return error;
  return errorFromFramework(error as FastifyError) ?? errorFromDatabase(error);
}

const codes: Record<number, ErrorCode> = {
  400: 'malformed',
  404: 'notFound',
  413: 'tooLarge',
  415: 'unsupportedMedia',
};

/** Whatever Fastify itself refuses: too large, of an unknown content type, with a broken length. */
function errorFromFramework({ code, statusCode, message }: FastifyError): DomainError | undefined {
  if (typeof code !== 'string' || !code.startsWith('FST_')) return undefined;
  const known = codes[statusCode ?? 0];
  return known && new DomainError(known, message);
}
