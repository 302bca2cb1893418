import { countPendingRuns } from '../storage/changes.ts';
import type { Database } from '../storage/database.ts';
import { recountBlocks } from './count-blocks.ts';
import { folderCounters, releaseCounters, requirementCounters, setCounters } from './counters.ts';
import { caseFigure, mappingFigure, rowFigure } from './latest-figures.ts';
import type { Portions } from './portions.ts';
import type { Progress } from './progress.ts';
import { recalculateRelease } from './recalculate-release.ts';
import { refreshPending } from './refresh.ts';
import { clearAllMarks, repairCells, repairCounters, repairFigure, repairSteps } from './repairs.ts';

/** The five recalculations, in the order in which a full one makes them: later ones read earlier results (DT-1). */
export const recalculationParts = ['cases', 'releases', 'sets', 'folders', 'requirements'] as const;
export type RecalculationPart = (typeof recalculationParts)[number];

export interface RecalculateOptions {
  /** Which of the five; default all. */
  parts?: readonly RecalculationPart[];
  /** Only the mappings and counters of this release and of its ancestors (DC-2). */
  releaseId?: number;
  onProgress?: (progress: Progress) => Promise<void> | void;
  /** Stops between portions; what was repaired until then stays repaired. */
  signal?: AbortSignal;
}

export interface RecalculationReport {
  rowsChanged: number;
}

/**
 * Derives figures from the facts again and repairs whatever is wrong.
 *
 * What differs is found without any lock, in pieces of a fraction of a second. Only that is derived anew, from the facts
 * as they are then and under the lock, in portions of some 30 ms, so that nobody waits long and nothing computed earlier
 * can overwrite what a refresh did meanwhile. A correct refresh keeps a right figure right, so what was right when it was
 * compared stays right.
 */
export async function recalculate(
  db: Database,
  projectId: number,
  { releaseId, parts = recalculationParts, onProgress, signal }: RecalculateOptions = {},
): Promise<RecalculationReport> {
  const portions: Portions = { onProgress, signal };
  if (releaseId !== undefined) return recalculateRelease(db, projectId, { releaseId, portions });
  let rowsChanged = 0;
  if (recalculationParts.every((part) => parts.includes(part))) {
    rowsChanged += await refreshFirst(db, projectId, portions);
    rowsChanged += await recountBlocks(db, projectId, portions);
  }
  if (parts.some((part) => partsFromCells.includes(part))) await repairCells(db, projectId, portions);
  for (const part of recalculationParts.filter((candidate) => parts.includes(candidate))) {
    rowsChanged += await recalculatePart[part](db, projectId, portions);
  }
  return { rowsChanged };
}

/** What is pending would otherwise be found wrong run by run. */
async function refreshFirst(db: Database, projectId: number, { onProgress, signal }: Portions): Promise<number> {
  const total = await countPendingRuns(db, projectId);
  const { rowsChanged } = await refreshPending(db, projectId, {
    signal,
    onRound: (done) => onProgress?.({ phase: 'pending results', done: Math.min(done.runs, total), total }),
  });
  return rowsChanged;
}

type PartRecalculation = (db: Database, projectId: number, portions: Portions) => Promise<number>;

/** The parts whose figures are derived from cells, not from other figures. */
const partsFromCells: readonly RecalculationPart[] = ['cases', 'releases', 'sets'];

const recalculatePart: Record<RecalculationPart, PartRecalculation> = {
  cases: async (db, projectId, portions) => {
    const marks = await clearAllMarks(db, projectId);
    const repaired = await repairFigure(db, projectId, { figure: caseFigure, portions });
    return marks + repaired + (await repairSteps(db, projectId, portions));
  },
  releases: async (db, projectId, portions) => {
    const mappings = await repairFigure(db, projectId, { figure: mappingFigure, portions });
    return mappings + (await repairCounters(db, projectId, { kind: releaseCounters, portions }));
  },
  sets: async (db, projectId, portions) => {
    const rows = await repairFigure(db, projectId, { figure: rowFigure, portions });
    return rows + (await repairCounters(db, projectId, { kind: setCounters, portions }));
  },
  folders: (db, projectId, portions) => repairCounters(db, projectId, { kind: folderCounters, portions }),
  requirements: (db, projectId, portions) => repairCounters(db, projectId, { kind: requirementCounters, portions }),
};
