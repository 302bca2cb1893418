import type { StoredValue } from '../domain/custom-properties.ts';
import { type ErrorCode, type Issue, refuse } from '../domain/errors.ts';
import { isExecutionStatus, notAnExecutionStatus } from '../domain/execution-status.ts';
import type { NewTestRunStep, TestRunInput, TestRunStepInput } from '../domain/test-run.ts';
import type { ReferencedCase } from '../storage/known-references.ts';
import type { RunReferences } from '../storage/run-references.ts';
import type { SettledCustomValues } from './custom-properties.ts';

/** Collects what is wrong with one item of a call. */
export class ItemCheck {
  readonly index: number | undefined;
  readonly issues: Issue[] = [];

  constructor(index: number | undefined) {
    this.index = index;
  }

  report(code: ErrorCode, field: string, message: string): void {
    this.issues.push({ code, field, message, ...(this.index === undefined ? {} : { index: this.index }) });
  }

  missing(field: string, what: string, id: number): void {
    this.report('notFound', field, `${what} ${id} does not exist in this project`);
  }
}

/** The runs of one call as they were read, or one portion of them. */
export interface SentRuns<Input> {
  /** By position; undefined where `issues` already say why an item cannot be read. */
  runs: readonly (Input | undefined)[];
  issues: readonly Issue[];
  /** The caller sent a list, so that issues name positions. */
  isList: boolean;
  /** Position of the first of the runs in that list. */
  from?: number;
}

type Check<Input, Checked> = (run: Input, item: ItemCheck, position: number) => Checked | undefined;

/**
 * Returns what `check` makes of each run. Refuses the whole call when anything is wrong with any of them, naming every
 * issue of every item (BK-2, SV-6).
 */
export function checkedRuns<Input, Checked>(sent: SentRuns<Input>, check: Check<Input, Checked>): Checked[] {
  const { checked, problems } = checkRuns(sent, check);
  refuse(problems);
  return checked;
}

/** Returns what `check` makes of each run that is sound, and whatever is wrong with any of them. */
export function checkRuns<Input, Checked>(
  { runs, issues, isList, from = 0 }: SentRuns<Input>,
  check: Check<Input, Checked>,
): { checked: Checked[]; problems: Issue[] } {
  const checked: Checked[] = [];
  const problems = [...issues];
  for (const [position, run] of runs.entries()) {
    if (!run) continue;
    const item = new ItemCheck(isList ? from + position : undefined);
    const sound = check(run, item, position);
    if (sound) checked.push(sound);
    problems.push(...item.issues);
  }
  return { checked, problems };
}

/** What a run refers to, every reference found and the default ones settled. */
export interface ResolvedRun {
  testCaseId: number;
  testCase: ReferencedCase;
  testerId: number;
  testerGuid: string | null;
  releaseId: number | null;
  releaseGuid: string | null;
  releaseVersionNumber: string | null;
  buildId: number | null;
  testSetId: number | null;
  testSetGuid: string | null;
  testSetTestCaseId: number | null;
  testConfigurationId: number | null;
  customProperties: readonly StoredValue[] | null;
}

interface Resolving {
  references: RunReferences;
  callerId: number;
  /** What the custom values of the run become. */
  custom: SettledCustomValues | undefined;
  check: ItemCheck;
}

/**
 * Returns what a run refers to, undefined when its test case does not exist; every reference that does not is reported
 * (SV-3, SV-4). A build brings its release, a row its set, a set the first row it has of the case (AU-6).
 */
export function resolveRun(
  input: TestRunInput,
  { references, callerId, custom, check }: Resolving,
): ResolvedRun | undefined {
  const testCase = resolveCase(input, references, check);
  const testerId = input.testerId ?? callerId;
  if (testerId !== callerId && !references.users.get(testerId)?.isMember) {
    check.missing('testerId', 'Product member (user)', testerId);
  }
  const testConfigurationId = input.testConfigurationId ?? null;
  if (testConfigurationId !== null && !references.testConfigurations.has(testConfigurationId)) {
    check.missing('testConfigurationId', 'Test configuration', testConfigurationId);
  }
  const release = resolveRelease(input, references, check);
  const place = resolvePlace(input, references, check);
  check.issues.push(...(custom?.issues ?? []));
  if (!testCase) return undefined;
  const testCaseId = input.testCaseId!;
  const testerGuid = references.users.get(testerId)?.guid ?? null;
  const customProperties = custom?.values ?? null;
  return { testCaseId, testCase, testerId, testerGuid, testConfigurationId, customProperties, ...release, ...place };
}

function resolveCase(
  { testCaseId }: TestRunInput,
  references: RunReferences,
  check: ItemCheck,
): ReferencedCase | undefined {
  if (testCaseId === null || testCaseId === undefined) {
    check.report('notFound', 'testCaseId', 'The test case that was run is not named');
    return undefined;
  }
  const testCase = references.testCases.get(testCaseId);
  if (testCase && !testCase.isDeleted) return testCase;
  check.missing('testCaseId', 'Test case', testCaseId);
  return undefined;
}

type ResolvedRelease = Pick<ResolvedRun, 'releaseId' | 'releaseGuid' | 'releaseVersionNumber' | 'buildId'>;

/** A build belongs to one release: it brings that release, and no other one may be named beside it. */
export function resolveRelease(
  input: Pick<TestRunInput, 'releaseId' | 'buildId'>,
  references: Pick<RunReferences, 'releases' | 'builds'>,
  check: ItemCheck,
): ResolvedRelease {
  const { releaseId, buildId } = input;
  const build = buildId ? references.builds.get(buildId) : undefined;
  const release = releaseId ? references.releases.get(releaseId) : build;
  if (releaseId && !release) check.missing('releaseId', 'Release', releaseId);
  if (buildId && !build) check.missing('buildId', 'Build', buildId);
  if (build && releaseId && build.releaseId !== releaseId) {
    check.report('notFound', 'buildId', `Build ${buildId} does not exist in release ${releaseId}`);
  }
  return {
    releaseId: releaseId ?? build?.releaseId ?? null,
    releaseGuid: release?.guid ?? null,
    releaseVersionNumber: release?.versionNumber ?? null,
    buildId: buildId ?? null,
  };
}

type ResolvedPlace = Pick<ResolvedRun, 'testSetId' | 'testSetGuid' | 'testSetTestCaseId'>;

/** AU-6: the row that was named, else the set's first row of the case, else the set alone. */
export function resolvePlace(
  input: Pick<TestRunInput, 'testCaseId' | 'testSetId' | 'testSetTestCaseId'>,
  references: Pick<RunReferences, 'testSets' | 'rows' | 'rowOf'>,
  check: ItemCheck,
): ResolvedPlace {
  const { testCaseId, testSetId, testSetTestCaseId: rowId } = input;
  const testSet = testSetId ? references.testSets.get(testSetId) : undefined;
  if (testSetId && !testSet) check.missing('testSetId', 'Test set', testSetId);
  if (!rowId) {
    const found = testSetId && testCaseId ? references.rowOf(testSetId, testCaseId) : undefined;
    return { testSetId: testSetId ?? null, testSetGuid: testSet?.guid ?? null, testSetTestCaseId: found ?? null };
  }
  const row = references.rows.get(rowId);
  const belongs = row && (!testSetId || row.testSetId === testSetId) && (!testCaseId || row.testCaseId === testCaseId);
  if (!row) check.missing('testSetTestCaseId', 'Row (test case of a test set)', rowId);
  else if (!belongs) {
    check.report(
      'notFound',
      'testSetTestCaseId',
      `Row ${rowId} holds test case ${row.testCaseId} in test set ${row.testSetId}, which is not what the run names`,
    );
  }
  return {
    testSetId: testSetId ?? row?.testSetId ?? null,
    testSetGuid: testSet?.guid ?? row?.testSetGuid ?? null,
    testSetTestCaseId: rowId,
  };
}

/**
 * Returns the steps of a run of this case. Unknown steps and cases are reported (SV-10), and every status that is none
 * (SV-2, AU-8). A missing position is the place in the list; a missing case is that of the step, else the run's.
 */
export function resolveSteps(
  steps: readonly TestRunStepInput[],
  testCaseId: number,
  { references, check }: { references: RunReferences; check: ItemCheck },
): NewTestRunStep[] {
  return steps.map((step, at) => {
    const field = `testRunSteps[${at}]`;
    const testStep = step.testStepId ? references.testSteps.get(step.testStepId) : undefined;
    if (step.testStepId && !testStep) check.missing(`${field}.testStepId`, 'Test step', step.testStepId);
    if (step.testCaseId && !references.testCases.has(step.testCaseId)) {
      check.missing(`${field}.testCaseId`, 'Test case', step.testCaseId);
    }
    const { executionStatusId } = step;
    if (!isExecutionStatus(executionStatusId)) {
      check.report('outsideTable', `${field}.executionStatusId`, notAnExecutionStatus(executionStatusId));
    }
    return {
      testStepId: step.testStepId ?? null,
      testCaseId: step.testCaseId ?? testStep?.testCaseId ?? testCaseId,
      executionStatusId: executionStatusId ?? 0,
      position: step.position ?? at + 1,
      description: step.description ?? null,
      expectedResult: step.expectedResult ?? null,
      sampleData: step.sampleData ?? null,
      actualResult: step.actualResult ?? null,
      actualDuration: step.actualDuration ?? null,
      startDate: step.startDate ?? null,
      endDate: step.endDate ?? null,
    };
  });
}
