import type { Actor, ProjectAccess } from '../domain/actor.ts';
import type { Permission } from '../domain/permissions.ts';
import { hashApiKey } from '../storage/api-keys.ts';
import type { Queryable } from '../storage/database.ts';

/** What a request claims to be. */
export interface Credentials {
  /** Readings of the login that was sent; a key belongs to one user, so at most one of them fits. None: the key alone. */
  logins: readonly string[] | undefined;
  apiKey: string;
}

/** Who asks, and what of the project asked about is open to them. */
export interface Caller {
  actor: Actor;
  /** The project exists and is active. */
  projectExists: boolean;
  /** Undefined for somebody who is no member, and for members whose role is inactive. */
  access: ProjectAccess | undefined;
}

interface CallerRow {
  userId: number;
  login: string;
  isSystemAdmin: boolean;
  projectId: number | null;
  roleId: number | null;
  roleName: string;
  isProjectAdmin: boolean;
  canAddComments: boolean;
  permissions: Permission[];
}

// Semantics 6.1: user 1 is Product Owner (role 1) everywhere, system administrators wherever they are assigned.
const accessSql = `
  left join project p on p.project_id = $1 and p.is_active
  left join project_member m on m.project_id = p.project_id and m.user_id = u.user_id
  left join role r on r.role_id = case when u.user_id = 1 or (u.is_admin and m.user_id is not null) then 1 else m.role_id end
    and (r.is_active or u.user_id = 1)`;

const callerColumns = `
  u.user_id as "userId", u.login, u.is_admin as "isSystemAdmin", p.project_id as "projectId",
  r.role_id as "roleId", r.name as "roleName", r.is_project_admin as "isProjectAdmin", r.can_add_comments as "canAddComments",
  array(select q.artifact || ':' || q.action from role_permission q where q.role_id = r.role_id) as permissions`;

const mayEnter = 'u.is_active and u.is_approved and not u.is_locked';

/**
 * Returns who these credentials belong to and what they may do in the project (none: null), undefined when they are
 * wrong or the user is inactive, not approved or locked. One statement.
 */
export async function findCaller(
  db: Queryable,
  { logins, apiKey }: Credentials,
  projectId: number | null,
): Promise<Caller | undefined> {
  const [row] = await db.query<CallerRow>({
    name: 'find-caller',
    text: `select ${callerColumns}
      from api_key k join app_user u on u.user_id = k.user_id ${accessSql}
      where k.key_hash = $2 and k.revoked_at is null and ${mayEnter}
        and ($3::text[] is null or lower(u.login) in (select lower(given) from unnest($3::text[]) given))`,
    values: [projectId, hashApiKey(apiKey), logins?.map((login) => login.replaceAll('\u0000', '')) ?? null],
  });
  return row && callerFrom(row);
}

/** Returns what a known user may do in a project that the path does not name; undefined when it does not exist. */
export async function findProjectAccess(db: Queryable, actor: Actor, projectId: number): Promise<Caller | undefined> {
  const [row] = await db.query<CallerRow>({
    name: 'find-project-access',
    text: `select ${callerColumns} from app_user u ${accessSql} where u.user_id = $2 and ${mayEnter}`,
    values: [projectId, actor.userId],
  });
  return row && callerFrom(row);
}

function callerFrom(row: CallerRow): Caller {
  const actor = { userId: row.userId, login: row.login, isSystemAdmin: row.isSystemAdmin };
  if (row.projectId === null) return { actor, projectExists: false, access: undefined };
  if (row.roleId === null) return { actor, projectExists: true, access: undefined };
  const role = {
    roleId: row.roleId,
    name: row.roleName,
    isProjectAdmin: row.isProjectAdmin,
    canAddComments: row.canAddComments,
    permissions: new Set(row.permissions),
  };
  return { actor, projectExists: true, access: { projectId: row.projectId, role } };
}
