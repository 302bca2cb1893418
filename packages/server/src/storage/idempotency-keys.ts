import type { Queryable, Transaction } from './database.ts';

/** How long the first answer is repeated, by the clock of the database. */
const KEPT = `interval '24 hours'`;

/** Whose key it is, and for which project of the path (0: the path names none). */
export interface KeyScope {
  projectId: number;
  userId: number;
  key: string;
}

/** A project whose figures an answer waits for, and what in it was changed. */
export interface Refresh {
  projectId: number;
  changed: 'facts' | 'bulk';
}

/** What was answered under a key. */
export interface FirstAnswer {
  /** Tells requests apart. */
  fingerprint: Buffer;
  status: number;
  refreshes: readonly Refresh[];
  /** As packed. */
  answer: Buffer;
  isExpired: boolean;
}

/**
 * Takes the key for this transaction and returns whether it was free. While another transaction holds it, this waits
 * for its end: after its commit the key is taken, after its rollback free. Fails with `lock_not_available` after
 * `waitMs`; that limit then holds for the rest of the transaction.
 */
export async function claimKey(
  transaction: Transaction,
  { projectId, userId, key }: KeyScope,
  { fingerprint, waitMs }: { fingerprint: Buffer; waitMs: number },
): Promise<boolean> {
  const claimed = await transaction.query({
    name: 'claim-idempotency-key',
    text: `insert into idempotency_key (project_id, user_id, key, fingerprint)
           select $1::integer, $2::integer, $3::text, $4::bytea where set_config('lock_timeout', $5, true) is not null
           on conflict (project_id, user_id, key) do nothing
           returning 1`,
    values: [projectId, userId, key, fingerprint, String(waitMs)],
  });
  return claimed.length > 0;
}

/** Returns what was answered under the key, undefined when nothing was. */
export async function findFirstAnswer(
  db: Queryable,
  { projectId, userId, key }: KeyScope,
): Promise<FirstAnswer | undefined> {
  const [row] = await db.query<FirstAnswer>({
    name: 'find-first-answer',
    text: `select fingerprint, status, refreshes, answer, created_at < now() - ${KEPT} as "isExpired"
             from idempotency_key where project_id = $1 and user_id = $2 and key = $3`,
    values: [projectId, userId, key],
  });
  return row;
}

/** Keeps the answer under a key that this transaction has claimed. */
export async function keepAnswer(
  transaction: Transaction,
  { projectId, userId, key }: KeyScope,
  { status, refreshes, answer }: Pick<FirstAnswer, 'status' | 'refreshes' | 'answer'>,
): Promise<void> {
  await transaction.query({
    name: 'keep-answer',
    text: `update idempotency_key set status = $4, refreshes = $5::jsonb, answer = $6
            where project_id = $1 and user_id = $2 and key = $3`,
    values: [projectId, userId, key, status, JSON.stringify(refreshes), answer],
  });
}

/** Frees one key whose time is over. */
export async function deleteExpiredKey(transaction: Transaction, { projectId, userId, key }: KeyScope): Promise<void> {
  await transaction.query(
    `delete from idempotency_key
      where project_id = $1 and user_id = $2 and key = $3 and created_at < now() - ${KEPT}`,
    [projectId, userId, key],
  );
}

/** Returns the projects that hold keys whose time is over (0: keys of paths without one). */
export async function projectsWithExpiredKeys(db: Queryable): Promise<number[]> {
  const rows = await db.query<{ projectId: number }>(
    `select distinct project_id as "projectId" from idempotency_key where created_at < now() - ${KEPT} order by 1`,
  );
  return rows.map((row) => row.projectId);
}

/** Deletes up to `most` keys of a project whose time is over; returns how many. */
export async function deleteExpiredKeys(db: Queryable, projectId: number, most: number): Promise<number> {
  const deleted = await db.query(
    `delete from idempotency_key k
      using (select user_id, key from idempotency_key
              where project_id = $1 and created_at < now() - ${KEPT} order by created_at limit $2) old
      where k.project_id = $1 and k.user_id = old.user_id and k.key = old.key
     returning 1`,
    [projectId, most],
  );
  return deleted.length;
}
