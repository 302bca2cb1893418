import { describe, expect, test } from 'vitest';
import { aRelease, aTestCase, aTestSet } from '../../support/builders.ts';
import { testDatabase } from '../../support/database.ts';
import { describedClient, expectSuccess } from '../../support/described-client.ts';
import { spiraServer } from '../../support/spira-server.ts';

// What fills a product from elsewhere: the importers for Excel, Google Sheets and Word, and that for test cases.

const db = await testDatabase();
const server = await spiraServer(db);
const p = server.projectId;
const releaseId = await aRelease(db, p, { versionNumber: '1.0' });
const caseId = await aTestCase(db, p);
const page = (id: string) => `starting_row=1&number_of_rows=100&sort_field=${id}&sort_direction=ASC&`;

/** The lists that a sheet's columns choose from. */
const columns = [
  'requirements/types',
  'requirements/importances',
  'requirements/statuses',
  'incidents/types',
  'incidents/statuses',
  'incidents/priorities',
  'incidents/severities',
  'test-cases/priorities',
  'test-cases/types',
  'test-cases/statuses',
  'tasks/types',
  'tasks/priorities',
  'tasks/statuses',
];
const risks = ['risks/types', 'risks/probabilities', 'risks/impacts', 'risks/statuses'];

describe('the importer for Excel 365 (v6.0, from a browser)', async () => {
  const client = await describedClient(server, {
    base: '/services/v6_0/RestService.svc/',
    credentials: 'query',
    headers: [
      ['Content-Type', 'application/json'],
      ['Origin', 'https://importer.example'],
      ['Accept', '*/*'],
    ],
  });
  const get = async (path: string) => {
    const answer = expectSuccess(await client.get(path));
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    return answer.json;
  };
  const post = async (path: string, body?: unknown) => expectSuccess(await client.post(path, body)).json;

  test('what it loads at the start', async () => {
    expect(await get('projects?')).toMatchObject([{ ProjectId: p }]);
    expect(await get('project-templates?')).toMatchObject([{ ProjectTemplateId: 1 }]);
    expect(await get(`users/usernames/${server.owner.login}?include_inactive=false&`)).toMatchObject({
      UserId: server.owner.userId,
    });
    for (const path of [
      ...[...columns, ...risks].map((list) => `project-templates/1/${list}?`),
      ...['Requirement', 'TestCase', 'TestStep', 'Incident', 'Release', 'TestSet', 'Task', 'Risk'].map(
        (name) => `project-templates/1/custom-properties/${name}?`,
      ),
      'project-templates/1/custom-lists?start_row=1&number_rows=100&sort_field=CustomPropertyListId&sort_direction=ASC&',
      `projects/${p}/users?`,
      `projects/${p}/releases?`,
      `projects/${p}/components?active_only=true&include_deleted=false&`,
      `projects/${p}/test-folders?`,
      `projects/${p}/test-set-folders?`,
      `projects/${p}/task-folders?`,
    ]) {
      expect(await get(path), path).toBeInstanceOf(Array);
    }
  });

  test('what it reads page by page, some of it by a POST with nothing in it', async () => {
    for (const path of [
      `projects/${p}/requirements?${page('RequirementId')}`,
      `projects/${p}/test-cases?${page('TestCaseId')}`,
      `projects/${p}/test-cases/${caseId}/test-steps?&`,
      `projects/${p}/test-sets?${page('TestSetId')}`,
      `projects/${p}/incidents/search?start_row=1&number_rows=100&sort_field=Name&sort_direction=ASC&`,
      `projects/${p}/components?active_only=false&include_deleted=false&start_row=1&number_rows=100&`,
    ]) {
      expect(await get(path), path).toBeInstanceOf(Array);
      expect(await get(path.replace(/row=1&/, 'row=101&')), path).toBeInstanceOf(Array);
    }
    for (const body of [undefined, '""']) {
      const search = 'start_row=1&number_rows=100&sort_field=ReleaseId&sort_direction=ASC&';
      expect(await post(`projects/${p}/releases/search?${search}`, body)).toMatchObject([{ ReleaseId: releaseId }]);
      expect(await post(`projects/${p}/tasks?${page('TaskId')}`, body)).toEqual([]);
      expect(await post(`projects/${p}/risks?${page('RiskId')}`, body)).toEqual([]);
    }
  });

  test('a page beyond the last row is empty, so that it stops', async () => {
    const beyond = await get(`projects/${p}/test-cases?starting_row=101&number_of_rows=100&sort_field=TestCaseId&`);
    expect(beyond).toEqual([]);
  });

  test('what it creates, comments, links and updates', async () => {
    const requirement = await post(`projects/${p}/requirements/indent/-20?`, { Name: 'R', RequirementTypeId: 2 });
    const below = await post(`projects/${p}/requirements/parent/${requirement.RequirementId}?`, { Name: 'R2' });
    expect(below.IndentLevel).toMatch(new RegExp(`^${requirement.IndentLevel}.+`));
    const made = await post(`projects/${p}/test-cases?`, { Name: 'T', TestCaseTypeId: 1, TestCaseStatusId: 1 });
    const step = { Description: 'd', ExpectedResult: 'e', Position: 1 };
    expect((await post(`projects/${p}/test-cases/${made.TestCaseId}/test-steps?`, step)).TestStepId).toBeGreaterThan(0);
    const { IncidentId } = await post(`projects/${p}/incidents?`, {
      Name: 'I',
      IncidentTypeId: 1,
      IncidentStatusId: 1,
    });
    const set = await post(`projects/${p}/test-sets?`, { Name: 'S', TestSetStatusId: 1, TestRunTypeId: 1 });
    const release = {
      Name: 'L',
      VersionNumber: '2',
      ReleaseStatusId: 1,
      ReleaseTypeId: 1,
      StartDate: '2024-05-14T00:00:00Z',
      EndDate: '2024-06-14T00:00:00Z',
    };
    expect((await post(`projects/${p}/releases/${releaseId}?`, release)).ReleaseId).toBeGreaterThan(releaseId);
    for (const [things, id] of [
      ['requirements', requirement.RequirementId],
      ['test-cases', made.TestCaseId],
      ['test-sets', set.TestSetId],
      ['releases', releaseId],
    ] as const) {
      await post(`projects/${p}/${things}/${id}/comments?`, { ArtifactId: id, Text: 'c' });
    }
    await post(`projects/${p}/incidents/${IncidentId}/comments?`, [{ ArtifactId: IncidentId, Text: 'c' }]);
    const coverage = { RequirementId: requirement.RequirementId, TestCaseId: made.TestCaseId };
    expectSuccess(await client.post(`projects/${p}/requirements/test-cases?`, coverage));
    expectSuccess(await client.post(`projects/${p}/releases/${releaseId}/test-cases?`, [made.TestCaseId]));
    expectSuccess(
      await client.post(`projects/${p}/test-sets/${set.TestSetId}/test-case-mapping/${made.TestCaseId}?`, ''),
    );
    const { json: rows } = await client.get(`projects/${p}/test-sets/${set.TestSetId}/test-case-mapping?`);
    expect(rows).toMatchObject([{ TestCaseId: made.TestCaseId }]);
    const link = {
      SourceArtifactId: requirement.RequirementId,
      SourceArtifactTypeId: 1,
      DestArtifactId: below.RequirementId,
      DestArtifactTypeId: 1,
      ArtifactLinkTypeId: 1,
      Comment: 'c',
    };
    await post(`projects/${p}/associations?`, link);
    const current = await get(`projects/${p}/test-sets/${set.TestSetId}?`);
    expectSuccess(await client.put(`projects/${p}/test-sets/?`, { ...current, Name: 'S2' }));
    expect((await get(`projects/${p}/test-sets/${set.TestSetId}?`)).Name).toBe('S2');
  });

  test('a stale row is 409 and a wrong one 400, both readable for the page', async () => {
    const testSetId = await aTestSet(db, p);
    const current = await get(`projects/${p}/test-sets/${testSetId}?`);
    for (const [status, values] of [
      [409, { ConcurrencyDate: '2001-01-01T00:00:00.000Z' }],
      [400, { TestSetStatusId: 99 }],
    ] as const) {
      const answer = await client.put(`projects/${p}/test-sets/?`, { ...current, ...values });
      expect(answer.status).toBe(status);
      expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    }
  });
});

describe('Google Sheets (v5.0, from the servers of Google)', async () => {
  const client = await describedClient(server, {
    base: '/services/v5_0/RestService.svc/',
    credentials: 'query',
    headers: [
      ['Content-Type', 'application/json'],
      ['Accept-Encoding', 'gzip, deflate'],
      ['User-Agent', 'Mozilla/5.0 (compatible; Google-Apps-Script)'],
    ],
  });

  test('the lists are asked for by product', async () => {
    for (const path of [...columns, 'components?active_only=true&include_deleted=false&', 'users?', 'releases?']) {
      expect(expectSuccess(await client.get(`projects/${p}/${path}`)).json, path).toBeInstanceOf(Array);
    }
    expect(expectSuccess(await client.get(`projects/${p}/custom-properties/Requirement?`)).json).toEqual([]);
  });

  test.each(['releases/search', 'tasks', 'risks'])('%s is read by a POST without a body', async (things) => {
    const { json } = expectSuccess(await client.post(`projects/${p}/${things}?${page('Name')}`));
    expect(json).toBeInstanceOf(Array);
  });
});

describe('the importer for Word 365 (v6.0, axios in a browser)', async () => {
  const headers = [
    ['Accept', 'application/json, text/plain, */*'],
    ['Content-Type', 'application/json'],
    ['Origin', 'https://word.example'],
  ] as const;
  const manner = { base: '/services/v6_0/RestService.svc/', credentials: 'query', headers } as const;
  const client = await describedClient(server, manner);
  const requirements = `projects/${p}/requirements`;

  test('requirements: the first far out, the others indented and outdented with {}', async () => {
    const first = expectSuccess(
      await client.post(`${requirements}/indent/-20`, { Name: '1', Description: '<p>', RequirementTypeId: 2 }),
    );
    const second = expectSuccess(await client.post(requirements, { Name: '1.1', RequirementTypeId: 2 }));
    const path = `${requirements}/${second.json.RequirementId}`;
    const level = async () => (await client.get(path)).json.IndentLevel;
    expectSuccess(await client.post(`${path}/indent`, {}));
    expect(await level()).toBe(`${first.json.IndentLevel}AAA`);
    expectSuccess(await client.post(`${path}/outdent`, {}));
    expect(await level()).toHaveLength(3);
  });

  test('a folder, a test case in it, a step, and a picture at the step', async () => {
    const folder = expectSuccess(await client.post(`projects/${p}/test-folders`, { Name: 'F', Description: null }));
    const values = { Name: 'T', Description: '<p>x</p>', TestCaseFolderId: folder.json.TestCaseFolderId };
    const { json: testCase } = expectSuccess(await client.post(`projects/${p}/test-cases`, values));
    expect(testCase.TestCaseFolderId).toBe(folder.json.TestCaseFolderId);
    const cases = `projects/${p}/test-cases/${testCase.TestCaseId}`;
    const { json: step } = expectSuccess(
      await client.post(`${cases}/test-steps`, { Description: 'd', SampleData: '', ExpectedResult: '' }),
    );
    const picture = {
      FilenameOrUrl: 'image001.png',
      BinaryData: 'AAEC',
      AttachedArtifacts: [{ ArtifactId: step.TestStepId, ArtifactTypeId: 7 }],
    };
    const { json: document } = expectSuccess(await client.post(`projects/${p}/documents/file`, picture));
    expect(document.AttachmentId).toBeGreaterThanOrEqual(1);
    const { json: current } = expectSuccess(await client.get(`${cases}/test-steps/${step.TestStepId}`));
    expectSuccess(await client.put(`${cases}/test-steps`, { ...current, Description: '<img alt=image001.png />' }));
  });

  test('the custom fields, by name; bad credentials are 401 and readable', async () => {
    for (const name of ['Requirement', 'TestCase', 'TestStep']) {
      expect(expectSuccess(await client.get(`project-templates/1/custom-properties/${name}`)).json).toEqual([]);
    }
    const wrong = await describedClient(server, { ...manner, key: '{wrong}' });
    const answer = await wrong.get('projects');
    expect(answer.status).toBe(401);
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    expect(answer.headers.has('www-authenticate')).toBe(false);
  });
});

describe('the importer for test cases (v7.0, HTTP Basic)', async () => {
  const manner = {
    base: '/services/v7_0/RestService.svc/',
    credentials: 'basic',
    headers: [
      ['accept', 'application/json'],
      ['content-type', 'application/json'],
    ],
  } as const;
  const client = await describedClient(server, manner);

  test('what it reads before it starts', async () => {
    const { json: project } = expectSuccess(await client.get(`projects/${p}`));
    const template = `project-templates/${project.ProjectTemplateId}`;
    for (const path of [
      ...['TestCase', 'TestStep'].map((name) => `${template}/custom-properties/${name}`),
      ...['priorities', 'statuses', 'types'].map((list) => `${template}/test-cases/${list}`),
      `${template}/custom-lists`,
      `projects/${p}/users`,
      `projects/${p}/components?active_only=true&include_deleted=false`,
      `projects/${p}/test-folders`,
    ]) {
      expect(expectSuccess(await client.get(path)).json, path).toBeInstanceOf(Array);
    }
  });

  test('a folder below a folder, a test case and all its steps at once', async () => {
    const top = expectSuccess(await client.post(`projects/${p}/test-folders`, { Name: 'Top' }));
    const ParentTestCaseFolderId = top.json.TestCaseFolderId;
    const folder = expectSuccess(
      await client.post(`projects/${p}/test-folders`, { Name: 'Below', ParentTestCaseFolderId }),
    );
    const { TestCaseFolderId } = folder.json;
    const made = expectSuccess(await client.post(`projects/${p}/test-cases`, { Name: 'T', TestCaseFolderId }));
    const sent = ['one', 'two', 'three'].map((Description, index) => ({
      Description,
      ExpectedResult: 'e',
      SampleData: null,
      Position: index + 1,
    }));
    const path = `projects/${p}/test-cases/${made.json.TestCaseId}/test-steps`;
    const { json: steps } = expectSuccess(await client.post(`${path}/multiple`, sent));
    expect(steps.map((step: { Description: string }) => step.Description)).toEqual(['one', 'two', 'three']);
    for (const step of steps) expect(step.TestStepId).toBeGreaterThanOrEqual(1);
  });

  test('a bad key is 401, an unknown product 404, one it may not see 403', async () => {
    const wrong = await describedClient(server, { ...manner, key: '{wrong}' });
    expect((await wrong.get(`projects/${p}`)).status).toBe(401);
    expect((await client.get('projects/404404')).status).toBe(404);
    const stranger = await describedClient({ ...server, owner: await server.userWithRole(null) }, manner);
    expect((await stranger.get(`projects/${p}`)).status).toBe(403);
  });
});
