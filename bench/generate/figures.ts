import { appendChange } from '../../packages/server/src/changes/change-log.ts';
import { refreshPending } from '../../packages/server/src/rollups/refresh.ts';
import type { Database } from '../../packages/server/src/storage/database.ts';
import { countFullBlocks } from '../ledger/figures-of.ts';

/**
 * The latest runs of each (case, release, set row) and of each step: a figure is the greatest of the runs merged into it,
 * so merging these alone leads to what merging all would lead to.
 */
const decidingRuns = `
select (max(array[date_part('epoch', end_date), test_run_id]))[2]::bigint as id
  from test_run where project_id = $1
 group by test_case_id, release_id, test_set_row_id
union
select (max(array[date_part('epoch', r.end_date), test_run_id]))[2]::bigint
  from test_run_step s join test_run r using (project_id, test_run_id) where project_id = $1
 group by s.test_step_id`;

/**
 * Brings the figures of a generated product up to date, as a refresh after recording all its runs would, and counts the
 * blocks of its runs, which a server would else begin with.
 */
export async function refreshFigures(db: Database, projectId: number): Promise<void> {
  await db.transaction(async (transaction) => {
    const cases = await transaction.query<{ id: number }>(
      'select test_case_id as id from test_case where project_id = $1',
      [projectId],
    );
    const requirements = await transaction.query<{ id: number }>(
      'select requirement_id as id from requirement where project_id = $1',
      [projectId],
    );
    await appendChange(transaction, projectId, { kind: 'cases', testCaseIds: cases.map(({ id }) => id) });
    await appendChange(transaction, projectId, {
      kind: 'requirements',
      requirementIds: requirements.map(({ id }) => id),
    });
    const runs = await transaction.query<{ id: number }>(decidingRuns, [projectId]);
    await appendChange(transaction, projectId, { kind: 'bulk', runIds: runs.map(({ id }) => id) });
  });
  await refreshPending(db, projectId);
  await countFullBlocks(db, projectId);
}
