import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { refreshPending } from '../../src/rollups/refresh.ts';
import { verifyFigures } from '../../src/rollups/verify.ts';
import {
  aBuild,
  aMapping,
  aRelease,
  aTestCase,
  aTestCaseFolder,
  aTestSet,
  aTestSetFolder,
  aTestSetRow,
  aTestStep,
} from '../support/builders.ts';
import { testDatabase } from '../support/database.ts';
import { spiraServer } from '../support/spira-server.ts';
import { anyMutation, type FuzzRequest, mutated } from './mutations.ts';

// 10,000 requests to the P1 operations, each right but for one to four random faults in path, query, headers, JSON or
// bytes. Whatever comes in: no 5xx, an answer with a body where one is due, and a batch is stored whole or not at all.

const REQUESTS = 10_000;

const db = await testDatabase({ poolSize: 8 });
const server = await spiraServer(db);
const { projectId } = server;
const templates = await rightRequests();

const statuses = new Map<number, number>();
afterAll(() => console.log(`fuzz: ${[...statuses].map(([status, count]) => `${status}: ${count}`).join(', ')}`));

test(`${REQUESTS} mutated requests: no 5xx, no half-stored batch, verify finds no difference`, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...templates),
      fc.array(anyMutation, { minLength: 1, maxLength: 4 }),
      async (template, mutations) => {
        const request = mutated(template, mutations);
        const before = await countRuns();
        const answer = await server.app.inject({
          method: request.method as 'GET',
          url: `/Services/v7_0/RestService.svc/${request.path}`,
          headers: { username: server.owner.login, 'api-key': server.owner.apiKey, ...request.headers },
          ...(request.body === undefined ? {} : { payload: request.body }),
        });
        statuses.set(answer.statusCode, (statuses.get(answer.statusCode) ?? 0) + 1);
        expect(answer.statusCode, answer.body.slice(0, 500)).toBeLessThan(500);
        if (answer.statusCode !== 200 && request.method !== 'HEAD') expect(answer.body).not.toBe('');
        expect((await countRuns()) - before).toBe(storedBy(request, answer));
      },
    ),
    { numRuns: REQUESTS, endOnFailure: false },
  );
  expect(statuses.get(200)).toBeGreaterThan(REQUESTS / 20);
  await refreshPending(db, projectId);
  const verification = await verifyFigures(db, projectId);
  expect(verification).toMatchObject({ differences: [], orphans: [], pending: 0 });
  expect(verification.runs).toBeGreaterThan(100);
}, 300_000);

async function countRuns(): Promise<number> {
  const [row] = await db.query<{ count: number }>('select count(*) as count from test_run');
  return row?.count ?? 0;
}

/** How many runs an answer says were stored: all that it lists, none when it refuses. */
function storedBy(request: FuzzRequest, answer: { statusCode: number; body: string }): number {
  const stores = request.method !== 'GET' && /test-runs(\/record(-multiple)?)?\W*(\?|$)/i.test(request.path);
  if (!stores || answer.statusCode !== 200) return 0;
  const text = answer.body;
  return (text.match(/"TestRunTypeId":|<TestRunTypeId[ >]/g) ?? []).length;
}

async function rightRequests(): Promise<FuzzRequest[]> {
  const releaseId = await aRelease(db, projectId);
  const buildId = await aBuild(db, projectId, { releaseId });
  const folderId = await aTestCaseFolder(db, projectId);
  const setFolderId = await aTestSetFolder(db, projectId);
  const testCaseId = await aTestCase(db, projectId, { testCaseFolderId: folderId });
  const other = await aTestCase(db, projectId);
  const testStepId = await aTestStep(db, projectId, { testCaseId });
  const testSetId = await aTestSet(db, projectId, { testSetFolderId: setFolderId });
  const rowId = await aTestSetRow(db, projectId, { testSetId, testCaseId });
  await aMapping(db, projectId, { releaseId, testCaseId });
  const { appendChange } = await import('../../src/changes/change-log.ts');
  await db.transaction((transaction) =>
    appendChange(transaction, projectId, { kind: 'cases', testCaseIds: [testCaseId, other] }),
  );
  const automated = {
    TestCaseId: testCaseId,
    ReleaseId: releaseId,
    TestSetId: testSetId,
    TestSetTestCaseId: rowId,
    BuildId: buildId,
    ExecutionStatusId: 2,
    StartDate: '2026-02-03T10:00:00Z',
    EndDate: '/Date(1770112860000-0000)/',
    TestRunFormatId: 1,
    RunnerName: 'Fuzz',
    RunnerTestName: 'fuzz',
    RunnerAssertCount: 0,
    RunnerMessage: 'fine',
    RunnerStackTrace: null,
    Parameters: [{ Name: 'browser', Value: 'any', TestCaseParameterId: 1, TestSetTestCaseId: 0 }],
    TestRunSteps: [{ TestStepId: testStepId, ExecutionStatusId: 2, Position: 1, Description: 'x', ActualResult: 'y' }],
  };
  const bare = { TestCaseId: other, ExecutionStatusId: 1, RunnerName: 'Fuzz' };
  const manual = {
    TestRunId: 0,
    TestCaseId: testCaseId,
    ReleaseId: releaseId,
    TesterId: null,
    StartDate: '2026-02-03T10:00:00Z',
    EndDate: '2026-02-03T10:05:00Z',
    TestRunSteps: [
      { TestStepId: testStepId, TestCaseId: testCaseId, ExecutionStatusId: 2, Position: 1, ActualDuration: 3 },
    ],
  };
  const recorded = await server.call('POST', `projects/${projectId}/test-runs/record`, { body: automated });
  expect(recorded).toMatchObject({ status: 200 });
  const { TestRunId: runId, TestRunSteps: recordedSteps } = recorded.json;
  const incident = { Name: 'Broken', Description: '', TestRunStepIds: [recordedSteps[0].TestRunStepId] };
  const { json: created } = await server.call('POST', `projects/${projectId}/incidents`, { body: incident });
  const document = {
    FilenameOrUrl: 'a.txt',
    BinaryData: 'YWJj',
    AttachedArtifacts: [{ ArtifactId: runId, ArtifactTypeId: 5 }],
  };
  const { json: uploaded } = await server.call('POST', `projects/${projectId}/documents/file`, { body: document });
  const filters = [
    { PropertyName: 'ExecutionStatusId', MultiValue: { Values: [1, 2], IsNone: false } },
    { PropertyName: 'Name', StringValue: 'case "a b"' },
    { PropertyName: 'EndDate', DateRangeValue: { StartDate: '2026-01-01', EndDate: null, ConsiderTimes: true } },
  ];
  const page = '?starting_row=1&number_of_rows=20&sort_field=Name&sort_direction=DESC';
  const inProject = (method: string, path: string, body?: unknown): FuzzRequest => ({
    method,
    path: `projects/${projectId}/${path}`,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { json: body }),
  });
  const globally = (method: string, path: string, body?: unknown): FuzzRequest => ({
    ...inProject(method, '', body),
    path,
  });
  return [
    inProject('POST', 'test-runs/record', automated),
    inProject('POST', 'test-runs/record', bare),
    inProject('POST', 'test-runs/record-multiple', [automated, bare, automated]),
    inProject('POST', 'test-runs/record-multiple', [bare, bare]),
    globally('POST', 'test-runs/record-multiple', [automated, bare]),
    globally('POST', `test-runs/record?project_id=${projectId}`, bare),
    inProject('PUT', 'test-runs?end_date=2026-02-03T10:05:00Z', [manual, manual]),
    inProject('POST', `test-runs/create?release_id=${releaseId}`, [testCaseId, testCaseId]),
    inProject('POST', `test-runs/create/test_set/${testSetId}`),
    inProject('GET', `test-runs${page}`),
    inProject('POST', `test-runs/search${page}`, filters),
    inProject('GET', `test-runs/${runId}`),
    inProject('GET', `test-runs/${runId}/automated`),
    inProject('GET', `test-runs/${runId}/manual`),
    inProject('POST', 'refresh-caches?run_async=false'),
    inProject('POST', `refresh-caches/${releaseId}`),
    globally('GET', 'projects'),
    globally('GET', `projects/${projectId}`),
    globally('GET', 'users'),
    inProject('GET', 'users'),
    inProject('GET', 'releases?active_only=true'),
    inProject('GET', `releases/${releaseId}`),
    inProject('POST', `releases/${releaseId}/builds`, {
      Name: 'b',
      BuildStatusId: 2,
      CreationDate: '2026-02-03T10:05:00.123',
      Revisions: [{ RevisionKey: 'a' }],
    }),
    inProject('GET', `test-cases${page}&release_id=${releaseId}`),
    inProject('POST', `test-cases/search${page}`, filters),
    inProject('GET', `test-cases/${testCaseId}`),
    inProject('GET', `test-cases/${testCaseId}/test-steps`),
    inProject('GET', 'test-folders'),
    inProject('GET', `test-folders/${folderId}/test-cases${page}`),
    globally('GET', `test-cases${page}`),
    globally('GET', `test-sets${page}`),
    inProject('GET', `test-sets${page}&release_id=${releaseId}`),
    inProject('POST', `test-sets/search${page}`, [{ PropertyName: 'TestSetId', IntValue: testSetId }]),
    inProject('GET', `test-sets/${testSetId}`),
    inProject('GET', `test-sets/${testSetId}/test-case-mapping`),
    inProject('GET', 'test-set-folders'),
    inProject('GET', `test-set-folders/${setFolderId}/test-sets${page}`),
    globally('GET', 'project-templates/1/custom-properties/TestRun'),
    inProject('POST', 'documents/file', document),
    inProject('POST', 'documents/url', {
      FilenameOrUrl: 'https://example.invalid',
      AttachedArtifacts: document.AttachedArtifacts,
    }),
    inProject('GET', `artifact-types/5/artifacts/${runId}/documents`),
    inProject('GET', `documents/${uploaded.AttachmentId}`),
    inProject('GET', `documents/${uploaded.AttachmentId}/open`),
    inProject('POST', 'incidents', incident),
    inProject('GET', `incidents/search-by-test-run-step/${recordedSteps[0].TestRunStepId}`),
    inProject('GET', `incidents/${created.IncidentId}`),
    inProject('PUT', `incidents/${created.IncidentId}`, created),
    inProject('PUT', `incidents/${created.IncidentId}/fixed/${buildId}`),
    globally('GET', 'system/product-version'),
    globally('GET', 'system/settings/product-name'),
    globally('GET', `system/artifact-types/5/project/${projectId}/artifact/${runId}`),
  ];
}
