import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger';
import * as protocol from '@runledger/protocol';
import type { FastifyInstance, FastifySchema } from 'fastify';
import { isWrite } from './once.ts';

/** How the OpenAPI document of the own face is made from its routes. */
export const openApiOptions: FastifyDynamicSwaggerOptions = {
  openapi: {
    openapi: '3.1.0',
    info: {
      title: 'Runledger',
      version: '1',
      description:
        'The own interface of Runledger. JSON in camelCase; lists come in pages (`nextCursor`); every failure is application/problem+json (RFC 9457). Test results are recorded over the Spira-compatible interface: /docs/spira.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    tags: [
      { name: 'Session', description: 'Who calls, and what is open to them.' },
      { name: 'API keys', description: 'What users and tools sign in with.' },
      { name: 'Figures', description: 'When statuses and counters follow results.' },
      { name: 'Data tools', description: 'Derive and repair stored data; every use is a job.' },
      { name: 'Dashboards', description: 'Figures of a project at a glance.' },
      { name: 'Test runs', description: 'Their output, in parts.' },
      { name: 'Events', description: 'Who did what.' },
    ],
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'The API key alone.' },
        basic: { type: 'http', scheme: 'basic', description: 'User name and API key.' },
        userName: { type: 'apiKey', in: 'header', name: 'username' },
        apiKey: { type: 'apiKey', in: 'header', name: 'api-key' },
      },
    },
    security: [{ bearer: [] }, { basic: [] }, { userName: [], apiKey: [] }],
  },
  transform: ({ schema, url, route }) => ({ schema: isWrite(route) ? withIdempotencyKey(schema) : schema, url }),
  refResolver: {
    buildLocalReference: (schema, _baseUri, _fragment, index) => String(schema['$id'] ?? `def-${index}`),
  },
};

/** Makes every named schema of the protocol known by its name. */
export function addNamedSchemas(face: FastifyInstance): void {
  for (const schema of Object.values(protocol)) {
    if (typeof schema === 'object' && '$id' in schema) face.addSchema(schema);
  }
}

const problem = {
  description: 'A failure (RFC 9457).',
  content: { 'application/problem+json': { schema: protocol.ref(protocol.Problem) } },
};

/** The answers that every route can give besides its own. */
export const failures = { '4XX': problem, '5XX': problem };

const idempotencyKey = {
  type: 'string',
  minLength: 1,
  maxLength: 255,
  description:
    'A text of the caller’s choice, new for each request: a repeat of the request with it within 24 hours is not done again, but gets the first answer, with the header Idempotent-Replayed. A refused request leaves its key free.',
} as const;

/** Returns the schema of a write as it is shown; the header is read and checked by `once.ts`. */
function withIdempotencyKey(schema: FastifySchema): FastifySchema {
  const conflict = {
    ...problem,
    description: 'The present state does not allow this, or the Idempotency-Key was used for another request.',
  };
  return {
    ...schema,
    headers: { type: 'object', properties: { 'Idempotency-Key': idempotencyKey } },
    response: { ...(schema.response as object), 409: conflict },
  };
}
