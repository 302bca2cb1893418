import type { RefreshMode } from '../../packages/server/src/domain/refresh-mode.ts';
import { ClosedRunIds, countBlocks } from '../../packages/server/src/rollups/count-blocks.ts';
import { refreshPending } from '../../packages/server/src/rollups/refresh.ts';
import { verifyFigures } from '../../packages/server/src/rollups/verify.ts';
import type { Database } from '../../packages/server/src/storage/database.ts';
import { readCounters, readLatestFigures, readStepFigures } from '../../packages/server/src/storage/figures.ts';
import type { Report } from '../report/report.ts';
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

/** Counts the full blocks of runs, which a server would else count in the background; returns how long it took in ms. */
export async function countFullBlocks(db: Database, projectId: number): Promise<number> {
  const startedAt = performance.now();
  const closedBelow = await new ClosedRunIds().below(db);
  while (await countBlocks(db, projectId, closedBelow));
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

/** So many wrong figures are named. */
const NAMED = 3;

/** Counts every figure anew and returns how many are wrong; some of those are named in the report, if there is one. */
export async function wrongFigures(db: Database, projectId: number, report?: Report): Promise<number> {
  const { differences, orphans } = await verifyFigures(db, projectId);
  const wrong = [...differences, ...orphans];
  for (const { figure, stored, expected } of wrong.slice(0, NAMED)) {
    report?.note(`wrong in project ${projectId}: ${figure} is ${stored ?? 'missing'}, not ${expected ?? 'missing'}`);
  }
  return wrong.length;
}

/** Returns every figure of a project as it is stored, by a key that says whose it is. */
export async function storedFigures(db: Database, projectId: number): Promise<Map<string, string>> {
  const kinds = [readLatestFigures, readStepFigures, readCounters];
  const stored = await db.snapshot(async (snapshot) => {
    const texts = [];
    for (const readKind of kinds) texts.push(...(await readKind(snapshot, projectId)));
    return texts;
  });
  return new Map(stored.map(([key, { text }]) => [key, text]));
}

/** Returns how many figures are only in one of two maps, or differ. */
export function changedFigures(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): number {
  const keys = new Set([...before.keys(), ...after.keys()]);
  return [...keys].filter((key) => before.get(key) !== after.get(key)).length;
}
