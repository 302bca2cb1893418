import type { Queryable } from '../storage/database.ts';

/** An API key as its owner may see it. */
export interface ApiKeyView {
  apiKeyId: number;
  userId: number;
  login: string;
  hint: string;
  label: string;
  createdAt: Date;
  revokedAt: Date | null;
}

/** Returns the API keys of a user, newest first; without a user those of everybody. */
export async function listApiKeys(db: Queryable, userId?: number): Promise<ApiKeyView[]> {
  return db.query<ApiKeyView>(
    `select k.api_key_id as "apiKeyId", k.user_id as "userId", u.login, k.hint, k.label,
            k.created_at as "createdAt", k.revoked_at as "revokedAt"
       from api_key k join app_user u using (user_id)
      where $1::int is null or k.user_id = $1
      order by k.api_key_id desc`,
    [userId ?? null],
  );
}
