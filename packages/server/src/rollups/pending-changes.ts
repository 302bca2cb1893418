import type { Change } from '../changes/change-log.ts';
import type { Queryable } from '../storage/database.ts';
import { idStretches, runsById } from '../storage/runs-by-id.ts';

/** What waits for a refresh, as far as it says which figures may not be right yet. */
export interface PendingChanges {
  /** Whether a pending change may still change this figure (`case 12`, `release 4`, `step 7`). */
  mayTouch(figure: string, testCaseId: number | undefined): boolean;
}

/** Returns the pending changes of a project. Counters and steps may be touched by any of them. */
export async function readPendingChanges(snapshot: Queryable, projectId: number): Promise<PendingChanges> {
  const changes = await snapshot.query<{ kind: Change['kind']; ids: string[] }>(
    'select kind, ids from change where project_id = $1',
    [projectId],
  );
  if (changes.length === 0) return { mayTouch: () => false };
  const idsOf = (...kinds: Change['kind'][]) =>
    changes.filter((change) => kinds.includes(change.kind)).flatMap((change) => change.ids.map(Number));
  const releaseIds = idsOf('releases');
  const runIds = idsOf('runs', 'bulk', 'edited');
  const runCases = await snapshot.query<{ id: number }>(
    `select distinct r.test_case_id as id
       from ${runsById({ table: 'test_run', columns: 'test_case_id', stretches: ['$2', '$3'], as: 'r' })}`,
    [projectId, ...idStretches(runIds)],
  );
  const cases = new Set([...idsOf('cases'), ...runCases.map((row) => row.id)]);
  return {
    mayTouch: (_figure, testCaseId) => testCaseId === undefined || releaseIds.length > 0 || cases.has(testCaseId),
  };
}
