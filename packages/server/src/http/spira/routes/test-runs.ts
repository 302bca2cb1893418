import type { ProjectCommand } from '../../../commands/context.ts';
import { deleteTestRun } from '../../../commands/delete-test-run.ts';
import { bringLongTexts, keepTextsOfRuns } from '../../../commands/keep-texts-of-runs.ts';
import { recordInPortions } from '../../../commands/record-in-portions.ts';
import { recordTestRuns } from '../../../commands/record-test-runs.ts';
import { saveManualTestRuns } from '../../../commands/save-manual-test-runs.ts';
import { DomainError, type Issue } from '../../../domain/errors.ts';
import { LEAST_LONG_TEXT_BYTES } from '../../../domain/long-text.ts';
import type { AutomatedTestRunInput } from '../../../domain/test-run.ts';
import { withSteps } from '../../../views/test-run-steps.ts';
import {
  automatedTestRuns,
  manualTestRuns,
  singleAutomatedTestRuns,
  singleManualTestRuns,
  singleTestRuns,
  testRuns,
} from '../../../views/test-runs.ts';
import {
  RemoteAutomatedTestRun,
  RemoteAutomatedTestRunAnywhere,
  RemoteManualTestRun,
  RemoteTestRun,
} from '../../../wire/spira/objects/test-run.ts';
import { parseDate } from '../../../wire/spira/scalars.ts';
import { inProject } from '../../services.ts';
import { among } from '../conditions.ts';
import { type Listable, listing } from '../listing.ts';
import { LongAnswer } from '../long-answer.ts';
import { commandOf, deleting, readingOne } from '../one-thing.ts';
import {
  type AnyObject,
  anyLogin,
  type Call,
  can,
  type DecodedList,
  list,
  listToCreate,
  listToCreateInPortions,
  one,
  operation,
  toCreate,
} from '../operation.ts';
import { admittedToRecord, type Placed, projectOfRuns } from '../project-of-runs.ts';
import { existingOfPath, type Find, rowOf } from '../things.ts';

const mayRecord = can('testRun:create');
const maySee = can('testRun:view');

/** Returns what lists completed runs. All can be filtered and sorted by whatever any run has. */
const completed = (object: AnyObject, viewOf: (projectId: number) => Listable) =>
  listing({
    object,
    filters: RemoteAutomatedTestRun,
    needs: maySee,
    source: ({ project: { projectId } }) => ({ view: viewOf(projectId), parameters: [projectId] }),
  });

const completedRuns = completed(RemoteTestRun, () => testRuns);
const completedAutomatedRuns = completed(RemoteAutomatedTestRun, () => automatedTestRuns);
const completedManualRuns = completed(RemoteManualTestRun, (projectId) => ({
  list: async (db, ...asked) => withSteps(db, projectId, await manualTestRuns.list(db, ...asked)),
  count: (...asked) => manualTestRuns.count(...asked),
}));
const completedRunsOfCase = listing({
  object: RemoteTestRun,
  filters: RemoteAutomatedTestRun,
  needs: maySee,
  source: async (call) => ({
    view: testRuns,
    parameters: [call.project.projectId],
    where: [among('testCaseId', [await existingOfPath(call, 'testCase')])],
  }),
});

/** Returns how a run is found with its steps. A run of the other kind does not exist for an operation of one kind. */
function findWithSteps(view: typeof singleManualTestRuns | typeof singleAutomatedTestRuns): Find<object> {
  return async (db, projectId, testRunId) => {
    const run = await view.find(db, [projectId], testRunId);
    return run && (await withSteps(db, projectId, [run]))[0];
  };
}

/** Returns the end for runs without their own. In a query string the plus sign of an offset arrives as a blank. */
function endDateOf({ query }: Call<unknown>): Date | null {
  const text = query.text('end_date');
  if (text === undefined) return null;
  const parsed = parseDate(text.replace(/(T[\d:.]+) (?=\d{2}:?\d{2}$)/, '$1+'));
  if (!parsed) throw new DomainError('invalid', `end_date: ${text.slice(0, 60)} is not a date`);
  return parsed;
}

/** Records what a bulk call sent; what was recorded of a very large one is answered without having all of it in memory. */
async function recordMultiple(
  context: ProjectCommand,
  { items: runs, issues, wasSingle, portions }: DecodedList<AutomatedTestRunInput>,
): Promise<readonly object[] | LongAnswer> {
  if (!portions) return recordTestRuns(context, { runs, issues, kind: 'bulk', isList: !wasSingle });
  const answer = await recordInPortions(context, portions, () => new LongAnswer(RemoteAutomatedTestRun));
  return answer.end();
}

/** Returns the runs of a bulk call that may bring long texts. */
const runsWithTexts = ({ items, portions }: DecodedList<AutomatedTestRunInput>) =>
  portions?.itemsFrom(LEAST_LONG_TEXT_BYTES) ?? items;

/** Returns what tells the project of each run, and nothing else of it. */
function placesOf({ items, issues, portions }: DecodedList<Placed>): Places {
  if (!portions) return { runs: items, issues };
  const runs: (Placed | undefined)[] = [];
  const found: Issue[] = [];
  for (const portion of portions) {
    for (const item of portion.items) runs.push(item && { projectId: item.projectId, testCaseId: item.testCaseId });
    found.push(...portion.issues);
  }
  return { runs, issues: found };
}

/** Stores long texts ahead, where the project is only found out when there are some. */
async function keepTextsAnywhere(
  { services, actor, query }: Call<unknown>,
  { runs, places }: { runs: Iterable<AutomatedTestRunInput | undefined>; places(): Places },
): Promise<void> {
  if (!bringLongTexts(runs)) return;
  const project = await projectOfRuns({ services, actor, query, ...places() }).catch(ignoreRefusal);
  if (project) await keepTextsOfRuns(inProject(services, actor, project), runs);
}

/** Whether the call is refused, the recording decides: a repeat gets its first answer, whatever was deleted since. */
function ignoreRefusal(error: unknown): undefined {
  if (!(error instanceof DomainError)) throw error;
}

interface Places {
  runs: readonly (Placed | undefined)[];
  issues?: readonly Issue[];
}

export const testRunOperations = [
  operation({
    method: 'PUT',
    path: 'projects/{project_id}/test-runs',
    summary: 'Saves manual runs, all or none; the status of each follows from its steps. Answers them with their ids.',
    priority: 1,
    needs: mayRecord,
    body: listToCreate(RemoteManualTestRun),
    returns: list(RemoteManualTestRun),
    once: {},
    handle: async (call) => {
      const { items: runs, issues, wasSingle } = call.body;
      const save = { runs, issues, endDate: endDateOf(call), isList: !wasSingle };
      return saveManualTestRuns(commandOf(call), save);
    },
  }),
  operation({
    method: 'POST',
    path: 'projects/{project_id}/test-runs/record',
    summary: 'Records one automated run; every status and counter it touches is up to date when the answer comes.',
    priority: 1,
    needs: mayRecord,
    body: toCreate(RemoteAutomatedTestRun),
    returns: one(RemoteAutomatedTestRun),
    once: {},
    prepare: ({ services, actor, project, body }) => keepTextsOfRuns(inProject(services, actor, project), [body]),
    handle: async ({ services, actor, project, body }) => {
      const [run] = await recordTestRuns(inProject(services, actor, project), { runs: [body], kind: 'runs' });
      return run;
    },
  }),
  operation({
    method: 'POST',
    path: 'projects/{project_id}/test-runs/record-multiple',
    summary: 'Records automated runs, all or none; statuses and counters follow with the next refresh.',
    priority: 1,
    needs: mayRecord,
    body: listToCreateInPortions(RemoteAutomatedTestRun),
    returns: list(RemoteAutomatedTestRun),
    once: {},
    prepare: ({ services, actor, project, body }) =>
      keepTextsOfRuns(inProject(services, actor, project), runsWithTexts(body)),
    handle: async ({ services, actor, project, body }) => recordMultiple(inProject(services, actor, project), body),
  }),
  operation({
    method: 'POST',
    path: 'test-runs/record',
    summary: 'Records one automated run; the project is that of the query, of the body or of the test case.',
    priority: 1,
    needs: anyLogin,
    body: toCreate(RemoteAutomatedTestRunAnywhere),
    returns: one(RemoteAutomatedTestRun),
    once: { admit: admittedToRecord },
    prepare: (call) => keepTextsAnywhere(call, { runs: [call.body], places: () => ({ runs: [call.body] }) }),
    handle: async ({ services, actor, query, body }) => {
      const project = await projectOfRuns({ services, actor, query, runs: [body] });
      const [run] = await recordTestRuns(inProject(services, actor, project), { runs: [body], kind: 'runs' });
      return run;
    },
  }),
  operation({
    method: 'POST',
    path: 'test-runs/record-multiple',
    summary: 'Records automated runs of one project: that of the query, of the bodies or of the test cases.',
    priority: 1,
    needs: anyLogin,
    body: listToCreateInPortions(RemoteAutomatedTestRunAnywhere),
    returns: list(RemoteAutomatedTestRun),
    once: { admit: admittedToRecord },
    prepare: (call) => keepTextsAnywhere(call, { runs: runsWithTexts(call.body), places: () => placesOf(call.body) }),
    handle: async ({ services, actor, query, body }) => {
      if (!body.portions && body.items.length === 0) return [];
      const project = await projectOfRuns({ services, actor, query, ...placesOf(body) });
      return recordMultiple(inProject(services, actor, project), body);
    },
  }),
  completedRuns.list({
    path: 'projects/{project_id}/test-runs',
    summary: 'Completed runs, newest end first, without steps.',
    priority: 1,
  }),
  completedRuns.search({
    path: 'projects/{project_id}/test-runs/search',
    summary: 'Completed runs that meet the filters, newest end first, without steps.',
    priority: 1,
  }),
  completedManualRuns.list({
    path: 'projects/{project_id}/test-runs/manual',
    summary: 'Completed manual runs with their steps.',
    priority: 2,
  }),
  completedManualRuns.search({
    path: 'projects/{project_id}/test-runs/search/manual',
    summary: 'Completed manual runs that meet the filters, with their steps.',
    priority: 2,
  }),
  completedAutomatedRuns.list({
    path: 'projects/{project_id}/test-runs/automated',
    summary: 'Completed automated runs with their output, without steps.',
    priority: 2,
  }),
  completedAutomatedRuns.search({
    path: 'projects/{project_id}/test-runs/search/automated',
    summary: 'Completed automated runs that meet the filters, with their output, without steps.',
    priority: 2,
  }),
  completedRuns.count({
    path: 'projects/{project_id}/test-runs/count',
    summary: 'Number of completed runs.',
    priority: 2,
  }),
  completedRuns.countFound({
    path: 'projects/{project_id}/test-runs/count',
    summary: 'Number of completed runs that meet the filters.',
    priority: 2,
  }),
  readingOne({
    path: 'projects/{project_id}/test-runs/{test_run_id}',
    summary: 'One run of any kind, without its steps.',
    priority: 1,
    needs: maySee,
    object: RemoteTestRun,
    thing: 'testRun',
    find: rowOf(singleTestRuns),
  }),
  readingOne({
    path: 'projects/{project_id}/test-runs/{test_run_id}/automated',
    summary: 'One automated run with its output and steps.',
    priority: 1,
    needs: maySee,
    object: RemoteAutomatedTestRun,
    thing: 'testRun',
    find: findWithSteps(singleAutomatedTestRuns),
  }),
  readingOne({
    path: 'projects/{project_id}/test-runs/{test_run_id}/manual',
    summary: 'One manual run with its steps.',
    priority: 1,
    needs: maySee,
    object: RemoteManualTestRun,
    thing: 'testRun',
    find: findWithSteps(singleManualTestRuns),
  }),
  deleting({
    path: 'projects/{project_id}/test-runs/{test_run_id}',
    summary: 'Deletes a run; statuses and counters are derived from the runs that remain.',
    priority: 2,
    needs: can('testRun:delete'),
    thing: 'testRun',
    act: deleteTestRun,
  }),
  completedRunsOfCase.search({
    path: 'projects/{project_id}/test-cases/{test_case_id}/test-runs/search',
    summary: 'Completed runs of a test case that meet the filters, newest end first, without steps.',
    priority: 2,
  }),
];
