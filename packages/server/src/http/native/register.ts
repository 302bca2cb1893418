import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { DomainError } from '../../domain/errors.ts';
import type { Services } from '../services.ts';
import { admitted } from './access.ts';
import { sendProblem } from './failures.ts';
import { takeIdempotencyKeys } from './once.ts';
import { addNamedSchemas, openApiOptions } from './openapi.ts';
import { registerApiKeyRoutes } from './routes/api-keys.ts';
import { registerDashboardRoutes } from './routes/dashboards.ts';
import { registerDataToolRoutes } from './routes/data-tools.ts';
import { registerEventRoutes } from './routes/events.ts';
import { registerJobRoutes } from './routes/jobs.ts';
import { registerRefreshSettingRoutes } from './routes/refresh-settings.ts';
import { registerRetentionRoutes } from './routes/retention.ts';
import { registerRunTextRoutes } from './routes/run-texts.ts';
import { registerSessionRoutes } from './routes/session.ts';
import { useOwnSchemas } from './validation.ts';

const PREFIX = '/api/v1';

/** Registers the own face: its routes below /api/v1, the OpenAPI document, and the reference page at /docs/api. */
export function registerNativeFace(app: FastifyInstance, services: Services): void {
  app.decorateRequest('caller');
  app.decorateRequest('services');
  app.register(async (face) => {
    await face.register(swagger, openApiOptions);
    addNamedSchemas(face);
    face.register(async (api) => registerApi(api, services), { prefix: PREFIX });
    face.register(swaggerUi, { routePrefix: '/docs/api', uiConfig: { deepLinking: true, tryItOutEnabled: false } });
  });
}

function registerApi(api: FastifyInstance, services: Services): void {
  useOwnSchemas(api);
  api.setErrorHandler((error, request, reply) => sendProblem(request, reply, error));
  api.setNotFoundHandler((request, reply) => sendProblem(request, reply, nothingHere(request.method)));
  api.get('/openapi.json', { schema: { hide: true } }, (_request, reply) => reply.send(api.swagger()));
  api.register(async (guarded) => {
    guarded.addHook('onRequest', async (request, reply) => {
      reply.header('cache-control', 'no-store');
      request.services = services;
      request.caller = await admitted(services, request);
    });
    takeIdempotencyKeys(guarded);
    registerSessionRoutes(guarded, services);
    registerApiKeyRoutes(guarded, services);
    registerRefreshSettingRoutes(guarded);
    registerRetentionRoutes(guarded);
    registerDataToolRoutes(guarded);
    registerJobRoutes(guarded, services);
    registerDashboardRoutes(guarded, services);
    registerEventRoutes(guarded, services);
    registerRunTextRoutes(guarded, services);
  });
}

const nothingHere = (method: string) =>
  new DomainError('notFound', `There is nothing at this address that takes ${method}; see /docs/api`);
