import type { Database } from '../storage/database.ts';
import type { RunRange } from './differences.ts';
import { fittingSize, type Portions } from './portions.ts';

/** A walk over the runs compares so many at first, and never more than the most at once. */
const FIRST_RUNS = 2_000;
const MOST_RUNS = 100_000;
/** A look at one piece takes about this long: no snapshot stays open much longer, so nothing piles up behind it. */
const LOOK_MS = 150;

/**
 * Calls `look` with one range of the project's runs after the other, by their ids, up to the newest at the start, and
 * returns everything that it found. An aborted signal stops between ranges, with the reason as error.
 */
export async function overAllRuns(
  db: Database,
  projectId: number,
  { phase, look, onProgress, signal }: Portions & { phase: string; look: (range: RunRange) => Promise<number[]> },
): Promise<Set<number>> {
  const found = new Set<number>();
  const all = await extentOfRuns(db, projectId);
  if (!all) return found;
  let size = FIRST_RUNS;
  for (let from = all.from; from <= all.to; ) {
    signal?.throwIfAborted();
    const startedAt = performance.now();
    const to = Math.min(await lastOf(db, projectId, { from, size }), all.to);
    for (const id of await look({ from, to })) found.add(id);
    size = fittingSize(size, { tookMs: performance.now() - startedAt, wantedMs: LOOK_MS, most: MOST_RUNS });
    from = to + 1;
    await onProgress?.({ phase, done: to - all.from + 1, total: all.to - all.from + 1 });
  }
  return found;
}

async function extentOfRuns(db: Database, projectId: number): Promise<RunRange | undefined> {
  const [row] = await db.query<{ from: number | null; to: number }>(
    'select min(test_run_id) as from, max(test_run_id) as to from test_run where project_id = $1',
    [projectId],
  );
  return row && row.from !== null ? { from: row.from, to: row.to } : undefined;
}

/** Returns the id of the last of so many runs from an id on; of fewer, infinity. */
async function lastOf(
  db: Database,
  projectId: number,
  { from, size }: { from: number; size: number },
): Promise<number> {
  const [row] = await db.query<{ id: number }>({
    name: 'last-of-runs',
    text: `select test_run_id as id from test_run where project_id = $1 and test_run_id >= $2
            order by test_run_id offset $3 limit 1`,
    values: [projectId, from, size - 1],
  });
  return row?.id ?? Number.POSITIVE_INFINITY;
}
