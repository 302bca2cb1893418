import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import cors from '@fastify/cors';
import { type FastifyBaseLogger, type FastifyInstance, fastify, LogController } from 'fastify';
import type { Logger } from 'pino';
import { DomainError } from '../domain/errors.ts';
import { requireReadyDatabase } from '../views/server-state.ts';
import { answerBrokenRequest } from './broken-request.ts';
import { type ReadinessCheck, registerHealth } from './health.ts';
import { createLogger, loggedRequest } from './log.ts';
import { createMetrics, type Gauges, registerMetrics } from './metrics.ts';
import { registerNativeFace } from './native/register.ts';
import { registerPages } from './pages.ts';
import { registerPatience } from './patience.ts';
import type { Services } from './services.ts';
import { sendFault } from './spira/answer.ts';
import { registerSpiraFace, routedUrl } from './spira/register.ts';

export interface AppOptions {
  /** Largest request body in bytes, as sent and as inflated. */
  bodyLimit?: number;
  /** Origins of browser pages that may call; `*` is any. */
  corsOrigins?: '*' | readonly string[];
  /** The address that clients see, where the request cannot tell it. */
  publicUrl?: string;
  /** Believe X-Forwarded-For, -Proto and -Host: only behind a proxy that sets them. */
  trustProxy?: boolean;
  /** Shown at `/`. */
  version?: string;
  /** Time for a whole request to come in. */
  requestTimeoutMs?: number;
  /** Time for its headers. */
  headersTimeoutMs?: number;
  /** How long an idle connection is kept. */
  keepAliveTimeoutMs?: number;
  /** What must hold for `/health/ready`; by default that the database answers and holds the schema. */
  readiness?: ReadinessCheck;
  /** Figures of other parts for `/metrics`. */
  gauges?: Gauges;
}

export interface AppParts {
  services: Services;
  options?: AppOptions;
  logger?: Logger;
}

const MEBIBYTE = 1_048_576;

/** Returns the HTTP application, not yet listening. */
export function buildApp({ services, options = {}, logger }: AppParts): FastifyInstance {
  const app = fastify({
    loggerInstance: (logger ?? createLogger({ level: 'silent' })) as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    rewriteUrl: routedUrl,
    genReqId: requestId,
    trustProxy: options.trustProxy ?? false,
    bodyLimit: options.bodyLimit ?? 64 * MEBIBYTE,
    requestTimeout: options.requestTimeoutMs ?? 300_000,
    keepAliveTimeout: options.keepAliveTimeoutMs ?? 65_000,
    http: { headersTimeout: options.headersTimeoutMs ?? 60_000, maxHeaderSize: 65_536 },
    forceCloseConnections: 'idle',
    // During a graceful close the requests that still arrive on open connections are answered, and told to go.
    return503OnClosing: false,
    clientErrorHandler: answerBrokenRequest,
    frameworkErrors: (error, request, reply) => sendFault(request, reply, error),
  }) as FastifyInstance;
  registerPatience(app, () => services.command.db.beginCall());
  registerBasics(app, options);
  registerGoodbye(app);
  registerMetrics(app, createMetrics(options.gauges ?? {}));
  registerHealth(app, options.readiness ?? (() => requireReadyDatabase(services.read)));
  registerPages(app, { version: options.version ?? 'unknown version', publicUrl: options.publicUrl });
  registerSpiraFace(app, {
    services,
    bodyLimit: options.bodyLimit ?? 64 * MEBIBYTE,
    publicUrl: options.publicUrl,
  });
  registerNativeFace(app, services);
  return app;
}

/** While the server closes, each last answer tells its client to open no further request on the connection. */
function registerGoodbye(app: FastifyInstance): void {
  let isClosing = false;
  app.addHook('preClose', async () => {
    isClosing = true;
  });
  app.addHook('onSend', async (_request, reply) => {
    if (isClosing) reply.header('connection', 'close');
  });
}

/** What holds for every request: its id, cross-origin calls, its line in the log, failures with a body. */
function registerBasics(app: FastifyInstance, { corsOrigins = '*' }: AppOptions): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
  });
  app.register(cors, {
    origin: corsOrigins === '*' ? '*' : [...corsOrigins],
    methods: ['GET', 'POST', 'PUT', 'DELETE'],
    allowedHeaders: ['username', 'api-key', 'authorization', 'content-type', 'accept', 'idempotency-key'],
    exposedHeaders: ['x-request-id', 'retry-after', 'idempotent-replayed'],
    optionsSuccessStatus: 200,
    strictPreflight: false,
    maxAge: 86_400,
  });
  app.addHook('onResponse', async (request, reply) => {
    const operation = request.spira?.operation?.path;
    const line = {
      request: loggedRequest(request),
      operation,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
    };
    request.log.info(line, 'answered');
  });
  app.setErrorHandler((error, request, reply) => sendFault(request, reply, error));
  app.setNotFoundHandler((request, reply) =>
    sendFault(request, reply, new DomainError('notFound', 'There is nothing at this address')),
  );
}

/** A client's own id is kept, so that its log and ours can be read together. */
function requestId(request: IncomingMessage): string {
  const given = String(request.headers['x-request-id'] ?? '');
  return /^[\w.:-]{1,64}$/.test(given) ? given : randomUUID();
}
