import { describe, expect, test } from 'vitest';
import { aBuild, anIncident, aRelease, aTestCase } from '../../support/builders.ts';
import { testDatabase } from '../../support/database.ts';
import { describedClient, expectSuccess, expectThreeDigits } from '../../support/described-client.ts';
import { spiraServer } from '../../support/spira-server.ts';

// Build servers and what reports from within them, of which no recording lies in ../recordings.

const db = await testDatabase();
const server = await spiraServer(db);
const p = server.projectId;
const caseId = await aTestCase(db, p);
const releaseId = await aRelease(db, p, { versionNumber: '1.0.0' });
await aRelease(db, p, { versionNumber: '2.0.0' });
await aBuild(db, p, { releaseId });

const record = `projects/${p}/test-runs/record`;
const builds = `projects/${p}/releases/${releaseId}/builds`;
const MISSING = 404_404;
const NOON = Date.UTC(2024, 4, 14, 12);

const json = [
  ['Accept', 'application/json'],
  ['Content-Type', 'application/json'],
] as const;

/** What recorders send, with dates to the second. */
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

describe('the task for Azure DevOps (v5.0, raw braces, chunked)', async () => {
  const client = await describedClient(server, {
    base: '/services/v5_0/RestService.svc/',
    credentials: 'rawQuery',
    headers: json,
    isChunked: true,
  });

  test('its connection is tested by asking for the caller', async () => {
    const { json: user } = expectSuccess(await client.get('users'));
    expect(user).toMatchObject({ UserId: server.owner.userId, UserName: server.owner.login });
  });

  test('a build with its release as text, without product and date', async () => {
    const { json: build } = expectSuccess(
      await client.post(builds, {
        BuildStatusId: 2,
        Description: 'Run by Azure',
        Name: '20240514.1',
        ReleaseId: String(releaseId),
        Revisions: [{ RevisionKey: 'a1b2c3' }],
      }),
    );
    expect(build.BuildId).toBeGreaterThanOrEqual(1);
    expect(build).toMatchObject({ ReleaseId: releaseId, ProjectId: p });
    expect(build.Revisions).toMatchObject([{ RevisionKey: 'a1b2c3' }]);
  });
});

describe('TeamCity (v6.0, headers, one byte a character)', async () => {
  const manner = {
    base: '/Services/v6_0/RestService.svc/',
    credentials: 'headers',
    headers: [
      ['accept', 'application/json; charset=utf-8'],
      ['Content-Type', 'application/json; charset=utf-8'],
      ['User-Agent', 'Java/1.8.0_292'],
    ],
    cutsToBytes: true,
  } as const;
  const client = await describedClient(server, manner);

  test('its connection test needs a product, and 400 or 403 for what it may not see', async () => {
    const { json: projects } = expectSuccess(await client.get('projects'));
    expect(projects.length).toBeGreaterThanOrEqual(1);
    expect(expectSuccess(await client.get(`projects/${p}`)).json).toMatchObject({ ProjectId: p, Name: 'Library' });
    const stranger = await server.userWithRole(null);
    const other = await describedClient({ ...server, owner: stranger }, manner);
    expect((await other.get(`projects/${p}`)).status).toBe(403);
  });

  test('a release is found by its version, a build is stored and read back with dates of three digits', async () => {
    const { json: releases } = expectSuccess(await client.get(`projects/${p}/releases`));
    for (const release of releases) expect(release.VersionNumber).toBeTypeOf('string');
    const found = releases.find((release: { VersionNumber: string }) => release.VersionNumber === '1.0.0');
    expect(found.ReleaseId).toBe(releaseId);
    const sent = {
      BuildStatusId: 1,
      ProjectId: p,
      ReleaseId: releaseId,
      Name: 'Müller #7',
      Description: 'geändert: größer',
      CreationDate: '2024-05-14T12:00:00.007',
      Revisions: [{ BuildId: 0, RevisionKey: 'r1' }],
    };
    const { json: build } = expectSuccess(await client.post(builds, sent));
    expect(build).toMatchObject({ Name: sent.Name, Description: sent.Description, BuildStatusId: 1, ProjectId: p });
    expect(build.CreationDate).toBe('2024-05-14T12:00:00.007Z');
    expect(build.BuildId).toBeGreaterThanOrEqual(1);
    expectThreeDigits(build);
  });

  test('an incident is read, its nulls dropped, its dates written without zone, and put back with the build', async () => {
    const incidentId = await anIncident(db, p, { name: 'Größe' });
    const { json: build } = await client.post(builds, { BuildStatusId: 2, Name: 'fix', ReleaseId: releaseId });
    const path = `projects/${p}/incidents/${incidentId}`;
    const { json: incident } = expectSuccess(await client.get(path));
    expectThreeDigits(incident);
    expect(Array.isArray(incident.CustomProperties ?? [])).toBe(true);
    const kept = Object.entries(incident)
      .filter(([, value]) => value !== null)
      .map(([name, value]) => [name, name.endsWith('Date') ? String(value).replace('Z', '') : value]);
    expectSuccess(await client.put(path, { ...Object.fromEntries(kept), FixedBuildId: build.BuildId }));
    const { json: after } = expectSuccess(await client.get(path));
    expect(after).toMatchObject({ FixedBuildId: build.BuildId, Name: 'Größe', CreationDate: incident.CreationDate });
    const stale = await client.put(path, { ...Object.fromEntries(kept), FixedBuildId: null });
    expect(stale.status).toBe(409);
  });

  test('an incident named in a commit that does not exist is 404 with a body', async () => {
    expect((await client.get(`projects/${p}/incidents/${MISSING}`)).status).toBe(404);
  });
});

describe('the worker of the results queue (v7.0, headers)', async () => {
  const client = await describedClient(server, {
    base: '/Services/v7_0/RestService.svc/',
    credentials: 'headers',
    headers: [...json, ['User-Agent', 'axios/1.6.2'], ['Accept-Encoding', 'gzip, compress, deflate, br']],
  });
  const queued = (values: object = {}) =>
    run({
      ReleaseId: null,
      TestSetId: null,
      TestSetTestCaseId: null,
      AutomationHostId: null,
      Parameters: null,
      BuildId: null,
      EndDate: '2024-05-14T12:00:05.123Z',
      correlationId: 'a-1',
      attempts: 0,
      ...values,
    });

  test('nulls and what the queue notes for itself are no hindrance, alone and many at once', async () => {
    expectSuccess(await client.post(record, queued()));
    const many = await client.post(
      `${record}-multiple`,
      [1, 2, 3].map((ExecutionStatusId) => queued({ ExecutionStatusId })),
    );
    expect(expectSuccess(many).json.map((item: { ExecutionStatusId: number }) => item.ExecutionStatusId)).toEqual([
      1, 2, 3,
    ]);
  });

  test('what is wrong for good is 4xx, so that it is not tried again', async () => {
    for (const body of ['{', '[]', 'null', queued({ TestCaseId: MISSING }), queued({ ExecutionStatusId: 99 })]) {
      const { status } = await client.post(record, body);
      expect([400, 404]).toContain(status);
    }
  });
});

describe('a continuous integration that reports in parallel (v7.0, headers)', async () => {
  await db.query(
    `insert into custom_property (artifact_type_id, property_number, name, custom_property_type_id) values (5, 1, 'Branch', 1)`,
  );
  const client = await describedClient(server, {
    base: '/services/v7_0/RestService.svc/',
    credentials: 'headers',
    headers: json,
  });
  const started = (RunnerTestName: string) => {
    const { EndDate: _, ...item } = run({ RunnerTestName, ReleaseId: releaseId });
    return { ...item, CustomProperties: [{ PropertyNumber: 1, StringValue: 'master' }] };
  };

  test('answers are in the order of the requests, read as automated, and may not be deleted by just anyone', async () => {
    const names = ['c', 'a', 'b'];
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => client.post(`${record}-multiple`, names.map(started))),
    );
    for (const answer of answers) {
      const runs: { TestRunId: number; RunnerTestName: string }[] = expectSuccess(answer).json;
      expect(runs.map(({ RunnerTestName }) => RunnerTestName)).toEqual(names);
      for (const { TestRunId } of runs) expect(TestRunId).toBeGreaterThanOrEqual(1);
    }
    const { TestRunId } = answers[0]?.json[0] ?? {};
    const read = expectSuccess(await client.get(`projects/${p}/test-runs/${TestRunId}/automated`));
    expect(read.json).toMatchObject({ TestRunId, RunnerTestName: 'c' });
    expect(read.json.CustomProperties).toMatchObject([{ PropertyNumber: 1, StringValue: 'master' }]);
    expect((await client.send('DELETE', `projects/${p}/test-runs/${TestRunId}`)).status).toBe(403);
  });

  test('escaped slashes in dates, format and type 0, ids as text, no end and no message', async () => {
    const body = `{"TestCaseId":"${caseId}","ReleaseId":"${releaseId}","ExecutionStatusId":"2","TestRunFormatId":0,"TestRunTypeId":0,"RunnerName":"Frameworkium","RunnerTestName":"t","StartDate":"\\/Date(${NOON})\\/"}`;
    const { json: answer } = expectSuccess(await client.post(record, body));
    expect(answer).toMatchObject({ TestCaseId: caseId, TestRunTypeId: 2, TestRunFormatId: 1 });
    expect(answer.StartDate).toBe('2024-05-14T12:00:00.000Z');
  });
});
