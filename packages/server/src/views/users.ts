import type { Queryable } from '../storage/database.ts';
import { fullNameSql } from './artifact-columns.ts';
import { boolean, date, number, text, view } from './view.ts';

/** What is told of a user; `u` is the table of users. API keys are stored hashed and never told. */
const userDetails = {
  userId: number('u.user_id'),
  userGuid: text('u.guid::text'),
  userName: text('u.login'),
  firstName: text('u.first_name'),
  middleInitial: text('u.middle_initial'),
  lastName: text('u.last_name'),
  fullName: text(fullNameSql('u')),
  emailAddress: text('u.email'),
  department: text('u.department'),
  organizationName: text('u.organization'),
  active: boolean('u.is_active'),
  approved: boolean('u.is_approved'),
  locked: boolean('u.is_locked'),
  admin: boolean('u.is_admin'),
  lastUpdatedDate: date('u.updated_at'),
  concurrencyGuid: text('u.concurrency_guid::text'),
};

/** The users of the server. No parameters. */
export const users = view({
  from: 'app_user u',
  scope: 'true',
  key: 'userId',
  columns: userDetails,
});

/** The members of a project with their roles, by user id. Parameters: project id. */
export const projectUsers = view({
  from: `project_member t join app_user u on u.user_id = t.user_id join role r on r.role_id = t.role_id
         join project p on p.project_id = t.project_id`,
  scope: 't.project_id = $1',
  key: 'userId',
  columns: {
    ...userDetails,
    projectId: number('t.project_id'),
    projectGuid: text('p.guid::text'),
    projectRoleId: number('t.role_id'),
    projectRoleGuid: text('r.guid::text'),
    projectRoleName: text('r.name'),
  },
});

/** Returns the id of the user with this login, in any letter case; undefined when there is none. */
export async function findUserIdByLogin(
  db: Queryable,
  { login, includeInactive }: { login: string; includeInactive: boolean },
): Promise<number | undefined> {
  const [row] = await db.query<{ userId: number }>(
    'select user_id as "userId" from app_user where lower(login) = lower($1) and (is_active or $2)',
    [login.replaceAll('\u0000', ''), includeInactive],
  );
  return row?.userId;
}
