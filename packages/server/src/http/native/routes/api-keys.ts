import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { ApiKeyList, ApiKeyPath, ApiKeyRequest, NewApiKey, ref, UserPath } from '@runledger/protocol';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { createApiKey, revokeApiKey } from '../../../commands/api-keys.ts';
import type { Actor } from '../../../domain/actor.ts';
import { DomainError } from '../../../domain/errors.ts';
import { listApiKeys } from '../../../views/api-keys.ts';
import { onServer, type Services } from '../../services.ts';
import { failures } from '../openapi.ts';

const tags = ['API keys'];

/** Everybody handles their own keys, system administrators those of all; nobody else learns who there is. */
export function registerApiKeyRoutes(plain: FastifyInstance, services: Services): void {
  const api = plain.withTypeProvider<TypeBoxTypeProvider>();
  api.get(
    '/users/:userId/api-keys',
    {
      config: { needs: { login: true } },
      schema: {
        operationId: 'listApiKeys',
        tags,
        summary: 'The API keys of a user: your own, or as system administrator anybody’s.',
        params: UserPath,
        response: { 200: ref(ApiKeyList), ...failures },
      },
    },
    async ({ caller, params: { userId } }) => {
      requireOwner(caller.actor, userId);
      return { items: await listApiKeys(services.read, userId) };
    },
  );
  api.post(
    '/users/:userId/api-keys',
    {
      config: { needs: { login: true }, isAnswerSecret: true },
      preHandler: async ({ caller, params }) => requireOwner(caller.actor, params.userId),
      schema: {
        operationId: 'createApiKey',
        tags,
        summary: 'Makes an API key and shows it, this once.',
        params: UserPath,
        body: ref(ApiKeyRequest),
        response: { 201: ref(NewApiKey), ...failures },
      },
    },
    async ({ caller, services, params: { userId }, body: { label = '' } }, reply) => {
      const created = await createApiKey(onServer(services, caller.actor), { userId, label });
      reply.code(201);
      return created;
    },
  );
  api.delete(
    '/users/:userId/api-keys/:apiKeyId',
    {
      config: { needs: { login: true } },
      preHandler: async ({ caller, params }) => requireOwner(caller.actor, params.userId),
      schema: {
        operationId: 'revokeApiKey',
        tags,
        summary: 'Revokes an API key: it lets nobody in any more.',
        params: ApiKeyPath,
        response: { 204: Type.Null(), ...failures },
      },
    },
    async ({ caller, services, params: { userId, apiKeyId } }, reply) => {
      const keys = await listApiKeys(services.read, userId);
      if (!keys.some((key) => key.apiKeyId === apiKeyId)) throw noKey(apiKeyId);
      await revokeApiKey(onServer(services, caller.actor), apiKeyId);
      reply.code(204);
      return null;
    },
  );
}

const noKey = (apiKeyId: number) => new DomainError('notFound', `There is no API key ${apiKeyId} of this user`);

function requireOwner(actor: Actor, userId: number): void {
  if (!actor.isSystemAdmin && actor.userId !== userId)
    throw new DomainError('notFound', `There is no user ${userId} whose keys you may handle`);
}
