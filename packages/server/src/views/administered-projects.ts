import { BUILT_IN_ADMINISTRATOR } from '../domain/actor.ts';

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
