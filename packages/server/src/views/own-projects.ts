import { BUILT_IN_ADMINISTRATOR } from '../domain/actor.ts';

/**
 * Returns SQL for the ids of the active projects that a user is a member of, by an active role; the built-in
 * administrator is a member everywhere. For lists of what somebody owns in all projects.
 */
export function ownProjectsSql(user: string): string {
  return `(select p.project_id from project p
            where p.is_active
              and (${user} = ${BUILT_IN_ADMINISTRATOR}
                or exists (select from project_member pm join role ro on ro.role_id = pm.role_id and ro.is_active
                            where pm.project_id = p.project_id and pm.user_id = ${user})))`;
}
