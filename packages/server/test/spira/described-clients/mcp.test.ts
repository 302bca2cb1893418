import { describe, expect, test } from 'vitest';
import {
  aBuild,
  anAutomationHost,
  anIncident,
  aRelease,
  aRequirement,
  aTestCase,
  aTestCaseFolder,
  aTestSet,
  aTestSetFolder,
} from '../../support/builders.ts';
import { testDatabase } from '../../support/database.ts';
import { describedClient, expectSuccess } from '../../support/described-client.ts';
import { spiraServer } from '../../support/spira-server.ts';

// The MCP server for Spira (Python, httpx): v7.0, headers. It fails at the first key that it does not find, and shows
// any status of 400 and above as an error of the tool.

const db = await testDatabase();
const server = await spiraServer(db);
const p = server.projectId;
const { userId: ownerId } = server.owner;
const releaseId = await aRelease(db, p, { versionNumber: '1.0' });
await aBuild(db, p, { releaseId });
const folderId = await aTestCaseFolder(db, p);
const caseId = await aTestCase(db, p, { ownerId });
await aTestCase(db, p, { testCaseFolderId: folderId });
const setFolderId = await aTestSetFolder(db, p);
await aTestSet(db, p, { ownerId });
await aTestSet(db, p, { testSetFolderId: setFolderId });
await aRequirement(db, p, { ownerId });
await anIncident(db, p, { ownerId });
await anAutomationHost(db, p);

const client = await describedClient(server, {
  base: '/Services/v7_0/RestService.svc/',
  credentials: 'headers',
  headers: [
    ['Accept-Encoding', 'gzip, deflate'],
    ['Connection', 'keep-alive'],
    ['User-Agent', 'mcp-server/1.0'],
    ['Accept', 'application/json'],
    ['Content-Type', 'application/json'],
  ],
});

const rows = 'starting_row=1&number_of_rows=1000&sort_field=Name&sort_direction=ASC&release_id=null';
const keys = {
  product: 'Description EndDate Name PercentComplete ProjectGroupId ProjectId ProjectTemplateId StartDate Website',
  template: 'Description Name ProjectTemplateId',
  testCase:
    'Description ExecutionDate ExecutionStatusName Name TestCaseId TestCasePriorityName TestCaseStatusName TestCaseTypeName',
  testSet: 'Description Name PlannedDate RecurrenceName ReleaseVersionNumber TestSetId TestSetStatusName',
  requirement: 'Description ImportanceName Name ReleaseVersionNumber RequirementId RequirementTypeName StatusName',
  incident: 'Description IncidentId IncidentStatusName IncidentTypeName Name PriorityName SeverityName StartDate',
  release:
    'Description EndDate Name PercentComplete ReleaseId ReleaseStatusName ReleaseTypeName StartDate VersionNumber',
  host: 'Active AutomationHostId Description LastContactDate Name Token',
  run: 'EndDate ExecutionStatusId Name ReleaseVersionNumber StartDate TestCaseId TestRunId TestSetId',
};

const run = {
  TestRunFormatId: 1,
  RunnerName: 'MCP',
  RunnerTestName: 'test',
  RunnerMessage: 'm',
  RunnerStackTrace: 't',
  RunnerAssertCount: 1,
  TestCaseId: caseId,
  ExecutionStatusId: 1,
  StartDate: '2024-05-14T12:00:00Z',
  EndDate: '2024-05-14T12:00:05Z',
};

describe('what it makes, below paths that end in a space', () => {
  test('a result', async () => {
    const { json } = expectSuccess(await client.post(`projects/${p}/test-runs/record%20`, run));
    expect(json.TestRunId).toBeGreaterThanOrEqual(1);
  });

  test('a build', async () => {
    const body = { BuildStatusId: 2, Name: 'b', Description: 'd', Revisions: [{ RevisionKey: 'r' }] };
    const { json } = expectSuccess(await client.post(`projects/${p}/releases/${releaseId}/builds%20`, body));
    expect(json.BuildId).toBeGreaterThanOrEqual(1);
  });
});

describe('lists of what there is, with every key that it looks for', () => {
  test.each([
    ['projects', keys.product],
    ['project-templates', keys.template],
    ['test-cases', keys.testCase],
    ['test-sets', keys.testSet],
    ['requirements', keys.requirement],
    ['incidents', keys.incident],
    [`projects/${p}/releases?active_only=true`, keys.release],
    [`projects/${p}/requirements?starting_row=1&number_of_rows=500`, keys.requirement],
    [`projects/${p}/incidents`, keys.incident],
    [`projects/${p}/automation-hosts`, keys.host],
    [`projects/${p}/test-folders`, 'Description Name TestCaseFolderId'],
    [`projects/${p}/test-folders/null/test-cases?${rows}`, keys.testCase],
    [`projects/${p}/test-folders/${folderId}/test-cases?${rows}`, keys.testCase],
    [`projects/${p}/test-set-folders`, 'Description Name TestSetFolderId'],
    [`projects/${p}/test-set-folders/null/test-sets?${rows}`, keys.testSet],
    [`projects/${p}/test-set-folders/${setFolderId}/test-sets?${rows}`, keys.testSet],
    [
      `projects/${p}/test-runs?starting_row=1&number_of_rows=100&sort_field=LastUpdateDate&sort_direction=DESC`,
      keys.run,
    ],
    ['project-templates/1/requirements/types', 'Name RequirementTypeId'],
    ['project-templates/1/test-cases/types', 'Name TestCaseTypeId'],
    ['project-templates/1/incidents/types', 'Name IncidentTypeId'],
    ['project-templates/1/document-types?active_only=true', 'Name DocumentTypeId'],
  ])('GET %s', async (path, wanted) => {
    if (path.includes('test-runs')) expectSuccess(await client.post(`projects/${p}/test-runs/record%20`, run));
    const { json } = expectSuccess(await client.get(path));
    expect(json.length).toBeGreaterThan(0);
    for (const item of json) expect(Object.keys(item)).toEqual(expect.arrayContaining(wanted.split(' ')));
  });

  test('one template', async () => {
    const { json } = expectSuccess(await client.get('project-templates/1'));
    expect(Object.keys(json)).toEqual(expect.arrayContaining(keys.template.split(' ')));
  });
});

describe('lists of what there is none of', () => {
  test.each([
    'tasks',
    'programs',
    'programs/1/milestones',
    'programs/1/capabilities/search?current_page=1&page_size=500',
    `projects/${p}/tasks/new?creation_date=1900-01-01T00:00:00.000&start_row=1&number_of_rows=500`,
    'project-templates/1/tasks/types',
    'project-templates/1/risks/types',
    ...['Requirement', 'TestCase', 'Task', 'Risk', 'Incident', 'Release', 'TestSet', 'TestRun', 'TestStep'].map(
      (name) => `project-templates/1/custom-properties/${name}`,
    ),
    ...['Document', 'AutomationHost'].map((name) => `project-templates/1/custom-properties/${name}`),
  ])('GET %s', async (path) => {
    expect(expectSuccess(await client.get(path)).json).toEqual([]);
  });

  test('risks, asked for by a POST with Content-Type JSON and nothing in it', async () => {
    const path = `projects/${p}/risks?starting_row=1&number_of_rows=500&sort_field=CreationDate&sort_direction=DESC`;
    expect(expectSuccess(await client.post(path)).json).toEqual([]);
  });
});
