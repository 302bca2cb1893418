import {
  type Cells,
  type Counters,
  counters,
  foldIntoCells,
  foldIntoSteps,
  type LatestByKind,
  latestFigures,
  type StepFact,
  type StructureFacts,
} from '../domain/figures.ts';
import type { RunResult } from '../domain/latest-run.ts';
import type { Database, Queryable } from '../storage/database.ts';
import { readRuns, readStepResults, readStructure } from '../storage/figure-facts.ts';
import {
  counterText,
  type FigureTexts,
  readCounters,
  readLatestFigures,
  readStepFigures,
  resultText,
  stepText,
} from '../storage/figures.ts';
import { joinWholeSets } from '../storage/planning.ts';
import { type PendingChanges, readPendingChanges } from './pending-changes.ts';
import { verifyBlocks } from './verify-blocks.ts';

/** A figure that is not what the facts make of it. `undefined`: there is none. */
export interface Difference {
  figure: string;
  stored: string | undefined;
  expected: string | undefined;
}

export interface Verification {
  differences: Difference[];
  /** Figures compared. */
  compared: number;
  /** Completed runs read. */
  runs: number;
  /** Figures left out because a change to them waits for a refresh. */
  pending: number;
  /** Runs, rows and links whose counterpart does not exist. */
  orphans: Difference[];
}

/**
 * Recounts every figure of a project from the facts and returns each difference. All is read from one snapshot without
 * locks, and counted by domain/figures.ts, not by the statements that keep the figures; so it proves those. What a
 * pending change touches is left out, since it is not meant to be right yet: refresh first to have everything compared.
 */
export async function verifyFigures(db: Database, projectId: number): Promise<Verification> {
  return db.snapshot(async (snapshot) => {
    await joinWholeSets(snapshot);
    const facts = await readStructure(snapshot, projectId);
    const { cells, runs } = await readCells(snapshot, projectId);
    const latest = latestFigures(facts, cells);
    const pending = await readPendingChanges(snapshot, projectId);
    const stored = await readLatestFigures(snapshot, projectId);
    const wrong = compare(stored, expectedLatest(facts, cells, latest), pending);
    const wrongCounters = compare(await readCounters(snapshot, projectId), expectedCounters(facts, latest), pending);
    const wrongSteps = compare(
      await readStepFigures(snapshot, projectId),
      await expectedSteps(snapshot, projectId),
      pending,
    );
    const wrongBlocks = { ...(await verifyBlocks(snapshot, projectId)), pending: 0 };
    const parts = [wrong, wrongCounters, wrongSteps, wrongBlocks];
    return {
      differences: parts.flatMap((part) => part.differences),
      compared: parts.reduce((sum, part) => sum + part.compared, 0),
      pending: parts.reduce((sum, part) => sum + part.pending, 0),
      runs,
      orphans: await findOrphans(snapshot, projectId),
    };
  });
}

async function readCells(snapshot: Queryable, projectId: number): Promise<{ cells: Cells; runs: number }> {
  const cells: Cells = new Map();
  let runs = 0;
  for await (const batch of readRuns(snapshot, projectId)) {
    foldIntoCells(cells, batch);
    runs += batch.length;
  }
  return { cells, runs };
}

function expectedLatest(facts: StructureFacts, cells: Cells, latest: LatestByKind): FigureTexts {
  const rowCase = new Map(facts.rows.map((row) => [row.testSetRowId, row.testCaseId]));
  const entry = (testCaseId: number | undefined, result: RunResult | undefined) => ({
    text: resultText(result),
    ...(testCaseId === undefined ? {} : { testCaseId }),
  });
  const mappingNames = (key: string) => key.split(':').map(Number) as [number, number];
  return new Map([
    ...[...cells.values()].map((run) => {
      const key = `cell case ${run.testCaseId} release ${run.releaseId ?? 0} row ${run.testSetRowId ?? 0}`;
      return [key, entry(run.testCaseId, run)] as const;
    }),
    ...[...latest.cases].map(([id, result]) => [`case ${id}`, entry(id, result)] as const),
    ...[...latest.mappings].map(([key, result]) => {
      const [testCaseId, releaseId] = mappingNames(key);
      return [`mapping case ${testCaseId} release ${releaseId}`, entry(testCaseId, result)] as const;
    }),
    ...[...latest.rows].map(([id, result]) => [`row ${id}`, entry(rowCase.get(id), result)] as const),
  ]);
}

function expectedCounters(facts: StructureFacts, latest: LatestByKind): FigureTexts {
  const expected = counters(facts, latest);
  const texts = (
    name: string,
    parents: Map<number, Counters>,
    date: (counted: Counters) => number | null,
    hasMinutes: boolean,
  ) =>
    [...parents].map(
      ([id, counted]) =>
        [
          `${name} ${id}`,
          { text: counterText(counted.byStatus, date(counted), hasMinutes ? counted.actualDuration : null) },
        ] as const,
    );
  return new Map([
    ...texts('release', expected.releases, () => null, false),
    ...texts('set', expected.sets, (counted) => counted.earliestEndMs, true),
    ...texts('folder', expected.folders, (counted) => counted.latestEndMs, true),
    ...texts('requirement', expected.requirements, () => null, false),
  ]);
}

async function expectedSteps(snapshot: Queryable, projectId: number): Promise<FigureTexts> {
  const steps = new Map<number, StepFact>();
  for await (const batch of readStepResults(snapshot, projectId)) foldIntoSteps(steps, batch);
  return new Map(
    [...steps].map(([id, fact]) => [
      `step ${id}`,
      { text: stepText(fact.executionStatusId, fact.endMs, fact.testRunId) },
    ]),
  );
}

/** Returns the keys whose texts differ, leaving out those that wait for a refresh. */
function compare(
  stored: FigureTexts,
  expected: FigureTexts,
  pending: PendingChanges,
): { differences: Difference[]; compared: number; pending: number } {
  const differences: Difference[] = [];
  let left = 0;
  const keys = new Set([...stored.keys(), ...expected.keys()]);
  for (const figure of keys) {
    const isText = stored.get(figure);
    const shouldText = expected.get(figure);
    if (isText?.text === shouldText?.text) continue;
    if (pending.mayTouch(figure, isText?.testCaseId ?? shouldText?.testCaseId)) left += 1;
    else differences.push({ figure, stored: isText?.text, expected: shouldText?.text });
  }
  return { differences, compared: keys.size - left, pending: left };
}

/** Runs and links that refer to something that was never there: no declared foreign key guards the run tables. */
async function findOrphans(snapshot: Queryable, projectId: number): Promise<Difference[]> {
  const references = [
    ['test_run', 'test_case_id', 'test_case', 'test_case_id'],
    ['test_run', 'release_id', 'release', 'release_id'],
    ['test_run', 'test_set_id', 'test_set', 'test_set_id'],
    ['test_run', 'test_set_row_id', 'test_set_row', 'test_set_row_id'],
    ['test_run', 'build_id', 'build', 'build_id'],
    ['test_run', 'runner_message_hash', 'long_text', 'hash'],
    ['test_run', 'runner_stack_trace_hash', 'long_text', 'hash'],
    ['test_run_step', 'test_run_id', 'test_run', 'test_run_id'],
    ['release_test_case', 'test_case_id', 'test_case', 'test_case_id'],
    ['release_test_case', 'release_id', 'release', 'release_id'],
    ['test_set_row', 'test_set_id', 'test_set', 'test_set_id'],
    ['requirement_test_case', 'requirement_id', 'requirement', 'requirement_id'],
  ] as const;
  const orphans: Difference[] = [];
  for (const [table, column, parent, key] of references) {
    const rows = await snapshot.query<{ id: string; count: number }>(
      `select t.${column}::text as id, count(*) as count from ${table} t
        where t.project_id = $1 and t.${column} is not null
          and not exists (select from ${parent} p where p.project_id = $1 and p.${key} = t.${column})
        group by 1`,
      [projectId],
    );
    for (const row of rows) {
      orphans.push({
        figure: `${table}.${column} ${row.id}`,
        stored: `${row.count} rows`,
        expected: `a row of ${parent}`,
      });
    }
  }
  return orphans;
}
