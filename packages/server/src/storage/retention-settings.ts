import { isKeepDays, type RetentionSetting } from '../domain/retention.ts';
import type { Queryable, Transaction } from './database.ts';

/** Returns how long the runs of a project are kept, undefined when there is no such project. */
export async function findRetention(db: Queryable, projectId: number): Promise<RetentionSetting | undefined> {
  const [row] = await db.query<{ keepDays: unknown }>(
    `select settings -> 'keepRunsDays' as "keepDays" from project where project_id = $1`,
    [projectId],
  );
  return row && { keepDays: isKeepDays(row.keepDays) ? row.keepDays : null };
}

/** Stores how long the runs of a project are kept. */
export async function updateRetention(
  transaction: Transaction,
  projectId: number,
  { keepDays }: RetentionSetting,
): Promise<void> {
  await transaction.query(
    `update project set settings = case when $2::integer is null then settings - 'keepRunsDays'
                                        else settings || jsonb_build_object('keepRunsDays', $2::integer) end
      where project_id = $1`,
    [projectId, keepDays],
  );
}

/** Returns the active projects that do not keep all runs. */
export async function listProjectsWithRetention(db: Queryable): Promise<number[]> {
  const rows = await db.query<{ projectId: number }>(
    `select project_id as "projectId" from project where is_active and settings ? 'keepRunsDays' order by project_id`,
  );
  return rows.map((row) => row.projectId);
}
