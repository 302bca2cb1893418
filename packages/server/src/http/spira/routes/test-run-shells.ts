import { createShellsForHost, createShellsForHostFromTestSet } from '../../../commands/create-automated-shells.ts';
import { createShellsFromTestCases, createShellsFromTestSet } from '../../../commands/create-test-run-shells.ts';
import { notFound } from '../../../domain/errors.ts';
import { DateRange } from '../../../wire/spira/objects/date-range.ts';
import { RemoteAutomatedTestRun, RemoteManualTestRun } from '../../../wire/spira/objects/test-run.ts';
import type { QueryParameters } from '../../../wire/spira/query.ts';
import { commandOf } from '../one-thing.ts';
import { can, idList, list, noBody, operation, toUpdate } from '../operation.ts';
import { idOfPath } from '../things.ts';

const mayRecord = can('testRun:create');
const DAY_MS = 86_400_000;

/** Returns the release that is asked for; one that cannot exist is looked for all the same, and not found. */
function releaseOf(query: QueryParameters): number | null {
  const text = query.text('release_id');
  if (text !== undefined && query.integer('release_id') === undefined) throw notFound(`Release ${text.slice(0, 40)}`);
  return query.id('release_id') ?? null;
}

interface Range {
  startDate?: Date | null;
  endDate?: Date | null;
  considerTimes?: boolean | null;
}

/** Whole UTC days, unless times are to be considered. */
function boundsOf({ startDate, endDate, considerTimes }: Range): { from: Date | null; to: Date | null } {
  if (considerTimes) return { from: startDate ?? null, to: endDate ?? null };
  const day = (instant: Date) => Math.floor(instant.getTime() / DAY_MS) * DAY_MS;
  return {
    from: startDate ? new Date(day(startDate)) : null,
    to: endDate ? new Date(day(endDate) + DAY_MS - 1) : null,
  };
}

export const testRunShellOperations = [
  operation({
    method: 'POST',
    path: 'projects/{project_id}/test-runs/create',
    summary: 'Shells of manual runs for test cases, in the order asked for; nothing is stored.',
    priority: 1,
    needs: mayRecord,
    body: idList,
    returns: list(RemoteManualTestRun),
    handle: async (call) =>
      createShellsFromTestCases(commandOf(call), { testCaseIds: call.body, releaseId: releaseOf(call.query) }),
  }),
  operation({
    method: 'POST',
    path: 'projects/{project_id}/test-runs/create/test_set/{test_set_id}',
    summary: 'Shells of manual runs for the rows of a test set, one for each configuration; nothing is stored.',
    priority: 1,
    needs: mayRecord,
    body: noBody,
    returns: list(RemoteManualTestRun),
    handle: async (call) => createShellsFromTestSet(commandOf(call), idOfPath(call, 'testSet')),
  }),
  operation({
    method: 'POST',
    path: 'projects/{project_id}/test-runs/create/automation_host/{automation_host_token}',
    summary: 'The work list of an automation host: its test sets that are not started and planned within the range.',
    priority: 2,
    needs: mayRecord,
    body: toUpdate(DateRange),
    returns: list(RemoteAutomatedTestRun),
    handle: async (call) =>
      createShellsForHost(commandOf(call), { token: call.path.text('automation_host_token'), ...boundsOf(call.body) }),
  }),
  operation({
    method: 'POST',
    path: 'projects/{project_id}/test-runs/create/test_set/{test_set_id}/automation_host/{automation_host_token}',
    summary: 'Shells of automated runs for the rows of a test set, whether or not it is assigned to the host.',
    priority: 2,
    needs: mayRecord,
    body: noBody,
    returns: list(RemoteAutomatedTestRun),
    handle: async (call) =>
      createShellsForHostFromTestSet(commandOf(call), {
        token: call.path.text('automation_host_token'),
        testSetId: idOfPath(call, 'testSet'),
      }),
  }),
];
