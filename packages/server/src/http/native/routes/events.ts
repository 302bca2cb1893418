import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { EventPage, EventQuery, ref } from '@runledger/protocol';
import type { FastifyInstance } from 'fastify';
import { listEvents } from '../../../views/events.ts';
import type { Services } from '../../services.ts';
import { failures } from '../openapi.ts';
import { dateIn, numberIn, pageOf, readCursor } from '../paging.ts';

export function registerEventRoutes(plain: FastifyInstance, services: Services): void {
  const api = plain.withTypeProvider<TypeBoxTypeProvider>();
  api.get(
    '/events',
    {
      config: { needs: { login: true } },
      schema: {
        operationId: 'listEvents',
        tags: ['Events'],
        summary:
          'The event log, newest first: of the projects that the caller administers, all of it for system administrators.',
        querystring: EventQuery,
        response: { 200: ref(EventPage), ...failures },
      },
    },
    async ({ caller, query: { limit: asked, cursor, ...filter } }) => {
      const parts = readCursor(cursor);
      const occurredAt = dateIn(parts, 0);
      const eventId = numberIn(parts, 1);
      const before = occurredAt && eventId !== undefined ? { occurredAt, eventId } : undefined;
      return pageOf(asked, {
        fetch: (limit) => listEvents(services.read, caller.actor, { ...filter, before, limit }),
        keyOf: (last) => [last.occurredAt.getTime(), last.eventId],
      });
    },
  );
}
