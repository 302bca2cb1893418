import type { RollPair } from '../domain/release-tree.ts';
import type { Database } from '../storage/database.ts';
import { affectedFrom } from './affected.ts';
import { recountAffected } from './counters.ts';
import { mappingFigure } from './latest-figures.ts';
import { inPortions, type Portions } from './portions.ts';
import { rebuildFigure } from './rebuild-cases.ts';
import { rollOf, underLock } from './repairs.ts';

/**
 * Derives the mappings and counters of a release and of those it rolls up into, straight from the runs: cells, cases,
 * sets, folders and requirements stay as they are (DC-2).
 */
export async function recalculateRelease(
  db: Database,
  projectId: number,
  { releaseId, portions }: { releaseId: number; portions: Portions },
): Promise<{ rowsChanged: number }> {
  const releaseIds = reachedFrom(releaseId, await rollOf(db, projectId));
  const cases = await db.query<{ id: number }>(
    `select test_case_id as id from release_test_case where project_id = $1 and release_id = any ($2)
     union select test_case_id from mapping_figure where project_id = $1 and release_id = any ($2)`,
    [projectId, releaseIds],
  );
  const work = { ...portions, phase: 'repairing mapping figures', ids: cases.map((row) => row.id), first: 1 };
  const rebuilt = await inPortions(work, (testCaseIds) =>
    underLock(db, projectId, async (transaction) => {
      const roll = await rollOf(transaction, projectId);
      const target = { projectId, testCaseIds, roll, cells: 'fact_cell', onlyParents: releaseIds } as const;
      return (await rebuildFigure(transaction, mappingFigure, target)).rowsChanged;
    }),
  );
  const counted = await underLock(db, projectId, (transaction) =>
    recountAffected(transaction, projectId, affectedFrom({ releaseIds })),
  );
  return { rowsChanged: rebuilt + counted };
}

/** Returns a release and those it rolls up into. */
const reachedFrom = (releaseId: number, roll: readonly RollPair[]) =>
  roll.filter((pair) => pair.releaseId === releaseId).map((pair) => pair.ancestorId);
