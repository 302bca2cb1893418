import { indentLevels } from './indent-level.ts';

/** A folder, as the tree of folders is built from it. */
export interface FolderNode {
  id: number;
  parentId: number | null;
  name: string;
}

/** Returns the folders as their tree is read from top to bottom, siblings by name, each with its indent level. */
export function inTreeOrder<Folder extends FolderNode>(
  folders: readonly Folder[],
): (Folder & { indentLevel: string })[] {
  const byName = folders.toSorted((a, b) => compareText(a.name.toLowerCase(), b.name.toLowerCase()) || a.id - b.id);
  const levels = indentLevels(byName);
  return byName
    .filter((folder) => levels.has(folder.id))
    .map((folder) => ({ ...folder, indentLevel: levels.get(folder.id) ?? '' }))
    .sort((a, b) => compareText(a.indentLevel, b.indentLevel));
}

/** What lies below a folder, added up (FO-1 to FO-3). Durations are minutes; null where nothing has one. */
export interface FolderFigures {
  countFailed: number;
  countPassed: number;
  countNotRun: number;
  countNotApplicable: number;
  countBlocked: number;
  countCaution: number;
  executionDate: Date | null;
  estimatedDuration: number | null;
  actualDuration: number | null;
}

/**
 * Returns the figures of every folder with everything below it: counters and durations are summed, the date is the
 * newest. `figures` are those of what lies directly in each folder; `folders` come in tree order.
 */
export function subtreeFigures(
  folders: readonly FolderNode[],
  figures: ReadonlyMap<number, FolderFigures>,
): Map<number, FolderFigures> {
  const sums = new Map(folders.map((folder) => [folder.id, { ...nothing, ...figures.get(folder.id) }]));
  // From the bottom up: by then the sum of a folder holds all of its descendants.
  for (const folder of folders.toReversed()) {
    const above = folder.parentId === null ? undefined : sums.get(folder.parentId);
    const own = sums.get(folder.id);
    if (above && own && folder.parentId !== null) sums.set(folder.parentId, added(above, own));
  }
  return sums;
}

const nothing: FolderFigures = {
  countFailed: 0,
  countPassed: 0,
  countNotRun: 0,
  countNotApplicable: 0,
  countBlocked: 0,
  countCaution: 0,
  executionDate: null,
  estimatedDuration: null,
  actualDuration: null,
};

function added(a: FolderFigures, b: FolderFigures): FolderFigures {
  return {
    countFailed: a.countFailed + b.countFailed,
    countPassed: a.countPassed + b.countPassed,
    countNotRun: a.countNotRun + b.countNotRun,
    countNotApplicable: a.countNotApplicable + b.countNotApplicable,
    countBlocked: a.countBlocked + b.countBlocked,
    countCaution: a.countCaution + b.countCaution,
    executionDate: newer(a.executionDate, b.executionDate),
    estimatedDuration: sum(a.estimatedDuration, b.estimatedDuration),
    actualDuration: sum(a.actualDuration, b.actualDuration),
  };
}

const sum = (a: number | null, b: number | null): number | null => (a === null ? b : b === null ? a : a + b);
const newer = (a: Date | null, b: Date | null): Date | null => (a === null ? b : b === null || a > b ? a : b);
const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
