import type { Transaction } from '../storage/database.ts';
import type { ServerCommand } from './context.ts';
import { type Membership, requireMembershipTarget } from './project-members.ts';

/** What can be said of a user. Missing keeps the stored value on update and means the default on create. */
export interface UserInput {
  userName?: string | null;
  firstName?: string | null;
  middleInitial?: string | null;
  lastName?: string | null;
  emailAddress?: string | null;
  department?: string | null;
  organizationName?: string | null;
  active?: boolean | null;
  approved?: boolean | null;
  admin?: boolean | null;
}

/**
 * Creates a user and returns the id; when the login is taken (in any letter case), the id of the user who has it, who
 * stays as stored. With a membership the user becomes a member with that role, unless a member already. A user has no
 * password and no API key until one is made.
 */
export async function createUser(
  { db }: ServerCommand,
  { user, membership }: { user: UserInput; membership?: Membership | undefined },
): Promise<number> {
  return db.transaction(async (transaction) => {
    if (membership) await requireMembershipTarget(transaction, membership);
    const userId = await insertOrFind(transaction, user);
    if (membership) {
      await transaction.kysely
        .insertInto('projectMember')
        .values({ ...membership, userId })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    }
    return userId;
  });
}

async function insertOrFind(transaction: Transaction, user: UserInput): Promise<number> {
  const login = (user.userName ?? '').trim();
  const created = await transaction.kysely
    .insertInto('appUser')
    .values({
      login,
      firstName: user.firstName ?? '',
      middleInitial: user.middleInitial ?? null,
      lastName: user.lastName ?? '',
      email: user.emailAddress ?? '',
      department: user.department ?? null,
      organization: user.organizationName ?? null,
      isActive: user.active ?? true,
      isApproved: user.approved ?? true,
      isAdmin: user.admin ?? false,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('userId')
    .executeTakeFirst();
  if (created) return created.userId;
  const [existing] = await transaction.query<{ userId: number }>(
    'select user_id as "userId" from app_user where lower(login) = lower($1)',
    [login],
  );
  if (!existing) throw new Error('A login was taken and then had no user');
  return existing.userId;
}
