import { ExecutionStatus, type ExecutionStatusId } from '../domain/tables.ts';
import { type Calendar, historyDays } from './calendar.ts';
import { chance, chosen } from './chance.ts';
import { actualResult } from './content/actual-results.ts';
import { testers } from './content/people.ts';
import { workedOn } from './content/releases.ts';
import { type PlacedCase, testCases } from './content/test-cases.ts';
import { type SampleSet, testSets } from './content/test-sets.ts';
import { manualTroubles } from './content/troubles.ts';
import { statusIds, troubleOf } from './outcomes.ts';

/** A run that somebody executed by hand, in the words of the content. */
export interface ManualRun {
  day: number;
  tester: (typeof testers)[number];
  /** The row of a set that was executed; undefined: the case alone. */
  place: { set: string; row: number } | undefined;
  testCase: PlacedCase;
  startDate: Date;
  endDate: Date;
}

/** What a tester entered for one step. */
export interface StepResult {
  executionStatusId: ExecutionStatusId;
  actualResult: string;
}

/** Testers begin at half past eight and take a break of some minutes between two cases. */
const FIRST_MINUTE = 510;
const CASES_A_DAY = 5;

/** Returns the runs by hand of the history, oldest first: on working days, the sets of the release of the day first. */
export function manualHistory(calendar: Calendar): ManualRun[] {
  return historyDays
    .filter((day) => calendar.isWorkingDay(day))
    .flatMap((day) => testers.flatMap((tester) => runsOfDay(calendar, day, tester)))
    .filter((run) => run.endDate <= calendar.now)
    .sort((one, other) => one.endDate.getTime() - other.endDate.getTime());
}

function runsOfDay(calendar: Calendar, day: number, tester: ManualRun['tester']): ManualRun[] {
  let minute = FIRST_MINUTE + chance('begin', day, tester) * 60;
  return Array.from({ length: CASES_A_DAY }, (_, turn) => {
    const { testCase, place } = workOf(day, tester, turn);
    const minutes = testCase.minutes * (0.7 + chance('minutes', day, tester, turn));
    const startDate = calendar.at(day, minute);
    const endDate = calendar.at(day, minute + minutes);
    minute += minutes + 8 + chance('break', day, tester, turn) * 50;
    return { day, tester, place, testCase, startDate, endDate };
  });
}

/** Three of five cases come from the set of the release of the day or from the smoke test before its end. */
function workOf(day: number, tester: string, turn: number): Pick<ManualRun, 'testCase' | 'place'> {
  const set = setOfDay(day);
  const rows = set ? executableRows(set) : [];
  if (set && rows.length > 0 && turn < 3) {
    const { row, testCase } = chosen(rows, 'row', day, tester, turn);
    return { testCase, place: { set: set.key, row } };
  }
  const byHand = testCases.filter(({ script, isDraft }) => !isDraft && (!script || chance('hand', script) < 0.5));
  return { testCase: chosen(byHand, 'case', day, tester, turn), place: undefined };
}

function setOfDay(day: number): SampleSet | undefined {
  const release = workedOn.find(({ from, to }) => day >= from && day < to);
  const isEnding = release !== undefined && release.to - day <= 2;
  return testSets.find((set) => (isEnding ? set.key === 'smoke' : !set.isAutomated && set.release === release?.key));
}

function executableRows(set: SampleSet): { row: number; testCase: PlacedCase }[] {
  return set.rows.flatMap((entry, row) => {
    const key = typeof entry === 'string' ? entry : entry.case;
    const testCase = testCases.find((one) => one.key === key);
    return testCase && !testCase.isDraft ? [{ row, testCase }] : [];
  });
}

/** Returns what the tester entered for each of `count` steps; what is Not Run is explained by the step before it. */
export function stepResults({ testCase: { key }, day, tester }: ManualRun, count: number): StepResult[] {
  const trouble = troubleOf(manualTroubles, { key, day, run: tester });
  const status = trouble?.status ?? 'passed';
  const pick = chance('note', key, day);
  const worst = Math.floor(chance('step', key, day) * count);
  return Array.from({ length: count }, (_, step) => {
    if (status === 'passed' || step < worst) return passed;
    if (status === 'notApplicable' || step === worst) {
      return { executionStatusId: statusIds[status], actualResult: actualResult(key, status, pick) };
    }
    return status === 'caution' ? passed : notRun;
  });
}

const passed: StepResult = { executionStatusId: ExecutionStatus.Passed, actualResult: '' };
const notRun: StepResult = { executionStatusId: ExecutionStatus.NotRun, actualResult: '' };
