import { rollPairs } from '../domain/release-tree.ts';
import type { Database, Transaction } from '../storage/database.ts';
import { lockFigures } from '../storage/locks.ts';
import { joinWholeSets } from '../storage/planning.ts';
import { listReleaseNodes } from '../storage/release-tree.ts';
import { affectedFrom } from './affected.ts';
import {
  type CounterKind,
  folderCounters,
  recount,
  recountAffected,
  releaseCounters,
  requirementCounters,
  setCounters,
} from './counters.ts';
import { casesWithWrongCells, casesWithWrongFigures, wrongCounters, wrongSteps } from './differences.ts';
import { caseFigure, type LatestFigure, mappingFigure, rowFigure } from './latest-figures.ts';
import { inPortions, type Portions } from './portions.ts';
import type { Progress } from './progress.ts';
import { rebuildCells, rebuildFigure } from './rebuild-cases.ts';
import { refreshPending } from './refresh.ts';
import { rebuildSteps } from './step-figures.ts';

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
 * What differs is found without any lock. Only that is derived anew, from the facts as they are then and under the
 * lock, in portions of some 50 ms, so that nobody waits long and nothing computed earlier can overwrite what a refresh
 * did meanwhile. A correct refresh keeps a right figure right, so what was right when it was compared stays right.
 */
export async function recalculate(
  db: Database,
  projectId: number,
  options: RecalculateOptions = {},
): Promise<RecalculationReport> {
  if (options.releaseId !== undefined) return recalculateRelease(db, projectId, options.releaseId);
  const parts = options.parts ?? recalculationParts;
  const isFull = recalculationParts.every((part) => parts.includes(part));
  const portions: Portions = { onProgress: options.onProgress, signal: options.signal };
  let rowsChanged = 0;
  if (isFull) {
    await options.onProgress?.({ phase: 'pending results', done: 0, total: 1 });
    rowsChanged += (await refreshPending(db, projectId)).rowsChanged;
  }
  for (const part of recalculationParts.filter((candidate) => parts.includes(candidate))) {
    rowsChanged += await recalculatePart[part](db, projectId, portions);
  }
  return { rowsChanged };
}

type PartRecalculation = (db: Database, projectId: number, portions: Portions) => Promise<number>;

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

/** Repairs the cells, which every kind is derived from, and one kind of figure; its counters are a repair of their own. */
async function repairFigure(
  db: Database,
  projectId: number,
  { figure, portions }: { figure: LatestFigure; portions: Portions },
): Promise<number> {
  await portions.onProgress?.({ phase: `comparing ${figure.name} figures`, done: 0, total: 1 });
  const compared = rollPairs(await listReleaseNodes(db, projectId));
  const wrong = new Set([
    ...(await casesWithWrongCells(db, projectId)),
    ...(await casesWithWrongFigures(db, projectId, figure, compared)),
  ]);
  return inPortions({ ...portions, phase: `repairing ${figure.name} figures`, ids: [...wrong] }, (testCaseIds) =>
    underLock(db, projectId, async (transaction) => {
      const roll = rollPairs(await listReleaseNodes(transaction, projectId));
      await rebuildCells(transaction, projectId, testCaseIds);
      const rebuilt = await rebuildFigure(transaction, figure, { projectId, testCaseIds, roll, cells: 'cell' });
      return rebuilt.rowsChanged;
    }),
  );
}

async function repairSteps(db: Database, projectId: number, portions: Portions): Promise<number> {
  const ids = await wrongSteps(db, projectId);
  return inPortions({ ...portions, phase: 'repairing step figures', ids }, (stepIds) =>
    underLock(db, projectId, (transaction) => rebuildSteps(transaction, projectId, stepIds)),
  );
}

async function repairCounters(
  db: Database,
  projectId: number,
  { kind, portions }: { kind: CounterKind; portions: Portions },
): Promise<number> {
  const ids = await wrongCounters(db, projectId, kind);
  return inPortions({ ...portions, phase: `recounting ${kind.table.replace('_figure', 's')}`, ids }, (parentIds) =>
    underLock(db, projectId, (transaction) => recount(transaction, projectId, { kind, parentIds })),
  );
}

/** Manual Blocked marks end with a recalculation (TC-2, DT-7). */
async function clearAllMarks(db: Database, projectId: number): Promise<number> {
  return underLock(db, projectId, async (transaction) => {
    const cleared = await transaction.query(
      'update case_figure set mark = null where project_id = $1 and mark is not null returning test_case_id',
      [projectId],
    );
    return cleared.length;
  });
}

/**
 * Derives the mappings and counters of a release and of those it rolls up into, straight from the runs: cells, cases,
 * sets, folders and requirements stay as they are (DC-2).
 */
async function recalculateRelease(db: Database, projectId: number, releaseId: number): Promise<RecalculationReport> {
  return underLock(db, projectId, async (transaction) => {
    const roll = rollPairs(await listReleaseNodes(transaction, projectId));
    const releaseIds = roll.filter((pair) => pair.releaseId === releaseId).map((pair) => pair.ancestorId);
    const cases = await transaction.query<{ id: number }>(
      `select test_case_id as id from release_test_case where project_id = $1 and release_id = any ($2)
       union select test_case_id from mapping_figure where project_id = $1 and release_id = any ($2)`,
      [projectId, releaseIds],
    );
    const testCaseIds = cases.map((row) => row.id);
    const target = { projectId, testCaseIds, roll, cells: 'fact_cell', onlyParents: releaseIds } as const;
    const rebuilt = await rebuildFigure(transaction, mappingFigure, target);
    const counted = await recountAffected(transaction, projectId, affectedFrom({ releaseIds }));
    return { rowsChanged: rebuilt.rowsChanged + counted };
  });
}

async function underLock<Result>(
  db: Database,
  projectId: number,
  work: (transaction: Transaction) => Promise<Result>,
): Promise<Result> {
  return db.transaction(async (transaction) => {
    await lockFigures(transaction, projectId);
    await joinWholeSets(transaction);
    return work(transaction);
  });
}
