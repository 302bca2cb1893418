import { type RollPair, rollPairs } from '../domain/release-tree.ts';
import type { Database, Queryable, Transaction } from '../storage/database.ts';
import { lockFigures } from '../storage/locks.ts';
import { joinWholeSets } from '../storage/planning.ts';
import { listReleaseNodes } from '../storage/release-tree.ts';
import { type CounterKind, recount } from './counters.ts';
import {
  casesKnownTo,
  casesWithCellsBehind,
  casesWithUnfoundedCells,
  casesWithWrongFigures,
  stepsBehind,
  stepsWithFigures,
  unfoundedSteps,
  wrongCounters,
} from './differences.ts';
import type { LatestFigure } from './latest-figures.ts';
import { foundInPortions, inPortions, type Portions } from './portions.ts';
import { rebuildCells, rebuildFigure } from './rebuild-cases.ts';
import { overAllRuns } from './run-ranges.ts';
import { rebuildSteps } from './step-figures.ts';

// Each repair finds what differs without a lock, then derives just that anew under the lock of figures, in portions.

/** Makes the cells, which the figures are derived from, equal to the runs. */
export async function repairCells(db: Database, projectId: number, portions: Portions): Promise<void> {
  const behind = await overAllRuns(db, projectId, {
    ...portions,
    phase: 'comparing runs',
    look: (range) => casesWithCellsBehind(db, projectId, range),
  });
  const ids = await casesKnownTo(db, projectId, 'cell');
  const unfounded = await foundInPortions({ ...portions, phase: 'comparing cells', ids }, (testCaseIds) =>
    casesWithUnfoundedCells(db, projectId, testCaseIds),
  );
  const wrong = { ...portions, phase: 'repairing cells', ids: [...new Set([...behind, ...unfounded])], first: 1 };
  await inPortions(wrong, (testCaseIds) =>
    underLock(db, projectId, async (transaction) => {
      await rebuildCells(transaction, projectId, testCaseIds);
      return 0;
    }),
  );
}

/** Makes one kind of figure equal to the cells; its counters are a repair of their own. */
export async function repairFigure(
  db: Database,
  projectId: number,
  { figure, portions }: { figure: LatestFigure; portions: Portions },
): Promise<number> {
  const compared = await rollOf(db, projectId);
  const known = await casesKnownTo(db, projectId, figure.table);
  const comparing = { ...portions, phase: `comparing ${figure.name} figures`, ids: known };
  const wrong = await foundInPortions(comparing, (testCaseIds) =>
    casesWithWrongFigures(db, projectId, { figure, testCaseIds, roll: compared }),
  );
  return inPortions({ ...portions, phase: `repairing ${figure.name} figures`, ids: [...wrong] }, (testCaseIds) =>
    underLock(db, projectId, async (transaction) => {
      const roll = await rollOf(transaction, projectId);
      const rebuilt = await rebuildFigure(transaction, figure, { projectId, testCaseIds, roll, cells: 'cell' });
      return rebuilt.rowsChanged;
    }),
  );
}

/** Makes the figures of test steps equal to the results in the runs. */
export async function repairSteps(db: Database, projectId: number, portions: Portions): Promise<number> {
  const behind = await overAllRuns(db, projectId, {
    ...portions,
    phase: 'comparing steps of runs',
    look: (range) => stepsBehind(db, projectId, range),
  });
  const known = await stepsWithFigures(db, projectId);
  const comparing = { ...portions, phase: 'comparing step figures', ids: known };
  const unfounded = await foundInPortions(comparing, (stepIds) => unfoundedSteps(db, projectId, stepIds));
  const wrong = {
    ...portions,
    phase: 'repairing step figures',
    ids: [...new Set([...behind, ...unfounded])],
    first: 1,
  };
  return inPortions(wrong, (stepIds) =>
    underLock(db, projectId, (transaction) => rebuildSteps(transaction, projectId, stepIds)),
  );
}

/** Makes the counters of one kind equal to what the figures add up to. */
export async function repairCounters(
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
export async function clearAllMarks(db: Database, projectId: number): Promise<number> {
  return underLock(db, projectId, async (transaction) => {
    const cleared = await transaction.query(
      'update case_figure set mark = null where project_id = $1 and mark is not null returning test_case_id',
      [projectId],
    );
    return cleared.length;
  });
}

/** Returns what counts where, by the release tree as it is now. */
export async function rollOf(db: Queryable, projectId: number): Promise<RollPair[]> {
  return rollPairs(await listReleaseNodes(db, projectId));
}

/** Runs work in a transaction of its own that holds the lock of figures. */
export async function underLock<Result>(
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
