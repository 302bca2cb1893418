import { BUILT_IN_ADMINISTRATOR } from '../domain/actor.ts';
import { DomainError, errorFromIssues } from '../domain/errors.ts';
import type { Transaction } from '../storage/database.ts';

// People and roles belong to the server, not to a project, so references.ts (by project) does not know them.

/** Throws `notFound` when there is no such user; `field` is the member that names it, where one does. */
export async function requireUser(
  transaction: Transaction,
  userId: number | null | undefined,
  field?: string,
): Promise<number> {
  const user = await transaction.kysely
    .selectFrom('appUser')
    .select('userId')
    .where('userId', '=', userId ?? 0)
    .executeTakeFirst();
  if (!user) throw notThere(`User ${userId ?? ''} does not exist`, field);
  return user.userId;
}

/** Throws `notFound` when there is no such role, or it is inactive and so gives no access; `field` as in requireUser. */
export async function requireActiveRole(
  transaction: Transaction,
  roleId: number | null | undefined,
  field?: string,
): Promise<number> {
  const role = await transaction.kysely
    .selectFrom('role')
    .select('roleId')
    .where('roleId', '=', roleId ?? 0)
    .where('isActive', '=', true)
    .executeTakeFirst();
  if (!role) throw notThere(`Role ${roleId ?? ''} does not exist or is inactive`, field);
  return role.roleId;
}

function notThere(message: string, field: string | undefined): DomainError {
  return field === undefined
    ? new DomainError('notFound', message)
    : errorFromIssues([{ code: 'notFound', field, message }]);
}

/** The built-in administrator stays able to act everywhere (semantics 6.1). */
export function refuseForBuiltIn(userId: number, what: string): void {
  if (userId === BUILT_IN_ADMINISTRATOR) {
    throw new DomainError('invalid', `The built-in administrator (user ${BUILT_IN_ADMINISTRATOR}) cannot be ${what}`);
  }
}
