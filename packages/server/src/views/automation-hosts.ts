import type { Queryable } from '../storage/database.ts';
import { artifactColumns } from './artifact-columns.ts';
import { boolean, date, number, text, view } from './view.ts';

/** The automation hosts of a project, by id. Parameters: project id. */
export const automationHosts = view({
  from: 'automation_host t',
  scope: 't.project_id = $1 and not t.is_deleted',
  key: 'automationHostId',
  columns: {
    ...artifactColumns(9, 't.automation_host_id'),
    automationHostId: number('t.automation_host_id'),
    name: text('t.name'),
    token: text('t.token'),
    description: text('t.description'),
    lastUpdateDate: date('t.updated_at'),
    active: boolean('t.is_active'),
    lastContactDate: date('t.last_contact_at'),
  },
});

/** Returns the id of the host with this token, in any letter case; undefined when there is none. */
export async function findHostIdByToken(db: Queryable, projectId: number, token: string): Promise<number | undefined> {
  const [row] = await db.query<{ id: number }>(
    `select automation_host_id as id from automation_host
      where project_id = $1 and lower(token) = lower($2) and not is_deleted`,
    [projectId, token.replaceAll('\u0000', '')],
  );
  return row?.id;
}
