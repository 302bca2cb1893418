import type { RefreshMode } from '../../packages/server/src/domain/refresh-mode.ts';
import { refreshPending } from '../../packages/server/src/rollups/refresh.ts';
import { verifyFigures } from '../../packages/server/src/rollups/verify.ts';
import type { Database } from '../../packages/server/src/storage/database.ts';
import type { SpiraClient } from '../spira/spira-client.ts';

/** Says when figures follow bulk results in a project, and whether figures follow anything at all. */
export async function setRefresh(
  client: SpiraClient,
  projectId: number,
  wanted: { mode?: RefreshMode; rollupsDisabled?: boolean },
): Promise<void> {
  await client.putNative(`projects/${projectId}/settings/refresh`, wanted);
}

/** Refreshes what is pending; returns how long it took in milliseconds. */
export async function catchUp(db: Database, projectId: number): Promise<number> {
  const startedAt = performance.now();
  await refreshPending(db, projectId);
  return performance.now() - startedAt;
}

/** Returns the age of the oldest pending change in milliseconds, 0 when there is none. */
export async function lagMs(db: Database, projectId: number): Promise<number> {
  const [row] = await db.query<{ lag: number }>({
    name: 'bench-lag',
    text: `select coalesce(extract(epoch from clock_timestamp() - min(recorded_at)) * 1000, 0)::float8 as lag
             from change where project_id = $1`,
    values: [projectId],
  });
  return row?.lag ?? 0;
}

/** Counts every figure anew and returns how many are wrong. */
export async function wrongFigures(db: Database, projectId: number): Promise<number> {
  const { differences, orphans } = await verifyFigures(db, projectId);
  return differences.length + orphans.length;
}
