import { DomainError } from '../domain/errors.ts';
import type { Transaction } from '../storage/database.ts';
import type { ProjectCommand } from './context.ts';
import { refuseForBuiltIn, requireActiveRole, requireUser } from './user-checks.ts';

/** A place in a project that a new user gets at once. */
export interface Membership {
  projectId: number;
  roleId: number;
}

/** Who is to be a member, and with which role. */
export interface MemberInput {
  userId?: number | null;
  projectRoleId?: number | null;
}

/** Makes a user a member of the project. Refused: unknown users and roles; `duplicate` for somebody who is one already. */
export async function addProjectMember({ db, projectId }: ProjectCommand, input: MemberInput): Promise<void> {
  await db.transaction(async (transaction) => {
    const userId = await requireUser(transaction, input.userId, 'userId');
    const roleId = await requireActiveRole(transaction, input.projectRoleId, 'projectRoleId');
    const added = await transaction.kysely
      .insertInto('projectMember')
      .values({ projectId, userId, roleId })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    if (!added.numInsertedOrUpdatedRows) {
      throw new DomainError('duplicate', `User ${userId} is a member of this product already`);
    }
  });
}

/** Gives a member another role. */
export async function changeProjectMember({ db, projectId }: ProjectCommand, input: MemberInput): Promise<void> {
  await db.transaction(async (transaction) => {
    const userId = await requireUser(transaction, input.userId, 'userId');
    const roleId = await requireActiveRole(transaction, input.projectRoleId, 'projectRoleId');
    const changed = await transaction.kysely
      .updateTable('projectMember')
      .set({ roleId })
      .where('projectId', '=', projectId)
      .where('userId', '=', userId)
      .executeTakeFirst();
    if (changed.numUpdatedRows === 0n) throw notMember(userId);
  });
}

/** Takes a member out of the project; what the member recorded stays. The built-in administrator cannot be removed. */
export async function removeProjectMember({ db, projectId }: ProjectCommand, userId: number): Promise<void> {
  await db.transaction(async (transaction) => {
    await requireUser(transaction, userId);
    refuseForBuiltIn(userId, 'removed from a product');
    const removed = await transaction.kysely
      .deleteFrom('projectMember')
      .where('projectId', '=', projectId)
      .where('userId', '=', userId)
      .executeTakeFirst();
    if (removed.numDeletedRows === 0n) throw notMember(userId);
  });
}

/** Throws `notFound` when the project or the role of a wanted membership does not exist. */
export async function requireMembershipTarget(
  transaction: Transaction,
  { projectId, roleId }: Membership,
): Promise<void> {
  const project = await transaction.kysely
    .selectFrom('project')
    .select('projectId')
    .where('projectId', '=', projectId)
    .executeTakeFirst();
  if (!project) throw new DomainError('notFound', `Project ${projectId} does not exist`);
  await requireActiveRole(transaction, roleId);
}

function notMember(userId: number): DomainError {
  return new DomainError('notFound', `User ${userId} is not a member of this product`);
}
