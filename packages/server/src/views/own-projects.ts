import { BUILT_IN_ADMINISTRATOR } from '../domain/actor.ts';

/**
 * Returns SQL for the ids of the active projects that are open to a user: those he is a member of by an active role, as
 * a system administrator by any; to the built-in administrator all. For lists of what somebody owns in all projects.
 */
export function ownProjectsSql(user: string): string {
  return `(select p.project_id from project p
            where p.is_active
              and (${user} = ${BUILT_IN_ADMINISTRATOR}
                or exists (select from project_member pm
                             join role ro on ro.role_id = pm.role_id
                             join app_user au on au.user_id = pm.user_id
                            where pm.project_id = p.project_id and pm.user_id = ${user}
                              and (ro.is_active or au.is_admin))))`;
}
