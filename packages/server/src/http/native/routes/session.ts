import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Me, ProjectPage, ProjectQuery, ref } from '@runledger/protocol';
import type { FastifyInstance } from 'fastify';
import { toolProjects } from '../../../views/data-tools.ts';
import type { Services } from '../../services.ts';
import { failures } from '../openapi.ts';
import { numberIn, pageOf, readCursor } from '../paging.ts';

export function registerSessionRoutes(plain: FastifyInstance, services: Services): void {
  const api = plain.withTypeProvider<TypeBoxTypeProvider>();
  api.get(
    '/me',
    {
      config: { needs: { login: true } },
      schema: {
        operationId: 'getMe',
        tags: ['Session'],
        summary: 'Who the key that was sent belongs to.',
        response: { 200: ref(Me), ...failures },
      },
    },
    async ({ caller }) => caller.actor,
  );
  api.get(
    '/projects',
    {
      config: { needs: { login: true } },
      schema: {
        operationId: 'listProjects',
        tags: ['Session'],
        summary: 'The active projects of the caller, all for a system administrator, with what is pending in each.',
        querystring: ProjectQuery,
        response: { 200: ref(ProjectPage), ...failures },
      },
    },
    async ({ caller, query }) => {
      const server = await services.refreshSettings.server();
      const afterId = numberIn(readCursor(query.cursor), 0) ?? 0;
      return pageOf(query.limit, {
        fetch: (limit) => toolProjects(services.read, { actor: caller.actor, server, afterId, limit }),
        keyOf: (last) => [last.projectId],
      });
    },
  );
}
