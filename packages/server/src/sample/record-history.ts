import {
  createShellsFromTestCases,
  createShellsFromTestSet,
  type ManualShell,
} from '../commands/create-test-run-shells.ts';
import { recordTestRuns } from '../commands/record-test-runs.ts';
import { saveManualTestRuns } from '../commands/save-manual-test-runs.ts';
import type { AutomatedTestRunInput, ManualTestRunInput } from '../domain/test-run.ts';
import { type AutomatedRun, automatedHistory } from './automated-history.ts';
import { testCases } from './content/test-cases.ts';
import { testSets } from './content/test-sets.ts';
import { releaseOfDay } from './make-releases.ts';
import { type ManualRun, manualHistory, stepResults } from './manual-history.ts';
import { idOf, type SampleMaking } from './sample-making.ts';

/** So many runs a call, as pipelines are advised to send them (BK-3). */
const BATCH = 500;

/** Records the automated runs of the history and returns how many. */
export async function recordAutomatedHistory(making: SampleMaking, automationHostId: number): Promise<number> {
  const history = automatedHistory(making.calendar);
  for (const batch of batchesOf(history)) {
    const runs = batch.map((run) => ({ ...automatedInput(making, run), automationHostId }));
    await recordTestRuns({ ...making.command, now: () => endOf(batch) }, { runs, kind: 'bulk' });
  }
  return history.length;
}

function automatedInput(making: SampleMaking, run: AutomatedRun): AutomatedTestRunInput {
  const { testCase, day } = run;
  return {
    ...placeOf(making, { set: run.set, row: run.row }),
    testCaseId: idOf(making.testCases, testCase.key),
    testerId: idOf(making.people, 'nightly'),
    releaseId: idOf(making.releases, releaseOfDay(day).key),
    buildId: idOf(making.builds, day),
    executionStatusId: run.executionStatusId,
    startDate: run.startDate,
    endDate: run.endDate,
    runnerName: testCase.runner,
    runnerTestName: testCase.script ?? testCase.name,
    runnerAssertCount: run.assertCount,
    runnerMessage: run.message,
    runnerStackTrace: run.stackTrace,
  };
}

/** A manual run that was saved, for incidents to refer to. */
export interface SavedRun {
  key: string;
  day: number;
  /** The steps that did not pass. */
  stepIds: number[];
}

/** Saves the runs by hand of the history, filling in the shells that the server hands out. */
export async function saveManualHistory(making: SampleMaking): Promise<SavedRun[]> {
  const shells = await shellsByPlace(making);
  const saved: SavedRun[] = [];
  for (const batch of batchesOf(manualHistory(making.calendar))) {
    const runs = batch.map((run) => manualInput(making, run, shells));
    const entered = await saveManualTestRuns({ ...making.command, now: () => endOf(batch) }, { runs });
    for (const [index, { testRunSteps }] of entered.entries()) {
      const { testCase, day } = batch[index]!;
      const stepIds = testRunSteps.filter((step) => step.actualResult).map((step) => step.testRunStepId);
      saved.push({ key: testCase.key, day, stepIds });
    }
  }
  return saved;
}

function manualInput(
  making: SampleMaking,
  run: ManualRun,
  shells: ReadonlyMap<string, ManualShell>,
): ManualTestRunInput {
  const shell = shells.get(placeKey(run.place, run.testCase.key));
  if (!shell) throw new Error(`The sample content has no shell for ${run.testCase.key}`);
  const results = stepResults(run, shell.testRunSteps.length);
  return {
    ...placeOf(making, run.place),
    testCaseId: shell.testCaseId,
    name: shell.name,
    testerId: idOf(making.people, run.tester),
    releaseId: idOf(making.releases, releaseOfDay(run.day).key),
    startDate: run.startDate,
    endDate: run.endDate,
    testRunSteps: shell.testRunSteps.map((step, index) => ({ ...step, ...results[index] })),
  };
}

/** Returns one shell for each row that people execute and each case alone; the steps of a run are always copies. */
async function shellsByPlace({
  command,
  testCases: ids,
  testSets: sets,
}: SampleMaking): Promise<Map<string, ManualShell>> {
  const shells = new Map<string, ManualShell>();
  const single = await createShellsFromTestCases(command, {
    testCaseIds: testCases.map(({ key }) => idOf(ids, key)),
    releaseId: null,
  });
  for (const [index, shell] of single.entries()) shells.set(placeKey(undefined, testCases[index]!.key), shell);
  for (const { key, isAutomated } of testSets) {
    const set = sets.get(key);
    if (!set || isAutomated) continue;
    const ofSet = await createShellsFromTestSet(command, set.testSetId);
    for (const [row, shell] of ofSet.entries()) shells.set(placeKey({ set: key, row }, ''), shell);
  }
  return shells;
}

function placeKey(place: ManualRun['place'], key: string): string {
  return place ? `${place.set} ${place.row}` : key;
}

function placeOf({ testSets: sets }: SampleMaking, place: ManualRun['place']) {
  const set = place && sets.get(place.set);
  return { testSetId: set?.testSetId ?? null, testSetTestCaseId: (place && set?.rowIds[place.row]) ?? null };
}

function batchesOf<Run>(history: readonly Run[]): Run[][] {
  const count = Math.ceil(history.length / BATCH);
  return Array.from({ length: count }, (_, index) => history.slice(index * BATCH, (index + 1) * BATCH));
}

function endOf(batch: readonly { endDate: Date }[]): Date {
  return batch.at(-1)?.endDate ?? new Date(0);
}
