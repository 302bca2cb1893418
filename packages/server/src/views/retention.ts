import { notFound } from '../domain/errors.ts';
import type { RetentionSetting } from '../domain/retention.ts';
import type { Queryable } from '../storage/database.ts';
import { findRetention } from '../storage/retention-settings.ts';

/** Returns how long the runs of a project are kept. */
export async function retentionSettings(db: Queryable, projectId: number): Promise<RetentionSetting> {
  const found = await findRetention(db, projectId);
  if (!found) throw notFound(`Project ${projectId}`);
  return found;
}
