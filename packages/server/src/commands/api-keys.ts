import { DomainError } from '../domain/errors.ts';
import { newApiKey } from '../storage/api-keys.ts';
import { insertEvent } from '../storage/events.ts';
import type { ServerCommand } from './context.ts';
import { requireUser } from './user-checks.ts';

/** Makes an API key for a user and returns it: the only moment at which it can be seen, since its hash is stored. */
export async function createApiKey(
  { db, actor }: ServerCommand,
  { userId, label = '' }: { userId: number; label?: string },
): Promise<{ apiKeyId: number; key: string }> {
  return db.transaction(async (transaction) => {
    await requireUser(transaction, userId);
    const { key, hash, hint } = newApiKey();
    const row = await transaction.kysely
      .insertInto('apiKey')
      .values({ userId, label, hint, keyHash: hash })
      .returning('apiKeyId')
      .executeTakeFirstOrThrow();
    const details = { apiKeyId: row.apiKeyId, userId, label };
    await insertEvent(transaction, {
      userId: actor.userId,
      projectId: null,
      kind: 'apiKey',
      subject: 'create',
      details,
    });
    return { apiKeyId: row.apiKeyId, key };
  });
}

/** Revokes an API key: from now on it lets nobody in. `notFound` for one that does not exist or is revoked already. */
export async function revokeApiKey({ db, actor, now }: ServerCommand, apiKeyId: number): Promise<void> {
  await db.transaction(async (transaction) => {
    const row = await transaction.kysely
      .updateTable('apiKey')
      .set({ revokedAt: now() })
      .where('apiKeyId', '=', apiKeyId)
      .where('revokedAt', 'is', null)
      .returning('userId')
      .executeTakeFirst();
    if (!row) throw new DomainError('notFound', `API key ${apiKeyId} does not exist or is revoked already`);
    const details = { apiKeyId, userId: row.userId };
    await insertEvent(transaction, {
      userId: actor.userId,
      projectId: null,
      kind: 'apiKey',
      subject: 'revoke',
      details,
    });
  });
}
