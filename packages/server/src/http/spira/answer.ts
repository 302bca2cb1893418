import type { FastifyReply, FastifyRequest } from 'fastify';
import { DomainError, type ErrorCode } from '../../domain/errors.ts';
import { type Fault, faultOf, statusOf, unexpectedFault } from '../../wire/spira/fault.ts';
import { jsonList } from '../../wire/spira/member.ts';
import { faultXml, resultXml } from '../../wire/spira/xml-writer.ts';
import { errorFromDatabase } from '../database-failure.ts';
import { usesBasic } from './credentials.ts';
import { LongAnswer } from './long-answer.ts';
import type { Operation, ResultShape } from './operation.ts';

/** Sends a result; every answer goes out in one piece with its length, since some clients count the pieces. */
export function sendResult(request: FastifyRequest, reply: FastifyReply, result: unknown): void {
  if (result instanceof LongAnswer) {
    sendLongAnswer(reply, result);
    return;
  }
  const sent = sentOf(request, result);
  if (!sent) {
    sendNothing(reply);
    return;
  }
  send(request, reply.code(200), {
    json: () => jsonOf(sent),
    xml: (version) => resultXml(sent.shape, encodedValue(sent), version),
  });
}

/** Returns the JSON text that a result is answered with; empty for an answer without content. */
export function answerText(request: FastifyRequest, result: unknown): string {
  const sent = sentOf(request, result);
  return sent ? jsonOf(sent) : '';
}

/** Sends an answer that is kept as its JSON text, in the format that is asked for now. */
export function sendText(request: FastifyRequest, reply: FastifyReply, text: string): void {
  const returns = request.spira.operation?.returns;
  if (!returns || returns.kind === 'empty') {
    sendNothing(reply);
    return;
  }
  send(request, reply.code(200), {
    json: () => text,
    xml: (version) => {
      const value: unknown = JSON.parse(text);
      const shape = 'object' in returns ? singleOrList({ ...returns, kind: 'oneOrList' }, value) : returns;
      return resultXml(shape, value, version);
    },
  });
}

function sendNothing(reply: FastifyReply): void {
  reply.code(200).header('cache-control', 'no-store').send();
}

/** Returns a result with its shape, undefined for operations that answer without content. */
function sentOf({ spira: { operation, cameAsList } }: FastifyRequest, result: unknown): Sent | undefined {
  if (!operation || operation.returns.kind === 'empty') return undefined;
  const shape = singleOrList(operation.returns, result);
  requireResult(shape, result);
  const isListOfOne = cameAsList && shape.kind === 'one';
  return isListOfOne ? { shape: { kind: 'list', object: shape.object }, result: [result] } : { shape, result };
}

/** Goes out as it is unpacked, no faster than the client reads; with its length all the same. */
function sendLongAnswer(reply: FastifyReply, answer: LongAnswer): void {
  reply
    .code(200)
    .header('cache-control', 'no-store')
    .header('content-length', answer.length)
    .type('application/json; charset=utf-8')
    .send(answer.text());
}

type SentShape = Exclude<ResultShape, { kind: 'empty' } | { kind: 'oneOrList' }>;

/** Where an operation answers with one object or with a list, its result tells which. */
function singleOrList(shape: Exclude<ResultShape, { kind: 'empty' }>, result: unknown): SentShape {
  if (shape.kind !== 'oneOrList') return shape;
  return { kind: Array.isArray(result) ? 'list' : 'one', object: shape.object };
}

/** A result that is missing is a mistake of the handler, not of the caller. */
function requireResult(shape: SentShape, result: unknown): void {
  if (result === undefined || (result === null && shape.kind !== 'scalar')) {
    throw new Error('The operation ended without the result it declares');
  }
}

interface Sent {
  shape: SentShape;
  result: unknown;
}

/** Returns the JSON text of an answer; objects write their own, without a copy of their values in between. */
function jsonOf({ shape, result }: Sent): string {
  switch (shape.kind) {
    case 'one':
      return shape.object.json(result as object);
    case 'list':
      return jsonList((result as object[]).map((row) => shape.object.json(row)));
    case 'scalar':
      return JSON.stringify(result);
  }
}

/** Returns the same as a value, for XML. */
function encodedValue({ shape, result }: Sent): unknown {
  switch (shape.kind) {
    case 'one':
      return shape.object.encode(result as object);
    case 'list':
      return (result as object[]).map((row) => shape.object.encode(row));
    case 'scalar':
      return result instanceof Date ? result.toISOString() : result;
  }
}

/** Sends a failure. Whatever is no mistake of the caller gets an id here and its cause in the log only. */
export function sendFault(request: FastifyRequest, reply: FastifyReply, error: unknown): void {
  const known = error instanceof DomainError ? error : (errorFromDatabase(error) ?? errorFromFramework(error));
  if (!known || known.code === 'unavailable') request.log.error({ err: error }, known?.message ?? 'unexpected error');
  const fault = known ? faultOf(known, objectOf(request.spira?.operation)) : unexpectedFault(String(request.id));
  if (known?.code === 'unavailable') reply.header('retry-after', '5');
  if (known?.code === 'unauthenticated' && usesBasic(request.headers)) {
    reply.header('www-authenticate', 'Basic realm="Runledger", charset="UTF-8"');
  }
  reply.code(known ? statusOf(known.code) : 500);
  sendFaultBody(request, reply, fault);
}

/** Fastify's own refusals (a path that cannot be decoded, a length that does not fit) are mistakes of the caller. */
function errorFromFramework(error: unknown): DomainError | undefined {
  const { statusCode, message } = (error ?? {}) as { statusCode?: unknown; message?: unknown };
  if (typeof statusCode !== 'number' || statusCode < 400 || statusCode >= 500) return undefined;
  const codes: Record<number, ErrorCode> = { 404: 'notFound', 413: 'tooLarge', 415: 'unsupportedMedia' };
  return new DomainError(codes[statusCode] ?? 'malformed', String(message));
}

function sendFaultBody(request: FastifyRequest, reply: FastifyReply, fault: Fault): void {
  send(request, reply, { json: () => JSON.stringify(fault), xml: () => faultXml(fault) });
}

interface Written {
  json(): string;
  xml(version: number): string;
}

function send(request: FastifyRequest, reply: FastifyReply, written: Written): void {
  const { wantsXml = false, target } = request.spira ?? {};
  reply
    .header('cache-control', 'no-store')
    .type(`application/${wantsXml ? 'xml' : 'json'}; charset=utf-8`)
    .send(wantsXml ? written.xml(target?.version ?? 7) : written.json());
}

function objectOf(operation: Operation | undefined) {
  const body = operation?.body;
  return body && 'object' in body ? body.object : undefined;
}
