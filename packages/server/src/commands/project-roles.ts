import { DomainError, type Issue, refuse } from '../domain/errors.ts';
import { type Action, type Artifact, artifactTypeIds, permissionIds } from '../domain/permissions.ts';
import type { Transaction } from '../storage/database.ts';
import type { ServerCommand } from './context.ts';
import { blankName } from './input-checks.ts';

/** One box of the grid, by the ids of the public API. */
export interface PermissionInput {
  artifactTypeId?: number | null;
  permissionId?: number | null;
}

/** What can be said of a role. Missing keeps the stored value on update and means the default on create. */
export interface RoleInput {
  projectRoleId?: number | null;
  name?: string | null;
  description?: string | null;
  active?: boolean | null;
  admin?: boolean | null;
  discussionsAdd?: boolean | null;
  sourceCodeView?: boolean | null;
  permissions?: readonly PermissionInput[] | null;
}

/** Steps are part of their test case: their boxes may be sent and say nothing of their own. */
const TEST_STEP = 7;

const artifactOf = new Map(Object.entries(artifactTypeIds).map(([artifact, id]) => [id, artifact as Artifact]));
const actionOf = new Map(Object.entries(permissionIds).map(([action, id]) => [id, action as Action]));

/** Creates a role of our own and returns its id. Refused: a name that is taken, boxes that the grid does not have. */
export async function createProjectRole({ db }: ServerCommand, role: RoleInput): Promise<number> {
  return db.transaction(async (transaction) => {
    refuse(permissionIssues(role));
    await refuseTakenName(transaction, { name: role.name ?? null });
    const { roleId } = await transaction.kysely
      .insertInto('role')
      .values({
        name: (role.name ?? '').trim(),
        description: role.description ?? null,
        isActive: role.active ?? true,
        isProjectAdmin: role.admin ?? false,
        canAddComments: role.discussionsAdd ?? true,
        canViewSourceCode: role.sourceCodeView ?? false,
      })
      .returning('roleId')
      .executeTakeFirstOrThrow();
    await replaceGrid(transaction, roleId, role.permissions ?? []);
    return roleId;
  });
}

/**
 * Updates a role, for all its members at once; missing members keep their value. A grid that is sent replaces the stored
 * one, except what has no ids in the public API (to create builds).
 */
export async function updateProjectRole({ db }: ServerCommand, role: RoleInput): Promise<void> {
  await db.transaction(async (transaction) => {
    const { roleId } = await requireRole(transaction, role.projectRoleId);
    refuse([...blankName(role.name, 'A role'), ...permissionIssues(role)]);
    await refuseTakenName(transaction, role);
    await transaction.kysely
      .updateTable('role')
      .set({
        name: role.name?.trim(),
        description: role.description,
        isActive: role.active ?? undefined,
        isProjectAdmin: role.admin ?? undefined,
        canAddComments: role.discussionsAdd ?? undefined,
        canViewSourceCode: role.sourceCodeView ?? undefined,
        isDefault: (expression) => expression.ref('isDefault'),
      })
      .where('roleId', '=', roleId)
      .execute();
    if (role.permissions) await replaceGrid(transaction, roleId, role.permissions);
  });
}

/** Deletes a role of our own. Default roles can only be deactivated, and a role that members have has to stay. */
export async function deleteProjectRole({ db }: ServerCommand, roleId: number): Promise<void> {
  await db.transaction(async (transaction) => {
    const role = await requireRole(transaction, roleId);
    if (role.isDefault) {
      throw new DomainError('invalid', `${role.name} is a default role; it can be deactivated, but not deleted`);
    }
    const [members] = await transaction.query<{ count: number }>(
      'select count(*) as count from project_member where role_id = $1',
      [roleId],
    );
    if (members && members.count > 0) {
      throw new DomainError(
        'invalid',
        `${members.count} members have the role ${role.name}; give them another one first`,
      );
    }
    await transaction.kysely.deleteFrom('role').where('roleId', '=', roleId).execute();
  });
}

async function requireRole(transaction: Transaction, roleId: number | null | undefined) {
  const role = await transaction.kysely
    .selectFrom('role')
    .select(['roleId', 'name', 'isDefault'])
    .where('roleId', '=', roleId ?? 0)
    .forUpdate()
    .executeTakeFirst();
  if (!role) throw new DomainError('notFound', `Role ${roleId ?? ''} does not exist`);
  return role;
}

async function refuseTakenName(
  transaction: Transaction,
  { name, projectRoleId }: Pick<RoleInput, 'name' | 'projectRoleId'>,
): Promise<void> {
  if (!name) return;
  const [other] = await transaction.query('select from role where lower(name) = lower($1) and role_id <> $2', [
    name.trim(),
    projectRoleId ?? 0,
  ]);
  if (other) throw new DomainError('duplicate', `There is a role ${name.trim()} already`);
}

function permissionIssues({ permissions }: RoleInput): Issue[] {
  return (permissions ?? []).flatMap(({ artifactTypeId, permissionId }, position): Issue[] => {
    const at = `permissions[${position}]`;
    const isArtifact = artifactOf.has(artifactTypeId ?? 0) || artifactTypeId === TEST_STEP;
    return [
      ...(isArtifact ? [] : [outside(`${at}.artifactTypeId`, artifactTypeId, artifactOf)]),
      ...(actionOf.has(permissionId ?? 0) ? [] : [outside(`${at}.permissionId`, permissionId, actionOf)]),
    ];
  });
}

function outside(
  field: string,
  value: number | null | undefined,
  names: ReadonlyMap<number | undefined, string>,
): Issue {
  const allowed = [...names].map(([id, name]) => `${id} ${name}`).join(', ');
  return { code: 'outsideTable', field, message: `${value ?? 'nothing'} is not allowed here; allowed are ${allowed}` };
}

async function replaceGrid(
  transaction: Transaction,
  roleId: number,
  permissions: readonly PermissionInput[],
): Promise<void> {
  const boxes = permissions.flatMap(({ artifactTypeId, permissionId }) => {
    const artifact = artifactOf.get(artifactTypeId ?? 0);
    const action = actionOf.get(permissionId ?? 0);
    return artifact && action ? [{ artifact, action }] : [];
  });
  await transaction.query('delete from role_permission where role_id = $1 and artifact = any($2)', [
    roleId,
    [...artifactOf.values()],
  ]);
  await transaction.query(
    `insert into role_permission (role_id, artifact, action)
     select $1, artifact, action from unnest($2::text[], $3::text[]) as grid (artifact, action)
     on conflict do nothing`,
    [roleId, boxes.map((box) => box.artifact), boxes.map((box) => box.action)],
  );
}
