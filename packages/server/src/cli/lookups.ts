import { DomainError } from '../domain/errors.ts';
import type { Queryable } from '../storage/database.ts';

/** Returns the id of the user with this login (in any letter case) or id. */
export async function userIdOf(db: Queryable, given: string): Promise<number> {
  return onlyOne(
    await db.query<{ id: number }>(
      'select user_id as id from app_user where lower(login) = lower($1) or user_id::text = $1',
      [given],
    ),
    `user "${given}"`,
  );
}

/** Returns the id of the product with this id or name. */
export async function projectIdOf(db: Queryable, given: string): Promise<number> {
  return onlyOne(
    await db.query<{ id: number }>(
      `select project_id as id from project where project_id::text = $1
       union select project_id from project where lower(name) = lower($1) and $1 !~ '^[0-9]+$'`,
      [given],
    ),
    `product "${given}"`,
  );
}

/** Returns the id of the role with this id or name. */
export async function roleIdOf(db: Queryable, given: string): Promise<number> {
  return onlyOne(
    await db.query<{ id: number }>(
      'select role_id as id from role where role_id::text = $1 or lower(name) = lower($1)',
      [given],
    ),
    `role "${given}"`,
  );
}

const LARGEST_ID = 2 ** 31 - 1;

/** Returns the id that a word is; `what` reads like `key`. */
export function idFrom(word: string, what: string): number {
  const id = Number(word);
  if (/^\d+$/.test(word) && id >= 1 && id <= LARGEST_ID) return id;
  throw new DomainError('invalid', `"${word}" is not the id of a ${what}`);
}

function onlyOne(rows: readonly { id: number }[], what: string): number {
  const [row] = rows;
  if (!row) throw new DomainError('notFound', `There is no ${what}`);
  if (rows.length > 1) throw new DomainError('invalid', `There is more than one ${what}; say which by its id`);
  return row.id;
}
