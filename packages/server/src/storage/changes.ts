import type { Queryable } from './database.ts';

/**
 * Returns the projects that have pending changes, by a walk over the key of the change log: its cost is the number of
 * such projects, not the number of changes.
 */
export async function listChangedProjects(db: Queryable): Promise<number[]> {
  const rows = await db.query<{ projectId: number }>({
    name: 'list-changed-projects',
    text: `with recursive found as (
             (select project_id from change order by project_id limit 1)
             union all
             select (select c.project_id from change c where c.project_id > found.project_id order by c.project_id limit 1)
               from found where found.project_id is not null)
           select project_id as "projectId" from found where project_id is not null`,
  });
  return rows.map((row) => row.projectId);
}

/**
 * Returns whether a project has a change older than `olderThanMs`, with or without those of bulk calls: its command has
 * ended, so the refresh that should have followed it did not happen.
 */
export async function hasOverdueChange(
  db: Queryable,
  projectId: number,
  { olderThanMs, bulk }: { olderThanMs: number; bulk: boolean },
): Promise<boolean> {
  const [row] = await db.query<{ isOverdue: boolean }>({
    name: 'has-overdue-change',
    text: `select exists (select from change where project_id = $1 and ($3 or kind <> 'bulk')
             and recorded_at < now() - $2 * interval '1 millisecond') as "isOverdue"`,
    values: [projectId, olderThanMs, bulk],
  });
  return row?.isOverdue ?? false;
}

/** Returns which of these projects are active. */
export async function activeProjects(db: Queryable, projectIds: readonly number[] | 'all'): Promise<number[]> {
  const rows = await db.query<{ projectId: number }>(
    `select project_id as "projectId" from project
      where is_active and ($1::int[] is null or project_id = any ($1)) order by project_id`,
    [projectIds === 'all' ? null : projectIds],
  );
  return rows.map((row) => row.projectId);
}

/** Returns how many new runs of a project wait for a refresh. */
export async function countPendingRuns(db: Queryable, projectId: number): Promise<number> {
  const [row] = await db.query<{ runs: number | null }>(
    'select sum(run_count) as runs from change where project_id = $1',
    [projectId],
  );
  return row?.runs ?? 0;
}

/** Returns whether a change up to this one is still pending; by default also one of a bulk call. */
export async function isPendingUpTo(
  db: Queryable,
  projectId: number,
  { upTo, includeBulk = true }: { upTo: number; includeBulk?: boolean },
): Promise<boolean> {
  const [row] = await db.query<{ isPending: boolean }>({
    name: 'is-pending-up-to',
    text: `select exists (select from change
             where project_id = $1 and change_id <= $2 and ($3 or kind <> 'bulk')) as "isPending"`,
    values: [projectId, upTo, includeBulk],
  });
  return row?.isPending ?? false;
}
