import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { ref, TestRunPath, TextPart, TextPartQuery } from '@runledger/protocol';
import type { FastifyInstance } from 'fastify';
import { notFound } from '../../../domain/errors.ts';
import { partOfRunText } from '../../../views/run-texts.ts';
import type { Services } from '../../services.ts';
import { failures } from '../openapi.ts';

const DEFAULT_LIMIT = 100_000;

const texts = [
  { address: 'stack-trace', text: 'stackTrace', operationId: 'readStackTrace', what: 'stack trace' },
  { address: 'message', text: 'message', operationId: 'readMessage', what: 'message' },
] as const;

export function registerRunTextRoutes(plain: FastifyInstance, services: Services): void {
  const api = plain.withTypeProvider<TypeBoxTypeProvider>();
  for (const { address, text, operationId, what } of texts) {
    api.get(
      `/projects/:projectId/test-runs/:testRunId/${address}`,
      {
        config: { needs: { anyOf: ['testRun:view'] } },
        schema: {
          operationId,
          tags: ['Test runs'],
          summary: `A part of the ${what} of a run, which may have many megabytes.`,
          params: TestRunPath,
          querystring: TextPartQuery,
          response: { 200: ref(TextPart), ...failures },
        },
      },
      async ({ params: { projectId, testRunId }, query: { offset = 0, limit = DEFAULT_LIMIT } }) => {
        const part = await partOfRunText(services.read, { projectId, testRunId, text }, { offset, limit });
        if (!part) throw notFound(`Test run ${testRunId}`);
        const end = offset + limit;
        return { ...part, offset, nextOffset: end < part.length ? end : null };
      },
    );
  }
}
