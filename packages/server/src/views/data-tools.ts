import type { Actor } from '../domain/actor.ts';
import type { EffectiveRefreshMode, RefreshMode } from '../domain/refresh-mode.ts';
import { effectiveRefreshMode, type ServerRefresh } from '../domain/refresh-mode.ts';
import type { Queryable } from '../storage/database.ts';
import { findNightlyRound, findProjectRefresh } from '../storage/settings.ts';
import { ownProjectsSql } from './own-projects.ts';

/** Results that are newer than the figures (BK-7). */
export interface PendingResults {
  /** Test runs that the figures do not show yet. */
  runs: number;
  /** When the oldest of them was recorded; null when there are none. */
  since: Date | null;
  /** Changes of other kinds that the figures do not show yet. */
  otherChanges: number;
}

const pendingColumns = `coalesce(sum(c.run_count), 0) as runs,
  min(c.recorded_at) filter (where c.run_count > 0) as since,
  count(c.change_id) filter (where c.run_count = 0) as "otherChanges"`;

/** Returns how many results of a project are newer than its figures, and since when. */
export async function pendingResults(db: Queryable, projectId: number): Promise<PendingResults> {
  const [row] = await db.query<PendingResults>({
    name: 'pending-results',
    text: `select ${pendingColumns} from change c where c.project_id = $1`,
    values: [projectId],
  });
  return row ?? { runs: 0, since: null, otherChanges: 0 };
}

/** A project as the Data Tools pages list it. */
export interface ToolProject {
  projectId: number;
  name: string;
  role: { roleId: number; name: string; isProjectAdmin: boolean } | null;
  refresh: ProjectRefreshView;
  pending: PendingResults;
}

interface ToolProjectRow extends PendingResults {
  projectId: number;
  name: string;
  mode: RefreshMode | null;
  rollupsDisabled: boolean;
  roleId: number | null;
  roleName: string;
  isProjectAdmin: boolean;
}

/**
 * Returns the active projects that somebody is a member of, all for a system administrator, by id, after `afterId`,
 * with their refresh settings and what is pending.
 */
export async function toolProjects(
  db: Queryable,
  { actor, server, afterId, limit }: { actor: Actor; server: ServerRefresh; afterId: number; limit: number },
): Promise<ToolProject[]> {
  const rows = await db.query<ToolProjectRow>(
    `select p.project_id as "projectId", p.name, p.refresh_mode as mode, p.rollups_disabled as "rollupsDisabled",
            r.role_id as "roleId", r.name as "roleName", r.is_project_admin as "isProjectAdmin",
            q.runs, q.since, q."otherChanges"
       from project p
       left join project_member m on m.project_id = p.project_id and m.user_id = $1
       left join role r on r.role_id = case when $1 = 1 or ($2 and m.user_id is not null) then 1 else m.role_id end
         and (r.is_active or $1 = 1)
       left join lateral (select ${pendingColumns} from change c where c.project_id = p.project_id) q on true
      where p.is_active and p.project_id > $3 and ($2 or p.project_id in ${ownProjectsSql('$1')})
      order by p.project_id limit $4`,
    [actor.userId, actor.isSystemAdmin, afterId, limit],
  );
  return rows.map((row) => ({
    projectId: row.projectId,
    name: row.name,
    role: row.roleId === null ? null : { roleId: row.roleId, name: row.roleName, isProjectAdmin: row.isProjectAdmin },
    refresh: refreshView(row, server),
    pending: { runs: row.runs, since: row.since, otherChanges: row.otherChanges },
  }));
}

/** The refresh settings of a project, and what holds in the end. */
export interface ProjectRefreshView {
  mode: RefreshMode | null;
  rollupsDisabled: boolean;
  effectiveMode: EffectiveRefreshMode;
}

/** Returns the refresh settings of a project, undefined when it does not exist. */
export async function projectRefresh(
  db: Queryable,
  projectId: number,
  server: ServerRefresh,
): Promise<ProjectRefreshView | undefined> {
  const project = await findProjectRefresh(db, projectId);
  return project && refreshView(project, server);
}

function refreshView(
  { mode, rollupsDisabled }: { mode: RefreshMode | null; rollupsDisabled: boolean },
  server: ServerRefresh,
): ProjectRefreshView {
  return { mode, rollupsDisabled, effectiveMode: effectiveRefreshMode(server, { mode, rollupsDisabled }) };
}

/** Returns when the last nightly round was due, null before the first. */
export async function lastNightlyRound(db: Queryable): Promise<Date | null> {
  return (await findNightlyRound(db)) ?? null;
}
