import { type Actor, BUILT_IN_ADMINISTRATOR } from '../domain/actor.ts';
import type { Queryable } from '../storage/database.ts';

/**
 * Returns SQL for the ids of the active projects that a user administers: by role, as a system administrator who is a
 * member, or as the built-in administrator everywhere (semantics 6.1).
 */
export function administeredProjectsSql(user: string): string {
  return `(select p.project_id from project p
            where p.is_active
              and (${user} = ${BUILT_IN_ADMINISTRATOR}
                or exists (select from project_member pm join app_user pu on pu.user_id = pm.user_id
                             join role ro on ro.role_id = pm.role_id and ro.is_active
                            where pm.project_id = p.project_id and pm.user_id = ${user}
                              and (ro.is_project_admin or pu.is_admin))))`;
}

/** Returns whether somebody administers the system or an active project: who may change what all projects share. */
export async function administersSomething(db: Queryable, actor: Actor): Promise<boolean> {
  if (actor.isSystemAdmin) return true;
  const [found] = await db.query(`select 1 from ${administeredProjectsSql('$1')} p limit 1`, [actor.userId]);
  return found !== undefined;
}
