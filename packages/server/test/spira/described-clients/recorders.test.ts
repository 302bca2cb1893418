import { describe, expect, test } from 'vitest';
import { aRelease, aTestCase, aTestSet, aTestSetRow } from '../../support/builders.ts';
import { testDatabase } from '../../support/database.ts';
import { describedClient, expectSuccess, type Manner } from '../../support/described-client.ts';
import { spiraServer } from '../../support/spira-server.ts';

// Clients that report results, of which no recording lies in ../recordings.

const db = await testDatabase();
const server = await spiraServer(db);
const p = server.projectId;
const caseId = await aTestCase(db, p);
const releaseId = await aRelease(db, p, { versionNumber: '1.0' });
const setId = await aTestSet(db, p, { releaseId });
await aTestSetRow(db, p, { testSetId: setId, testCaseId: caseId });

const record = `projects/${p}/test-runs/record`;
const MISSING = 404_404;
const NOON = Date.UTC(2024, 4, 14, 12);

const json = [
  ['accept', 'application/json'],
  ['Content-Type', 'application/json'],
] as const;
const javaJson = [
  ['accept', 'application/json; charset=utf-8'],
  ['Content-Type', 'application/json; charset=utf-8'],
  ['User-Agent', 'Java/11.0.2'],
] as const;
const requests = (agent: string): NonNullable<Manner['headers']> => [
  ['User-Agent', agent],
  ['Accept-Encoding', 'gzip, deflate'],
  ...json,
  ['Connection', 'keep-alive'],
];

/** What nearly every recorder sends, with dates to the second. */
const run = (values: object = {}) => ({
  TestRunFormatId: 1,
  StartDate: '2024-05-14T12:00:00Z',
  EndDate: '2024-05-14T12:00:05Z',
  RunnerName: 'Runner',
  RunnerTestName: 'test',
  RunnerMessage: 'message',
  RunnerStackTrace: 'trace',
  TestCaseId: caseId,
  ExecutionStatusId: 2,
  ...values,
});

describe('PyUnit (v6.0, key in the query)', async () => {
  const client = await describedClient(server, {
    base: '/Spira/Services/v6_0/RestService.svc/',
    credentials: 'query',
    headers: requests('PyUnit'),
  });

  test('a failure with a class in angle brackets is kept, answered by exactly 200', async () => {
    const { json: answer } = expectSuccess(
      await client.post(
        record,
        run({
          RunnerAssertCount: 1,
          RunnerMessage: "<class 'AssertionError'>",
          RunnerStackTrace: 'Traceback:\n\tline'.repeat(5_000),
          ExecutionStatusId: 1,
          ReleaseId: releaseId,
          TestSetId: setId,
        }),
      ),
    );
    expect(answer).toMatchObject({ RunnerMessage: "<class 'AssertionError'>", ReleaseId: releaseId, TestSetId: setId });
    expect(answer.TestRunId).toBeGreaterThanOrEqual(1);
  });
});

describe('Robot Framework (v6.0, key in the query)', async () => {
  const client = await describedClient(server, {
    base: '/services/v6_0/RestService.svc/',
    credentials: 'query',
    headers: requests('Robot-Framework'),
  });

  test.each([1, 2, 4, 5])('status %i with an id as text and a start hours before the end', async (status) => {
    const values = { TestCaseId: String(caseId), ExecutionStatusId: status, StartDate: '2024-05-13T20:06:40Z' };
    const { json: answer } = expectSuccess(await client.post(record, run(values)));
    expect(answer).toMatchObject({ TestCaseId: caseId, ExecutionStatusId: status });
    expect(answer.StartDate).toBe('2024-05-13T20:06:40.000Z');
  });

  test('an unknown test case, set or release is 404, which it reports as such', async () => {
    for (const unknown of [{ TestCaseId: String(MISSING) }, { ReleaseId: MISSING }, { TestSetId: MISSING }]) {
      expect((await client.post(record, run(unknown))).status).toBe(404);
    }
  });
});

describe('the xUnit reader in Python (v6.0, key in the query)', async () => {
  const client = await describedClient(server, {
    base: '/Services/v6_0/RestService.svc/',
    credentials: 'query',
    headers: requests('xUnit (Python)'),
  });

  test('a build, runs with it, a file and a link at a run', async () => {
    const build = expectSuccess(
      await client.post(`projects/${p}/releases/${releaseId}/builds`, {
        ProjectId: String(p),
        BuildStatusId: 1,
        ReleaseId: String(releaseId),
        Name: 'Build 1',
        Description: 'From xUnit',
      }),
    );
    expect(build.json.BuildId).toBeGreaterThanOrEqual(1);
    const values = {
      TestCaseId: String(caseId),
      ReleaseId: String(releaseId),
      BuildId: build.json.BuildId,
      RunnerAssertCount: 0,
      RunnerMessage: null,
      RunnerStackTrace: null,
    };
    for (const ExecutionStatusId of [1, 2, 4, 5, 6]) {
      const { json: answer } = expectSuccess(await client.post(record, run({ ...values, ExecutionStatusId })));
      expect(answer).toMatchObject({ BuildId: build.json.BuildId, ExecutionStatusId });
      const attached = {
        ProjectId: String(p),
        CurrentVersion: '1.0',
        AttachedArtifacts: [{ ArtifactId: answer.TestRunId, ArtifactTypeId: 5 }],
      };
      for (const [kind, document] of [
        ['file', { AttachmentTypeId: 1, FilenameOrUrl: 'shots/one (1).png', BinaryData: 'AAEC' }],
        ['file', { AttachmentTypeId: 1, FilenameOrUrl: 'empty.txt', BinaryData: '' }],
        ['url', { AttachmentTypeId: 2, FilenameOrUrl: 'https://ci.example/1' }],
      ] as const) {
        const stored = await client.post(`projects/${p}/documents/${kind}`, { ...attached, ...document });
        expect(expectSuccess(stored).json.AttachmentId).toBeGreaterThanOrEqual(1);
      }
    }
  });

  test('a build without a release, sent as release -1, is 404 with a body', async () => {
    const build = { ProjectId: String(p), BuildStatusId: 2, ReleaseId: '-1', Name: 'b', Description: '' };
    expect((await client.post(`projects/${p}/releases/-1/builds`, build)).status).toBe(404);
  });
});

describe('Jasmine (v6.0, raw braces, chunked, no User-Agent)', async () => {
  const client = await describedClient(server, {
    base: '/Services/v6_0/RestService.svc/',
    credentials: 'rawQuery',
    headers: json,
    isChunked: true,
  });
  const dates = { StartDate: '2024-05-14T12:00:00.123Z', EndDate: '2024-05-14T12:00:00.456Z' };

  test('each answer comes in one piece with a body, also that to a pending spec', async () => {
    const passed = expectSuccess(await client.post(record, run(dates)));
    expect(passed.json.StartDate).toBe(dates.StartDate);
    const pending = await client.post(record, run({ ...dates, ExecutionStatusId: -1 }));
    expect(pending.status).toBe(400);
    const unknown = await client.post(record, run({ ...dates, TestCaseId: MISSING }));
    expect(unknown.status).toBe(404);
    for (const answer of [passed, pending, unknown]) {
      expect(answer.body.length).toBeGreaterThan(0);
      expect(answer.pieces).toBe(1);
    }
  });

  test('an old Jasmine has no durations: StartDate null', async () => {
    expectSuccess(await client.post(record, run({ ...dates, StartDate: null })));
  });
});

describe('the reporter for Cypress (v6.0, headers, no Accept)', async () => {
  const client = await describedClient(server, {
    base: '/Services/v6_0/RestService.svc/',
    credentials: 'headers',
    headers: [['Content-Type', 'application/json']],
  });

  test('one run a file with steps, then its screenshot', async () => {
    const TestRunSteps = [
      { ActualResult: 'ok', ExecutionStatusId: 2, Description: 'opens' },
      { ActualResult: 'AssertionError', ExecutionStatusId: 1, Description: 'signs in' },
    ];
    const values = {
      StartDate: '2024-05-14T12:00:00.123Z',
      EndDate: '2024-05-14T12:00:01.123Z',
      ExecutionStatusId: 1,
      RunnerAssertCount: 1,
      ReleaseId: null,
      TestSetId: null,
      TestRunSteps,
    };
    const { json: answer } = expectSuccess(await client.post(record, run(values)));
    expect(answer.TestRunSteps).toMatchObject(TestRunSteps);
    const document = expectSuccess(
      await client.post(`projects/${p}/documents/file`, {
        FilenameOrUrl: 'signs in (failed).png',
        BinaryData: Buffer.from('png').toString('base64'),
        AttachedArtifacts: [{ ArtifactTypeId: 5, ArtifactId: answer.TestRunId }],
      }),
    );
    expect(document.json.AttachmentId).toBeGreaterThanOrEqual(1);
    expect(document.json.AttachedArtifacts).toMatchObject([{ ArtifactId: answer.TestRunId, ArtifactTypeId: 5 }]);
  });
});

describe('Karma (v5.0, raw braces, chunked)', async () => {
  const client = await describedClient(server, {
    base: '/Services/v5_0/RestService.svc/',
    credentials: 'rawQuery',
    headers: json,
    isChunked: true,
  });

  test('an id as text, a date with an odd offset that moves nothing, and no end', async () => {
    const values = { TestCaseId: String(caseId), StartDate: `/Date(${NOON}-05.000)/`, EndDate: undefined };
    const { json: answer } = expectSuccess(await client.post(record, run(values)));
    expect(answer.StartDate).toBe('2024-05-14T12:00:00.000Z');
    expect(answer.EndDate).not.toBeNull();
  });
});

describe('TestNG (v5.0, small letters, raw braces, Java)', async () => {
  const client = await describedClient(server, {
    base: '/services/v5_0/RestService.svc/',
    credentials: 'rawQuery',
    headers: javaJson,
    cutsToBytes: true,
  });
  const at = `/Date(${NOON}-0000)/`;

  test('raw control characters and characters of one byte in a JSON that was put together by hand', async () => {
    const values = run({ StartDate: at, EndDate: at, RunnerMessage: 'HERE', RunnerName: 'Selenium' });
    const body = JSON.stringify(values).replace('HERE', 'expected café\r\n\tbut was thé');
    const { json: answer } = expectSuccess(await client.post(record, body));
    expect(answer.RunnerMessage).toBe('expected café\r\n\tbut was thé');
    expect(Number.isInteger(answer.TestRunId) && answer.TestRunId >= 1).toBe(true);
  });

  test('a method without annotation has TestCaseId 0: 404 with a JSON object', async () => {
    const answer = await client.post(record, run({ StartDate: at, EndDate: at, TestCaseId: 0 }));
    expect(answer.status).toBe(404);
    expect(answer.json).toBeTypeOf('object');
  });
});

describe('NUnit 3 (v5.0, Expect: 100-continue)', async () => {
  const client = await describedClient(server, {
    base: '/Services/v5_0/RestService.svc/',
    credentials: 'query',
    headers: [
      ['Content-Type', 'application/json'],
      ['Accept', 'application/json'],
      ['User-Agent', 'Spira NUnit 3.x'],
      ['Expect', '100-continue'],
    ],
  });
  const dates = { StartDate: `/Date(${NOON}+0200)/`, EndDate: `/Date(${NOON + 5000}+0200)/` };

  test.each([1, 2, 3, 4, 6])('status %i with nulls for all that is optional', async (ExecutionStatusId) => {
    const nulls = { ReleaseId: null, TestSetId: null, RunnerMessage: null, RunnerStackTrace: null };
    const { json: answer } = expectSuccess(await client.post(record, run({ ...dates, ...nulls, ExecutionStatusId })));
    expect(answer).toMatchObject({ ExecutionStatusId, ReleaseId: null, TestSetId: null });
    expect(answer.StartDate).toBe('2024-05-14T12:00:00.000Z');
  });

  test('the body is asked for, and a refusal has a body, too', async () => {
    expect((await client.post(record, run({ ...dates, TestCaseId: MISSING }))).status).toBe(404);
  });
});
