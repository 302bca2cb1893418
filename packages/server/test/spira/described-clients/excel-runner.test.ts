import { describe, expect, test } from 'vitest';
import { aMapping, aRelease, aTestCase, aTestSet, aTestSetRow, aTestStep } from '../../support/builders.ts';
import { testDatabase } from '../../support/database.ts';
import { type ClientAnswer, describedClient, expectSuccess } from '../../support/described-client.ts';
import { spiraServer } from '../../support/spira-server.ts';

// The test runner for Excel 365: JavaScript in a browser, on a page of another origin. Shell, fill, PUT.

const db = await testDatabase();
const server = await spiraServer(db);
const p = server.projectId;
const ownerId = server.owner.userId;
const releaseId = await aRelease(db, p, { versionNumber: '1.0' });
const caseIds = await Promise.all(
  Array.from({ length: 120 }, (_, index) => aTestCase(db, p, { name: `Case ${index}`, ownerId })),
);
const [caseId = 0, otherCaseId = 0] = caseIds;
for (const testCaseId of [caseId, otherCaseId]) {
  await aTestStep(db, p, { testCaseId });
  await aTestStep(db, p, { testCaseId });
  await aMapping(db, p, { releaseId, testCaseId });
}
const setId = await aTestSet(db, p, { releaseId, ownerId });
const rowIds = [
  await aTestSetRow(db, p, { testSetId: setId, testCaseId: caseId }),
  await aTestSetRow(db, p, { testSetId: setId, testCaseId: otherCaseId }),
];

const ORIGIN = 'https://runner.example';
const browser = [
  ['Origin', ORIGIN],
  ['Accept', '*/*'],
  ['User-Agent', 'Mozilla/5.0'],
] as const;
const base = '/services/v6_0/RestService.svc/';
const excel = await describedClient(server, {
  base,
  credentials: 'query',
  headers: [['Content-Type', 'application/json'], ...browser],
});

/** A page may read the answer, and superagent finds its body. */
function expectReadable(answer: ClientAnswer): ClientAnswer {
  expect(answer.headers.get('access-control-allow-origin')).toBe('*');
  expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
  return answer;
}

const get = async (path: string) => expectSuccess(expectReadable(await excel.get(path))).json;

describe('the preflight of the browser, without credentials', async () => {
  test.each(['GET', 'POST', 'PUT'])('allows %s with a content type', async (method) => {
    const preflight = await describedClient(server, {
      base,
      credentials: 'none',
      headers: [
        ...browser,
        ['Access-Control-Request-Method', method],
        ['Access-Control-Request-Headers', 'content-type'],
      ],
    });
    const answer = await preflight.send('OPTIONS', `projects/${p}/test-runs?username=someone&api-key=%7B%7D`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    expect(answer.headers.get('access-control-allow-methods')?.split(', ')).toContain(method);
    expect(answer.headers.get('access-control-allow-headers')?.toLowerCase().split(', ')).toContain('content-type');
  });
});

test('it loads the products, a product, its releases and the custom fields of runs by their number', async () => {
  const projects = await get('projects?');
  expect(projects.map(({ ProjectId }: { ProjectId: number }) => ProjectId)).toContain(p);
  const project = await get(`projects/${p}?`);
  expect(project.ProjectTemplateId).toBeGreaterThanOrEqual(1);
  const [release] = await get(`projects/${p}/releases?`);
  expect(release).toMatchObject({ ReleaseId: releaseId, VersionNumber: '1.0', Active: expect.any(Boolean) });
  expect(await get(`project-templates/${project.ProjectTemplateId}/custom-properties/5?`)).toBeInstanceOf(Array);
});

test('it pages through its own test cases until a page is not full', async () => {
  const found: { TestCaseId: number; ProjectId: number; IsTestSteps: boolean }[] = [];
  for (let page = 0; page < 5; page += 1) {
    const from = `starting_row=${page * 100 + 1}&number_of_rows=100&sort_field=TestCaseId&sort_direction=ASC`;
    const rows = await get(`test-cases?${from}&`);
    found.push(...rows);
    if (rows.length < 100) break;
  }
  expect(found.map(({ TestCaseId }) => TestCaseId)).toEqual(caseIds.toSorted((one, other) => one - other));
  expect(found.find(({ TestCaseId }) => TestCaseId === caseId)).toMatchObject({ ProjectId: p, IsTestSteps: true });
});

/** What the sheet sends for one test case, filled from its shell or its test set. */
const filled = (testCase: { TestCaseId: number; Name: string; ConcurrencyDate: string }, values: object) => ({
  TestCaseId: testCase.TestCaseId,
  Name: testCase.Name,
  ReleaseId: releaseId,
  ExecutionStatusId: 3,
  ProjectId: p,
  ConcurrencyDate: testCase.ConcurrencyDate,
  TestRunTypeId: 1,
  StartDate: '2024-05-14T12:00:00.123Z',
  EndDate: '2024-05-14T12:05:00.456Z',
  ArtifactTypeId: 5,
  ...values,
});

interface ShellStep {
  TestStepId: number;
  Position: number;
  TestCaseId: number;
  Description: string;
  ExpectedResult: string;
}

const steps = (shell: { TestRunSteps: ShellStep[] }, statuses: readonly number[]) =>
  shell.TestRunSteps.map(({ TestStepId, Description, ExpectedResult, Position, TestCaseId }, index) => ({
    TestStepId,
    Description,
    ExpectedResult,
    ExecutionStatusId: statuses[index],
    ...(statuses[index] === 2 ? {} : { ActualResult: 'It does not', 'Incident Name': 'It breaks' }),
    Position,
    TestCaseId,
    StartDate: '2024-05-14T12:00:00.123Z',
    EndDate: '2024-05-14T12:05:00.456Z',
  }));

test('a test case: shell, run without ids, incident at the failed step', async () => {
  const create = await excel.post(`projects/${p}/test-runs/create?`, `[${caseId}]`);
  const [shell] = expectSuccess(expectReadable(create)).json;
  const testCase = await get(`projects/${p}/test-cases/${caseId}?&`);
  const body = [filled(testCase, { TestRunSteps: steps(shell, [2, 1]) })];
  const [run] = expectSuccess(expectReadable(await excel.put(`projects/${p}/test-runs?`, body))).json;
  expect(run).toMatchObject({ ExecutionStatusId: 1, TesterId: ownerId, TestRunTypeId: 1, ReleaseId: releaseId });
  expect(run.TestRunId).toBeGreaterThanOrEqual(1);
  const failed = run.TestRunSteps[1];
  expect(failed).toMatchObject({ TestStepId: shell.TestRunSteps[1].TestStepId, ExecutionStatusId: 1 });
  const posted = await excel.post(`projects/${p}/incidents?`, {
    Name: 'It breaks',
    Description: '<p>It does not</p>',
    position: 1,
    TestRunStepIds: [failed.TestRunStepId],
  });
  const { json: incident } = expectSuccess(expectReadable(posted));
  expect(incident.IncidentId).toBeGreaterThanOrEqual(1);
  const found = await get(`projects/${p}/incidents/search-by-test-run-step/${failed.TestRunStepId}?`);
  expect(found.map(({ IncidentId }: { IncidentId: number }) => IncidentId)).toEqual([incident.IncidentId]);
});

test('a test set: found below a doubled slash, mapped, and a run for each of its cases', async () => {
  const paging = 'starting_row=1&number_of_rows=100&sort_field=TestSetId&sort_direction=ASC';
  const [set] = await get(`/test-sets?${paging}&`);
  expect(set).toMatchObject({ TestSetId: setId, TestRunTypeId: 1, ReleaseId: releaseId, ProjectId: p });
  const rows = await get(`projects/${p}/test-sets/${setId}/test-case-mapping?&`);
  expect(rows.map((row: { TestSetTestCaseId: number }) => row.TestSetTestCaseId)).toEqual(rowIds);
  const create = await excel.post(`projects/${p}/test-runs/create/test_set/${setId}?`, `[${setId}]`);
  const shells = expectSuccess(expectReadable(create)).json;
  expect(shells).toHaveLength(2);
  for (const [index, shell] of shells.entries()) {
    const row = rows[index];
    const testCase = await get(`projects/${p}/test-cases/${row.TestCaseId}?&`);
    const values = { TestSetId: setId, TestSetTestCaseId: row.TestSetTestCaseId, TestRunSteps: steps(shell, [2, 2]) };
    const [run] = expectSuccess(await excel.put(`projects/${p}/test-runs?`, [filled(testCase, values)])).json;
    expect(run).toMatchObject({ ExecutionStatusId: 2, TestSetTestCaseId: row.TestSetTestCaseId, TestSetId: setId });
  }
});

test('a refused run and bad credentials can be read by the page', async () => {
  const refused = expectReadable(await excel.put(`projects/${p}/test-runs?`, [{ TestCaseId: 404_404 }]));
  expect([400, 404]).toContain(refused.status);
  const wrong = await describedClient(server, { base, credentials: 'query', headers: browser, key: '{wrong}' });
  const answer = expectReadable(await wrong.get('projects?'));
  expect(answer.status).toBe(401);
  expect(answer.headers.has('www-authenticate')).toBe(false);
});
