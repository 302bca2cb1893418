import { DomainError, type Issue, refuse } from '../domain/errors.ts';
import { updateGuidStamped } from '../storage/concurrency.ts';
import type { Transaction } from '../storage/database.ts';
import type { ServerCommand } from './context.ts';
import type { UserInput } from './create-user.ts';
import { refuseForBuiltIn, requireUser } from './user-checks.ts';

/**
 * Updates a user; missing members keep their value, null clears those that may be empty. Refused: a stale stamp, a
 * login that somebody else has, taking rights from the built-in administrator (semantics 6.1).
 */
export async function updateUser(
  { db }: ServerCommand,
  { userId, user }: { userId: number; user: UserInput & { concurrencyGuid?: string | null } },
): Promise<void> {
  await db.transaction(async (transaction) => {
    await requireUser(transaction, userId);
    refuse(blankMembers(user));
    if (user.active === false || user.approved === false) refuseForBuiltIn(userId, 'deactivated');
    if (user.admin === false) refuseForBuiltIn(userId, 'deprived of administration');
    const login = user.userName?.trim();
    if (login !== undefined) await refuseTakenLogin(transaction, userId, login);
    await updateGuidStamped(transaction, {
      table: 'appUser',
      key: { userId },
      what: `User ${userId}`,
      stamp: user.concurrencyGuid,
      changes: {
        login,
        firstName: user.firstName ?? undefined,
        middleInitial: user.middleInitial,
        lastName: user.lastName ?? undefined,
        email: user.emailAddress ?? undefined,
        department: user.department,
        organization: user.organizationName,
        isActive: user.active ?? undefined,
        isApproved: user.approved ?? undefined,
        isAdmin: user.admin ?? undefined,
      },
    });
  });
}

/** Deactivates a user: no key lets this user in any more, everything recorded stays. */
export async function deactivateUser({ db }: ServerCommand, userId: number): Promise<void> {
  await db.transaction(async (transaction) => {
    await requireUser(transaction, userId);
    refuseForBuiltIn(userId, 'deactivated');
    await transaction.query(
      `update app_user set is_active = false, updated_at = now(), concurrency_guid = gen_random_uuid()
        where user_id = $1 and is_active`,
      [userId],
    );
  });
}

const neverBlank = ['userName', 'firstName', 'lastName', 'emailAddress'] as const;

function blankMembers(user: UserInput): Issue[] {
  return neverBlank
    .filter((field) => typeof user[field] === 'string' && user[field].trim() === '')
    .map((field) => ({ code: 'invalid', field, message: `A user needs a ${field}` }));
}

async function refuseTakenLogin(transaction: Transaction, userId: number, login: string): Promise<void> {
  const [other] = await transaction.query('select from app_user where lower(login) = lower($1) and user_id <> $2', [
    login,
    userId,
  ]);
  if (other) throw new DomainError('duplicate', `The login ${login} is taken`);
}
