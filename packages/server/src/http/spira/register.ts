import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { DomainError } from '../../domain/errors.ts';
import { parseLenientJson } from '../../wire/spira/lenient-json.ts';
import { isJsonOrNothing, isXml, wantsXml } from '../../wire/spira/media.ts';
import { listQueryOf } from '../../wire/spira/paging.ts';
import { PathValues, parseSpiraTarget, type SpiraTarget, splitTarget } from '../../wire/spira/path.ts';
import { QueryParameters } from '../../wire/spira/query.ts';
import { parseXmlBody } from '../../wire/spira/xml-reader.ts';
import { withOneRetry } from '../database-failure.ts';
import { digestOf } from '../idempotency.ts';
import type { Services } from '../services.ts';
import { pathAliases, queryFromPath } from './aliases.ts';
import { sendFault, sendResult } from './answer.ts';
import { type Admitted, authorize } from './authorize.ts';
import { readBody, textOf } from './body.ts';
import { completeCustomValues, customFieldsOfFilters } from './custom-definitions.ts';
import { type DecodedBody, decodeBody } from './decode.ts';
import { LongAnswer } from './long-answer.ts';
import { answerWithKey, keyOf } from './once.ts';
import type { Call, Operation } from './operation.ts';
import { operations } from './operations.ts';
import { listInPortions } from './portions.ts';
import { RouteTable } from './route-table.ts';

/** What is known of a call to the Spira face, in the order in which it becomes known. */
export interface SpiraRequest {
  target: SpiraTarget;
  contentType: string | undefined;
  wantsXml: boolean;
  operation?: Operation;
  values?: ReadonlyMap<string, string>;
  admitted?: Admitted;
  cameAsList?: boolean;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set on requests to the Spira face only. */
    spira: SpiraRequest;
  }
}

export interface SpiraFaceOptions {
  services: Services;
  /** Largest body in bytes, sent or inflated. */
  bodyLimit: number;
  /** The address that clients see, where the request cannot tell it (a proxy that changes Host). */
  publicUrl?: string | undefined;
}

/** The one route behind which the Spira face looks at paths itself; no client can spell it. */
const INNER_PATH = '/{spira}';

const targets = new WeakMap<IncomingMessage, SpiraTarget>();

/** Returns the URL that is routed for a request: every path of the Spira face becomes its one inner route. */
export function routedUrl(request: IncomingMessage): string {
  const url = request.url ?? '/';
  const target = parseSpiraTarget(url);
  if (target) {
    targets.set(request, target);
    return INNER_PATH;
  }
  const { path, query } = splitTarget(url);
  return query === '' ? path : `${path}?${query}`;
}

/** Registers every operation of the Spira face below `/services/v{5,6,7}_0/restservice.svc/`, wherever it lies. */
export function registerSpiraFace(app: FastifyInstance, options: SpiraFaceOptions): void {
  const table = new RouteTable(operations, pathAliases(operations));
  app.decorateRequest('spira');
  app.register(async (face) => {
    face.removeAllContentTypeParsers();
    // The handler reads the bytes itself: what a body is may not depend on the Content-Type alone.
    face.addContentTypeParser('*', (_request, _payload, done) => done(null));
    face.setErrorHandler((error, request, reply) => sendFault(request, reply, error));
    face.all(INNER_PATH, {
      onRequest: (request, reply) => admit(request, reply, { table, services: options.services }),
      handler: (request, reply) => answer(request, reply, options),
    });
  });
}

/** Everything that is decided before the body is read: path, verb, credentials, project, permission. */
async function admit(
  request: FastifyRequest,
  reply: FastifyReply,
  { table, services }: { table: RouteTable; services: Services },
): Promise<void> {
  const target = targets.get(request.raw);
  if (!target) throw new DomainError('notFound', 'There is nothing at this address');
  const contentType = request.headers['content-type'];
  // Fastify refuses a Content-Type that it cannot parse, although the body may well be readable.
  delete request.raw.headers['content-type'];
  request.spira = { target, contentType, wantsXml: wantsXml(request.headers.accept, contentType) };
  const match = matchFor(request.method, target, table);
  if (match.kind === 'otherVerbs') {
    reply.header('allow', match.allowed.join(', '));
    throw new DomainError('methodNotAllowed', `This path takes ${match.allowed.join(', ')}`);
  }
  const { operation, values } = match;
  Object.assign(request.spira, { operation, values });
  const presented = { operation, values, headers: request.headers, query: target.query };
  request.spira.admitted = await authorize(services, presented);
}

/** Returns what a path and verb lead to; refuses unknown versions and paths. */
function matchFor(method: string, { version, segments }: SpiraTarget, table: RouteTable) {
  if (version === undefined) throw new DomainError('notFound', 'Only versions v5_0, v6_0 and v7_0 are served');
  if (segments === undefined) throw new DomainError('malformed', 'The percent-encoding of the path is broken');
  const match = table.match(method, segments);
  if (match.kind !== 'nothing') return match;
  throw new DomainError('notFound', `There is no operation ${method} ${segments.join('/').slice(0, 200)}`);
}

async function answer(request: FastifyRequest, reply: FastifyReply, options: SpiraFaceOptions): Promise<FastifyReply> {
  const { operation, values } = request.spira;
  if (!operation || !values) throw new Error('A request without an operation was admitted');
  const key = keyOf(request, operation);
  // The bytes of the body are let go before the work begins.
  const { body, cameAsList, digest } = await decodedBody(request, { operation, isKeyed: key !== undefined }, options);
  request.spira.cameAsList = cameAsList;
  const call = callOf(request, body, options);
  await operation.prepare?.(call);
  if (key === undefined) {
    const result = await withOneRetry(() => operation.handle(call));
    sendResult(request, reply, await completed(options.services, operation, result));
    return reply;
  }
  const work = async (services: Services) =>
    completed(services, operation, await operation.handle(callOf(request, body, { ...options, services })));
  await answerWithKey(request, reply, { key, operation, values, call, digest, work });
  return reply;
}

/** Returns a result with its custom values completed; a long answer has completed them row by row. */
async function completed({ read }: Services, { returns }: Operation, result: unknown): Promise<unknown> {
  return result instanceof LongAnswer ? result : completeCustomValues(read, returns, result);
}

async function decodedBody(
  { raw: request, spira: { contentType, wantsXml } }: FastifyRequest,
  { operation, isKeyed }: { operation: Operation; isKeyed: boolean },
  { services, bodyLimit }: SpiraFaceOptions,
): Promise<DecodedBody & { digest: Buffer }> {
  const { body: shape } = operation;
  const digest = (bytes: Buffer | string) => (isKeyed ? digestOf(bytes) : NO_DIGEST);
  if (shape.kind === 'none') return { ...decodeBody(shape, undefined), digest: digest('') };
  const bytes = await readBody(request, bodyLimit);
  const refuse = () => {
    bodyValue(bytes, contentType, operation);
    throw new DomainError('malformed', 'The body is not valid JSON');
  };
  const list = listInPortions(shape, { bytes, contentType, wantsXml, refuse });
  if (list) return { body: list, cameAsList: false, digest: digest(bytes) };
  const raw = bodyValue(bytes, contentType, operation);
  const customFields = await customFieldsOfFilters(services.read, shape, raw);
  return { ...decodeBody(shape, raw, customFields), digest: digest(bytes) };
}

const NO_DIGEST = Buffer.alloc(0);

/** Returns the JSON value of a body; undefined when there is none. */
function bodyValue(bytes: Buffer, contentType: string | undefined, { body }: Operation): unknown {
  const text = textOf(bytes);
  if (text.trim() === '') return undefined;
  if (isXml(contentType) || (!contentType && /^\s*</.test(text))) {
    return parseXmlBody(text, 'object' in body ? body.object : undefined);
  }
  try {
    return parseLenientJson(text);
  } catch (error) {
    const isOtherMedia = !isJsonOrNothing(contentType);
    if (!isOtherMedia || !(error instanceof DomainError) || error.code !== 'malformed') throw error;
    const type = contentType?.slice(0, 60);
    throw new DomainError('unsupportedMedia', `The Content-Type ${type} is not understood; send application/json`);
  }
}

function callOf(request: FastifyRequest, body: unknown, { services, publicUrl }: SpiraFaceOptions): Call<unknown> {
  const { target, operation, values, admitted } = request.spira;
  if (!admitted || !values || !operation) throw new Error('A request was handled before it was admitted');
  const query = new QueryParameters([...queryFromPath(operation, values), ...new URLSearchParams(target.query)]);
  return {
    services,
    actor: admitted.actor,
    get project() {
      if (!admitted.project) throw new Error('This operation has no project in its path');
      return admitted.project;
    },
    path: new PathValues(values),
    query,
    body,
    baseUrl: publicUrl ?? `${request.protocol}://${request.host}${target.prefix}`,
    listQuery: (object, conditions) => ({
      ...listQueryOf(query, object),
      ...(conditions && conditions.length > 0 ? { where: conditions } : {}),
    }),
  };
}
