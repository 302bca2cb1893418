import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** Figures that other parts of the server know; read when somebody asks for the metrics. */
export interface Gauges {
  /** Connections of the database pool. */
  pool?: () => { total: number; idle: number; waiting: number };
  /** Results that wait for a refresh. */
  pendingResults?: () => Promise<number>;
}

/** Returns a registry of the process's own figures and of those given. */
export function createMetrics({ pool, pendingResults }: Gauges): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  if (pool) {
    new Gauge({
      name: 'runledger_database_connections',
      help: 'Connections of the database pool: open, idle, and calls waiting for one.',
      labelNames: ['state'],
      registers: [registry],
      collect() {
        const { total, idle, waiting } = pool();
        this.set({ state: 'open' }, total);
        this.set({ state: 'idle' }, idle);
        this.set({ state: 'waiting' }, waiting);
      },
    });
  }
  if (pendingResults) {
    new Gauge({
      name: 'runledger_pending_results',
      help: 'Recorded results that no refresh has carried into the figures yet.',
      registers: [registry],
      async collect() {
        // While the database is away the other figures are still worth having.
        this.set(await pendingResults().catch(() => Number.NaN));
      },
    });
  }
  return registry;
}

/** Measures every request and serves the figures at `/metrics`. */
export function registerMetrics(app: FastifyInstance, registry: Registry): void {
  const labelNames = ['operation', 'status'];
  const requests = new Counter({
    name: 'runledger_http_requests_total',
    help: 'Requests by operation and status.',
    labelNames,
    registers: [registry],
  });
  const durations = new Histogram({
    name: 'runledger_http_request_duration_seconds',
    help: 'Time from the request line to the end of the answer.',
    labelNames: ['operation'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers: [registry],
  });
  const bodies = new Histogram({
    name: 'runledger_http_request_body_bytes',
    help: 'Size of request bodies as announced by Content-Length.',
    labelNames: ['operation'],
    buckets: [1e3, 1e4, 1e5, 1e6, 1e7, 1e8],
    registers: [registry],
  });
  app.addHook('onResponse', async (request, reply) => {
    const operation = operationLabel(request);
    requests.inc({ operation, status: String(reply.statusCode) });
    durations.observe({ operation }, reply.elapsedTime / 1_000);
    const length = Number(request.headers['content-length']);
    if (length > 0) bodies.observe({ operation }, length);
  });
  app.get('/metrics', async (_request, reply) => {
    reply.type(registry.contentType).header('cache-control', 'no-store');
    return registry.metrics();
  });
}

/** A label of few values: the declared path, never the one that was sent. */
function operationLabel(request: FastifyRequest): string {
  const operation = request.spira?.operation;
  if (operation) return `${operation.method} ${operation.path}`;
  const route = request.routeOptions.url;
  return route === undefined || route.includes('{spira}') ? 'unknown' : `${request.method} ${route}`;
}
