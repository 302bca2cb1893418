import { type Calendar, historyDays } from './calendar.ts';
import { chance } from './chance.ts';
import { failureText } from './content/failures.ts';
import { type PlacedCase, testCases } from './content/test-cases.ts';
import { type SampleSet, testSets } from './content/test-sets.ts';
import { automatedTroubles, brokenBuilds } from './content/troubles.ts';
import { statusIds, troubleOf } from './outcomes.ts';

/** An automated run of the history, in the words of the content. */
export interface AutomatedRun {
  day: number;
  set: string;
  /** Position of the row in the set. */
  row: number;
  testCase: PlacedCase;
  executionStatusId: number;
  startDate: Date;
  endDate: Date;
  assertCount: number;
  message: string;
  stackTrace: string;
}

/** The nightly build starts ten minutes past one, its tests a quarter of an hour later. */
const FIRST_TEST_MINUTE = 85;

/** Returns the automated runs of the history, oldest first: every night unless the build broke, more on Saturdays. */
export function automatedHistory(calendar: Calendar): AutomatedRun[] {
  return historyDays
    .filter((day) => !brokenBuilds.some((build) => build.day === day))
    .flatMap((day) => runsOfNight(calendar, day))
    .filter((run) => run.endDate <= calendar.now);
}

function runsOfNight(calendar: Calendar, day: number): AutomatedRun[] {
  let minute = FIRST_TEST_MINUTE;
  return setsOfNight(calendar, day).flatMap((set) =>
    set.rows.flatMap((row, index) => {
      const testCase = testCases.find((one) => one.key === row);
      if (!testCase?.script) return [];
      const seconds = 4 + chance('seconds', set.key, day, testCase.key) * 50;
      const startDate = calendar.at(day, minute);
      minute += seconds / 60;
      return {
        ...resultOf(testCase, { day, set: set.key }),
        day,
        set: set.key,
        row: index,
        testCase,
        startDate,
        endDate: calendar.at(day, minute),
      };
    }),
  );
}

function setsOfNight(calendar: Calendar, day: number): SampleSet[] {
  return testSets.filter(
    ({ isAutomated, recurrence, key }) =>
      isAutomated && (calendar.isSaturday(day) ? key !== 'nightly' : recurrence === 2),
  );
}

function resultOf({ key, script = '', runner }: PlacedCase, { day, set }: { day: number; set: string }) {
  const assertCount = 3 + Math.floor(chance('asserts', key) * 20);
  const trouble = troubleOf(automatedTroubles, { key, day, run: set });
  if (!trouble) {
    return { executionStatusId: statusIds.passed, assertCount, message: 'passed', stackTrace: '' };
  }
  const variant = Math.floor(chance('variant', key, Math.floor(day / 3)) * 100);
  return {
    executionStatusId: statusIds[trouble.status],
    assertCount,
    ...failureText(trouble.failure, { script, runner, variant }),
  };
}
