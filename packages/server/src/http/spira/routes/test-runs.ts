import { deleteTestRun } from '../../../commands/delete-test-run.ts';
import { recordTestRuns } from '../../../commands/record-test-runs.ts';
import { saveManualTestRuns } from '../../../commands/save-manual-test-runs.ts';
import { DomainError, notFound } from '../../../domain/errors.ts';
import type { Condition } from '../../../domain/filter.ts';
import { requireExisting } from '../../../views/existing.ts';
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
import {
  anyLogin,
  type Call,
  can,
  empty,
  filtersOf,
  list,
  listToCreate,
  noBody,
  one,
  operation,
  scalar,
  toCreate,
} from '../operation.ts';
import { projectOfRuns } from '../project-of-runs.ts';

const mayRecord = can('testRun:create');
const maySee = can('testRun:view');
/** Every list of runs can be filtered and sorted by whatever any run has. */
const runFilters = filtersOf(RemoteAutomatedTestRun);

type Listed = typeof testRuns | typeof manualTestRuns | typeof automatedTestRuns;

function listed<View extends Listed>(view: View, call: Call<unknown>, where: readonly Condition[] = []) {
  const query = call.listQuery(RemoteAutomatedTestRun, where);
  return view.list(call.services.read, [call.project.projectId], query) as ReturnType<View['list']>;
}

async function listedWithSteps(call: Call<unknown>, where: readonly Condition[] = []) {
  return withSteps(call.services.read, call.project.projectId, await listed(manualTestRuns, call, where));
}

/** Returns the run of the path. A run of the other kind does not exist for an operation of one kind. */
async function oneRun<View extends typeof singleTestRuns | typeof singleAutomatedTestRuns>(
  view: View,
  { services, project, path }: Call<unknown>,
) {
  const testRunId = path.id('test_run_id', 'Test run');
  const run = await view.find(services.read, [project.projectId], testRunId);
  if (!run) throw notFound(`Test run ${testRunId}`);
  return run;
}

async function oneRunWithSteps(
  view: typeof singleManualTestRuns | typeof singleAutomatedTestRuns,
  call: Call<unknown>,
) {
  const [run] = await withSteps(call.services.read, call.project.projectId, [await oneRun(view, call)]);
  return run;
}

/** Returns the end for runs without their own. In a query string the plus sign of an offset arrives as a blank. */
function endDateOf({ query }: Call<unknown>): Date | null {
  const text = query.text('end_date');
  if (text === undefined) return null;
  const parsed = parseDate(text.replace(/(T[\d:.]+) (?=\d{2}:?\d{2}$)/, '$1+'));
  if (!parsed) throw new DomainError('invalid', `end_date: ${text.slice(0, 60)} is not a date`);
  return parsed;
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
    handle: async (call) => {
      const { items: runs, issues, wasSingle } = call.body;
      const save = { runs, issues, endDate: endDateOf(call), isList: !wasSingle };
      return saveManualTestRuns(inProject(call.services, call.actor, call.project), save);
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
    body: listToCreate(RemoteAutomatedTestRun),
    returns: list(RemoteAutomatedTestRun),
    handle: async ({ services, actor, project, body: { items: runs, issues, wasSingle } }) =>
      recordTestRuns(inProject(services, actor, project), { runs, issues, kind: 'bulk', isList: !wasSingle }),
  }),
  operation({
    method: 'POST',
    path: 'test-runs/record',
    summary: 'Records one automated run; the project is that of the query, of the body or of the test case.',
    priority: 1,
    needs: anyLogin,
    body: toCreate(RemoteAutomatedTestRunAnywhere),
    returns: one(RemoteAutomatedTestRun),
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
    body: listToCreate(RemoteAutomatedTestRunAnywhere),
    returns: list(RemoteAutomatedTestRun),
    handle: async ({ services, actor, query, body: { items: runs, issues, wasSingle } }) => {
      if (runs.length === 0) return [];
      const project = await projectOfRuns({ services, actor, query, runs, issues });
      const call = { runs, issues, kind: 'bulk', isList: !wasSingle } as const;
      return recordTestRuns(inProject(services, actor, project), call);
    },
  }),
  operation({
    method: 'GET',
    path: 'projects/{project_id}/test-runs',
    summary: 'Completed runs, newest end first, without steps.',
    priority: 1,
    needs: maySee,
    body: noBody,
    returns: list(RemoteTestRun),
    handle: async (call) => listed(testRuns, call),
  }),
  operation({
    method: 'POST',
    path: 'projects/{project_id}/test-runs/search',
    summary: 'Completed runs that meet the filters, newest end first, without steps.',
    priority: 1,
    needs: maySee,
    body: runFilters,
    returns: list(RemoteTestRun),
    handle: async (call) => listed(testRuns, call, call.body),
  }),
  operation({
    method: 'GET',
    path: 'projects/{project_id}/test-runs/manual',
    summary: 'Completed manual runs with their steps.',
    priority: 2,
    needs: maySee,
    body: noBody,
    returns: list(RemoteManualTestRun),
    handle: async (call) => listedWithSteps(call),
  }),
  operation({
    method: 'POST',
    path: 'projects/{project_id}/test-runs/search/manual',
    summary: 'Completed manual runs that meet the filters, with their steps.',
    priority: 2,
    needs: maySee,
    body: runFilters,
    returns: list(RemoteManualTestRun),
    handle: async (call) => listedWithSteps(call, call.body),
  }),
  operation({
    method: 'GET',
    path: 'projects/{project_id}/test-runs/automated',
    summary: 'Completed automated runs with their output, without steps.',
    priority: 2,
    needs: maySee,
    body: noBody,
    returns: list(RemoteAutomatedTestRun),
    handle: async (call) => listed(automatedTestRuns, call),
  }),
  operation({
    method: 'POST',
    path: 'projects/{project_id}/test-runs/search/automated',
    summary: 'Completed automated runs that meet the filters, with their output, without steps.',
    priority: 2,
    needs: maySee,
    body: runFilters,
    returns: list(RemoteAutomatedTestRun),
    handle: async (call) => listed(automatedTestRuns, call, call.body),
  }),
  operation({
    method: 'GET',
    path: 'projects/{project_id}/test-runs/count',
    summary: 'Number of completed runs.',
    priority: 2,
    needs: maySee,
    body: noBody,
    returns: scalar('int'),
    handle: async ({ services, project }) => testRuns.count(services.read, [project.projectId]),
  }),
  operation({
    method: 'POST',
    path: 'projects/{project_id}/test-runs/count',
    summary: 'Number of completed runs that meet the filters.',
    priority: 2,
    needs: maySee,
    body: runFilters,
    returns: scalar('int'),
    handle: async ({ services, project, body }) => testRuns.count(services.read, [project.projectId], body),
  }),
  operation({
    method: 'GET',
    path: 'projects/{project_id}/test-runs/{test_run_id}',
    summary: 'One run of any kind, without its steps.',
    priority: 1,
    needs: maySee,
    body: noBody,
    returns: one(RemoteTestRun),
    handle: async (call) => oneRun(singleTestRuns, call),
  }),
  operation({
    method: 'GET',
    path: 'projects/{project_id}/test-runs/{test_run_id}/automated',
    summary: 'One automated run with its output and steps.',
    priority: 1,
    needs: maySee,
    body: noBody,
    returns: one(RemoteAutomatedTestRun),
    handle: async (call) => oneRunWithSteps(singleAutomatedTestRuns, call),
  }),
  operation({
    method: 'GET',
    path: 'projects/{project_id}/test-runs/{test_run_id}/manual',
    summary: 'One manual run with its steps.',
    priority: 1,
    needs: maySee,
    body: noBody,
    returns: one(RemoteManualTestRun),
    handle: async (call) => oneRunWithSteps(singleManualTestRuns, call),
  }),
  operation({
    method: 'DELETE',
    path: 'projects/{project_id}/test-runs/{test_run_id}',
    summary: 'Deletes a run; statuses and counters are derived from the runs that remain.',
    priority: 2,
    needs: can('testRun:delete'),
    body: noBody,
    returns: empty,
    handle: async ({ services, actor, project, path }) =>
      deleteTestRun(inProject(services, actor, project), path.id('test_run_id', 'Test run')),
  }),
  operation({
    method: 'POST',
    path: 'projects/{project_id}/test-cases/{test_case_id}/test-runs/search',
    summary: 'Completed runs of a test case that meet the filters, newest end first, without steps.',
    priority: 2,
    needs: maySee,
    body: runFilters,
    returns: list(RemoteTestRun),
    handle: async (call) => {
      const id = call.path.id('test_case_id', 'Test case');
      await requireExisting(call.services.read, call.project.projectId, { kind: 'testCase', id, what: 'Test case' });
      const ofCase = { field: 'testCaseId', test: 'anyOf', values: [id], orNull: false } as const;
      return listed(testRuns, call, [ofCase, ...call.body]);
    },
  }),
];
