import { laterResult, latestResult, type RunResult } from './latest-run.ts';
import { type ReleaseNode, rollPairs } from './release-tree.ts';
import { ExecutionStatus } from './tables.ts';

// The figures of a project, from its facts, by the rules of semantics 3.2 and nothing else. The server keeps them up to
// date with set-based SQL; this is the same in plain words, and `verify` holds the one against the other.

/** A completed run that is not deleted, as far as figures look at it. */
export interface RunFact extends RunResult {
  testCaseId: number;
  releaseId: number | null;
  testSetRowId: number | null;
}

/** A result of a test step within a completed run. `position` decides between two results of one step in one run. */
export interface StepFact extends RunResult {
  testStepId: number;
  testCaseId: number;
  position: number;
}

export interface StructureFacts {
  releases: readonly ReleaseNode[];
  /** Cases that are not deleted. */
  cases: readonly { testCaseId: number; folderId: number | null }[];
  mappings: readonly { releaseId: number; testCaseId: number }[];
  /** Rows that were not removed. */
  rows: readonly { testSetRowId: number; testSetId: number; testCaseId: number }[];
  coverage: readonly { requirementId: number; testCaseId: number }[];
}

export type CellKey = `${number}:${number}:${number}`;
export type MappingKey = `${number}:${number}`;

/** The latest run of each (case, own release or 0, set row or 0): all that the other figures are made of. */
export type Cells = Map<CellKey, RunFact>;

/** Folds runs into cells, in any order and any number of pieces; the history itself need not be kept. */
export function foldIntoCells(cells: Cells, runs: Iterable<RunFact>): Cells {
  for (const run of runs) {
    const key: CellKey = `${run.testCaseId}:${run.releaseId ?? 0}:${run.testSetRowId ?? 0}`;
    cells.set(key, laterResult(cells.get(key), run) ?? run);
  }
  return cells;
}

/** Folds step results into the latest of each step (TC-5), runs of deleted cases left out. */
export function foldIntoSteps(steps: Map<number, StepFact>, facts: Iterable<StepFact>): Map<number, StepFact> {
  for (const fact of facts) {
    const known = steps.get(fact.testStepId);
    const isSameRun = known?.testRunId === fact.testRunId;
    const later = isSameRun ? (known.position > fact.position ? known : fact) : laterResult(known, fact);
    steps.set(fact.testStepId, later ?? fact);
  }
  return steps;
}

/** The latest result of something; undefined: never run, shown as Not Run without a date. */
export type LatestFigures<Key> = Map<Key, RunResult | undefined>;

export interface LatestByKind {
  cases: LatestFigures<number>;
  mappings: LatestFigures<MappingKey>;
  rows: LatestFigures<number>;
}

/** Returns the figures of cases (TC-1), mappings (RL-1) and set rows (TX-1). */
export function latestFigures(facts: StructureFacts, cells: Cells): LatestByKind {
  const byCase = Map.groupBy(cells.values(), (run) => run.testCaseId);
  const runsOf = (testCaseId: number) => byCase.get(testCaseId) ?? [];
  const live = new Set(facts.cases.map((testCase) => testCase.testCaseId));
  const deletedReleases = new Set(
    facts.releases.filter((release) => release.isDeleted).map((release) => release.releaseId),
  );
  const roll = Map.groupBy(rollPairs(facts.releases), (pair) => pair.ancestorId);
  const countsFor = (releaseId: number) => new Set((roll.get(releaseId) ?? []).map((pair) => pair.releaseId));

  return {
    cases: new Map(facts.cases.map(({ testCaseId }) => [testCaseId, latestResult(runsOf(testCaseId))])),
    mappings: new Map(
      facts.mappings
        .filter(({ releaseId, testCaseId }) => live.has(testCaseId) && !deletedReleases.has(releaseId))
        .map(({ releaseId, testCaseId }) => {
          const counting = countsFor(releaseId);
          const runs = runsOf(testCaseId).filter((run) => run.releaseId !== null && counting.has(run.releaseId));
          return [`${testCaseId}:${releaseId}` as const, latestResult(runs)];
        }),
    ),
    rows: new Map(
      facts.rows
        .filter(({ testCaseId }) => live.has(testCaseId))
        .map(({ testSetRowId, testCaseId }) => [
          testSetRowId,
          latestResult(runsOf(testCaseId).filter((run) => run.testSetRowId === testSetRowId)),
        ]),
    ),
  };
}

/** Most minutes that are shown of a parent: more does not fit the wire. */
const LARGEST_DURATION = 2_147_483_647;

/** Six counters by execution status id, and what else a parent shows of its members. */
export interface Counters {
  byStatus: Record<number, number>;
  earliestEndMs: number | null;
  latestEndMs: number | null;
  actualDuration: number | null;
}

/** Returns the counters of a parent's members. A member that never ran counts as Not Run and has no date. */
export function countersOf(members: readonly (RunResult | undefined)[]): Counters {
  const byStatus: Record<number, number> = { 1: 0, 2: 0, 3: 0, 4: 0, 5: 0, 6: 0 };
  for (const member of members) {
    const status = member?.executionStatusId ?? ExecutionStatus.NotRun;
    byStatus[status] = (byStatus[status] ?? 0) + 1;
  }
  const ends = members.flatMap((member) => (member ? [member.endMs] : []));
  const durations = members.flatMap((member) =>
    typeof member?.actualDuration === 'number' ? [member.actualDuration] : [],
  );
  return {
    byStatus,
    earliestEndMs: ends.length > 0 ? ends.reduce((a, b) => Math.min(a, b)) : null,
    latestEndMs: ends.length > 0 ? ends.reduce((a, b) => Math.max(a, b)) : null,
    actualDuration:
      durations.length > 0
        ? Math.min(
            durations.reduce((a, b) => a + b),
            LARGEST_DURATION,
          )
        : null,
  };
}

export interface CountersByKind {
  releases: Map<number, Counters>;
  sets: Map<number, Counters>;
  /** What lies directly in a folder; trees are summed where they are shown. */
  folders: Map<number, Counters>;
  /** Direct coverage of a requirement; trees are summed where they are shown. */
  requirements: Map<number, Counters>;
}

/** Returns the counters of releases (RL-2), sets (TX-2, TX-3, TX-7), folders (FO-1) and requirements (RQ-1, RQ-2). */
export function counters(facts: StructureFacts, latest: LatestByKind): CountersByKind {
  const grouped = <Item>(
    items: readonly Item[],
    parentOf: (item: Item) => number | null,
    resultOf: (item: Item) => RunResult | undefined,
  ) => {
    const byParent = Map.groupBy(items, parentOf);
    byParent.delete(null);
    return new Map([...byParent].map(([parent, members]) => [parent as number, countersOf(members.map(resultOf))]));
  };
  const mapped = facts.mappings.filter((mapping) => latest.mappings.has(`${mapping.testCaseId}:${mapping.releaseId}`));
  const rows = facts.rows.filter((row) => latest.rows.has(row.testSetRowId));
  const covering = facts.coverage.filter((coverage) => latest.cases.has(coverage.testCaseId));
  return {
    releases: grouped(
      mapped,
      (m) => m.releaseId,
      (m) => latest.mappings.get(`${m.testCaseId}:${m.releaseId}`),
    ),
    sets: grouped(
      rows,
      (row) => row.testSetId,
      (row) => latest.rows.get(row.testSetRowId),
    ),
    folders: grouped(
      facts.cases,
      (c) => c.folderId,
      (c) => latest.cases.get(c.testCaseId),
    ),
    requirements: grouped(
      covering,
      (c) => c.requirementId,
      (c) => latest.cases.get(c.testCaseId),
    ),
  };
}
