import { BUILT_IN_ADMINISTRATOR } from '../domain/actor.ts';
import { DomainError } from '../domain/errors.ts';
import type { Transaction } from '../storage/database.ts';

// People and roles belong to the server, not to a project, so references.ts (by project) does not know them.

/** Throws `notFound` when there is no such user. */
export async function requireUser(transaction: Transaction, userId: number | null | undefined): Promise<number> {
  const user = await transaction.kysely
    .selectFrom('appUser')
    .select('userId')
    .where('userId', '=', userId ?? 0)
    .executeTakeFirst();
  if (!user) throw new DomainError('notFound', `User ${userId ?? ''} does not exist`);
  return user.userId;
}

/** Throws `notFound` when there is no such role, or it is inactive and so gives no access. */
export async function requireActiveRole(transaction: Transaction, roleId: number | null | undefined): Promise<number> {
  const role = await transaction.kysely
    .selectFrom('role')
    .select('roleId')
    .where('roleId', '=', roleId ?? 0)
    .where('isActive', '=', true)
    .executeTakeFirst();
  if (!role) throw new DomainError('notFound', `Role ${roleId ?? ''} does not exist or is inactive`);
  return role.roleId;
}

/** The built-in administrator stays able to act everywhere (semantics 6.1). */
export function refuseForBuiltIn(userId: number, what: string): void {
  if (userId === BUILT_IN_ADMINISTRATOR) {
    throw new DomainError('invalid', `The built-in administrator (user ${BUILT_IN_ADMINISTRATOR}) cannot be ${what}`);
  }
}
