import { beforeEach, describe, expect, test } from 'vitest';
import { appendChange } from '../../src/changes/change-log.ts';
import { aBuild, aProject, aRelease, aTestCase, aTestSet, aTestSetRow, aTestStep } from '../support/builders.ts';
import { testDatabase } from '../support/database.ts';
import { spiraServer } from '../support/spira-server.ts';

const db = await testDatabase();
const server = await spiraServer(db);
let projectId: number;
let testCaseId: number;
let testStepId: number;
let releaseId: number;

beforeEach(async () => {
  projectId = await server.ownProject();
  testCaseId = await aTestCase(db, projectId, { name: 'Log in', estimatedDuration: 20 });
  testStepId = await aTestStep(db, projectId, { testCaseId });
  releaseId = await aRelease(db, projectId, { versionNumber: '1.2' });
});

const put = (body: unknown, query = '') => server.call('PUT', `projects/${projectId}/test-runs${query}`, { body });
const get = (below: string) => server.call('GET', `projects/${projectId}/test-runs${below}`);
const storedRuns = async () => (await get('/count')).json as number;

const step = (ExecutionStatusId: unknown, more: object = {}) => ({
  TestStepId: testStepId,
  ExecutionStatusId,
  ...more,
});
const run = (more: object = {}) => ({
  TestCaseId: testCaseId,
  StartDate: '2024-05-14T14:00:00.000Z',
  EndDate: '2024-05-14T14:06:00.000Z',
  TestRunSteps: [step(2)],
  ...more,
});

/** The example of the how-to as it is printed, trailing comma included, with the ids of a fixture. */
const printed = (quote: { open: string; close: string }) => `[

    {

        "TestRunId": 0,

        "Name": "Sample Test Case",

        "TestCaseId": ${testCaseId},

        "TestRunTypeId": 1,

        "TesterId": ${server.owner.userId},

        "ReleaseId": ${releaseId},

        "TestSetId": null,

        "TestSetTestCaseId": null,

        "StartDate": "2022-10-14T15:07:47.932Z",

        "EndDate": ${quote.open}2022-10-14T15:08:47.932Z${quote.close},

        "BuildId": null,

        "EstimatedDuration": null,

        "ActualDuration": null,

        "TestConfigurationId": null,

        "ProjectId": 24,

        "ArtifactTypeId": 5,

        "ConcurrencyDate": "2022-10-14T15:07:47.932Z",

        "CustomProperties": null,

        "IsAttachments": false,

        "Tags": null,

"TestRunSteps": [

            {

                "TestRunStepId": 0,

                "TestRunId": 0,

                "TestStepId": ${testStepId},

                "TestCaseId": ${testCaseId},

                "ExecutionStatusId": 2,

                "Position": 1,

                "Description": "Description",

                "ExpectedResult": "Works as expected.",

                "SampleData": null,

                "ActualResult": "Actual result",

                "ActualDuration": null,

                "StartDate": null,

                "EndDate": null

            }

        ],

    }

]`;

describe('the example of the how-to', () => {
  test('as printed, quotes straight, is stored and answered with every id filled and the status computed', async () => {
    const { status, json } = await put(printed({ open: '"', close: '"' }));
    expect(status).toBe(200);
    expect(json).toEqual([
      {
        ProjectId: projectId,
        ProjectGuid: expect.stringMatching(/^[0-9a-f-]{36}$/),
        ArtifactTypeId: 5,
        ConcurrencyDate: expect.stringMatching(/Z$/),
        CustomProperties: null,
        IsAttachments: false,
        Tags: null,
        Guid: null,
        TestRunId: expect.any(Number),
        Name: 'Sample Test Case',
        TestCaseId: testCaseId,
        TestCaseGuid: expect.any(String),
        TestRunTypeId: 1,
        TesterId: server.owner.userId,
        TesterGuid: expect.any(String),
        ExecutionStatusId: 2,
        ReleaseId: releaseId,
        ReleaseGuid: expect.any(String),
        ReleaseVersionNumber: '1.2',
        TestSetId: null,
        TestSetGuid: null,
        TestSetTestCaseId: null,
        StartDate: '2022-10-14T15:07:47.932Z',
        EndDate: '2022-10-14T15:08:47.932Z',
        BuildId: null,
        EstimatedDuration: 20,
        ActualDuration: 1,
        TestConfigurationId: null,
        TestRunSteps: [
          {
            TestRunStepId: expect.any(Number),
            TestRunId: json[0].TestRunId,
            TestStepId: testStepId,
            TestCaseId: testCaseId,
            ExecutionStatusId: 2,
            Position: 1,
            Description: 'Description',
            ExpectedResult: 'Works as expected.',
            SampleData: null,
            ActualResult: 'Actual result',
            ActualDuration: null,
            StartDate: null,
            EndDate: null,
          },
        ],
      },
    ]);
    expect((await get(`/${json[0].TestRunId}/manual`)).json).toEqual(json[0]);
  });

  test('with typographic quotes is a 400 that names the position, and nothing is stored', async () => {
    const { status, json } = await put(printed({ open: '“', close: '”' }));
    expect(status).toBe(400);
    expect(json.Message).toMatch(/line 23|position \d+/i);
    expect(await storedRuns()).toBe(0);
  });
});

describe('the status of a manual run', () => {
  test('ST-7: a status sent for the run changes nothing, whatever it is', async () => {
    for (const ExecutionStatusId of [1, 3, 7, 'x', null]) {
      const { json } = await put([run({ ExecutionStatusId })]);
      expect(json[0].ExecutionStatusId).toBe(2);
    }
  });

  test('SV-1: of the 64 subsets of step statuses 59 are stored with the right status and 5 refused', async () => {
    const outcomes = new Map<string, number>();
    for (let subset = 0; subset < 64; subset += 1) {
      const present = [1, 2, 3, 4, 5, 6].filter((status) => subset & (1 << (status - 1)));
      const { status, json } = await put([run({ TestRunSteps: present.map((one) => step(one)) })]);
      const expected = [1, 5, 6, 3, 2, 4].find((one) => present.includes(one));
      const isRefused = expected === undefined || expected === 3;
      expect([present, status, json[0]?.ExecutionStatusId]).toEqual([
        present,
        isRefused ? 400 : 200,
        isRefused ? undefined : expected,
      ]);
      if (isRefused) expect(json.Message).toMatch(present.length === 0 ? /at least one step/ : /unfinished/);
      outcomes.set(String(status), (outcomes.get(String(status)) ?? 0) + 1);
    }
    expect(Object.fromEntries(outcomes)).toEqual({ 200: 59, 400: 5 });
    expect(await storedRuns()).toBe(59);
  });

  test.each([0, 7, -1, null, undefined])('SV-2: a step status of %s is refused and names its place', async (bad) => {
    const { status, json } = await put([run(), run({ TestRunSteps: [step(2), step(bad)] })]);
    expect(status).toBe(400);
    expect(json).toMatchObject({
      Type: 'ValidationFaultMessage',
      Message: 'Database foreign key violation occurred',
      Messages: [{ FieldName: '[1].TestRunSteps[1].ExecutionStatusId' }],
    });
    expect(json.Messages[0].Message).toMatch(/1 Failed, 2 Passed, 3 Not Run, 4 Not Applicable, 5 Blocked, 6 Caution/);
    expect(await storedRuns()).toBe(0);
  });
});

describe('checks in their order (rest-v7 12.3)', () => {
  test('SV-5: a TestRunId above 0 is refused, 0 and below and a TestRunStepId are ignored', async () => {
    const { status, json } = await put([run({ TestRunId: 12 })]);
    expect([status, json.Messages[0].FieldName]).toEqual([400, '[0].TestRunId']);
    expect((await put([run({ TestRunId: -1, TestRunSteps: [step(2, { TestRunStepId: 99 })] })])).status).toBe(200);
  });

  test('SV-4: what does not exist is a 404 with its index, before rules about the same run', async () => {
    const { status, json } = await put([run(), run({ ReleaseId: 999_999, TestRunId: 5, TestRunSteps: [] })]);
    expect(status).toBe(404);
    expect(json.Messages).toEqual([
      { FieldName: '[1].ReleaseId', Message: 'Release 999999 does not exist in this project' },
    ]);
  });

  test.each([
    ['TestCaseId', { TestCaseId: 999_999 }],
    ['TestCaseId', { TestCaseId: 0 }],
    ['TestCaseId', { TestCaseId: null }],
    ['TestCaseId', { TestCaseId: 99_999_999_999 }],
    ['TestSetId', { TestSetId: 999_999 }],
    ['TestSetTestCaseId', { TestSetTestCaseId: 999_999 }],
    ['BuildId', { BuildId: 999_999 }],
    ['TestConfigurationId', { TestConfigurationId: 999_999 }],
    ['TesterId', { TesterId: 999_999 }],
    ['TestRunSteps[0].TestStepId', { TestRunSteps: [{ TestStepId: 999_999, ExecutionStatusId: 2 }] }],
    ['TestRunSteps[0].TestCaseId', { TestRunSteps: [{ TestCaseId: 999_999, ExecutionStatusId: 2 }] }],
  ])('SV-3, SV-4, SV-10: an unknown %s is a 404', async (field, bad) => {
    const { status, json } = await put([run(bad)]);
    expect([status, json.Messages.map((one: { FieldName: string }) => one.FieldName)]).toEqual([404, [`[0].${field}`]]);
  });

  test('SV-3: things of another project do not exist', async () => {
    const other = await aProject(db);
    const foreignCase = await aTestCase(db, other);
    const foreignRelease = await aRelease(db, other);
    expect((await put([run({ TestCaseId: foreignCase })])).status).toBe(404);
    expect((await put([run({ ReleaseId: foreignRelease })])).status).toBe(404);
  });

  test('SV-6: one bad run refuses all of them', async () => {
    expect((await put([run(), run({ TestRunSteps: [step(3)] }), run()])).status).toBe(400);
    expect(await storedRuns()).toBe(0);
  });

  test('an empty list is refused, a bare object is taken', async () => {
    expect((await put([])).status).toBe(400);
    const { status, json } = await put(run());
    expect([status, json.length]).toEqual([200, 1]);
  });

  test('SV-10: a step that was deleted since the shell was made is accepted', async () => {
    await db.kysely.updateTable('testStep').set({ isDeleted: true }).where('testStepId', '=', testStepId).execute();
    expect((await put([run()])).status).toBe(200);
  });

  test('a value for a custom property that does not exist names its number; entries without values are ignored', async () => {
    const { status, json } = await put([run({ CustomProperties: [{ PropertyNumber: 4, StringValue: 'x' }] })]);
    expect([status, json.Messages[0].FieldName]).toEqual([400, '[0].CustomProperties[0].PropertyNumber']);
    expect(json.Messages[0].Message).toMatch(/PropertyNumber 4/);
    expect((await put([run({ CustomProperties: [{ PropertyNumber: 4, StringValue: null }] })])).status).toBe(200);
  });
});

describe('defaults', () => {
  test('quirk 33: without tester, name and step ids the caller, the case and the order sent fill in', async () => {
    const bare = { TestCaseId: String(testCaseId), TestRunSteps: [{ ExecutionStatusId: '2', 'Incident Name': 'x' }] };
    const { json } = await put([{ ...bare, EndDate: '2024-05-14T14:06:00Z' }]);
    expect(json[0]).toMatchObject({ TesterId: server.owner.userId, Name: 'Log in', TestRunTypeId: 1 });
    expect(json[0].TestRunSteps).toMatchObject([{ Position: 1, TestStepId: null, TestCaseId: testCaseId }]);
    expect(json[0].StartDate).toBe('2024-05-14T14:06:00.000Z');
  });

  test('a step without a case gets that of its test step; the answer keeps the order sent, reads go by position', async () => {
    const linked = await aTestCase(db, projectId);
    const inner = await aTestStep(db, projectId, { testCaseId: linked });
    const TestRunSteps = [
      { TestStepId: inner, ExecutionStatusId: 2, Position: 9, Description: 'second' },
      { ExecutionStatusId: 2, Position: 1, Description: 'first' },
    ];
    const { json } = await put([run({ TestRunSteps })]);
    const described = (steps: { Description: string }[]) => steps.map((one) => one.Description);
    expect(described(json[0].TestRunSteps)).toEqual(['second', 'first']);
    expect(json[0].TestRunSteps[0].TestCaseId).toBe(linked);
    const read = await get(`/${json[0].TestRunId}/manual`);
    expect(described(read.json.TestRunSteps)).toEqual(['first', 'second']);
  });

  test('a build brings its release; a build of another release does not exist', async () => {
    const buildId = await aBuild(db, projectId, { releaseId });
    const { json } = await put([run({ BuildId: buildId })]);
    expect(json[0]).toMatchObject({ BuildId: buildId, ReleaseId: releaseId, ReleaseVersionNumber: '1.2' });
    const other = await aRelease(db, projectId);
    expect((await put([run({ BuildId: buildId, ReleaseId: other })])).status).toBe(404);
  });

  test('SV-11, AU-6: a set without a row takes its first row of the case, a row without a set its set', async () => {
    const testSetId = await aTestSet(db, projectId);
    const later = await aTestSetRow(db, projectId, { testSetId, testCaseId, position: 2 });
    const first = await aTestSetRow(db, projectId, { testSetId, testCaseId, position: 1 });
    expect((await put([run({ TestSetId: testSetId })])).json[0].TestSetTestCaseId).toBe(first);
    expect((await put([run({ TestSetTestCaseId: later })])).json[0].TestSetId).toBe(testSetId);
  });
});

describe('runs without an end (rest-v7 12.4)', () => {
  test('the end of the call serves runs that lack their own', async () => {
    const runs = [run({ EndDate: null }), run()];
    const { json } = await put(runs, '?end_date=2024-05-14T14:30:00.000Z');
    expect(json.map((one: { EndDate: string }) => one.EndDate)).toEqual([
      '2024-05-14T14:30:00.000Z',
      '2024-05-14T14:06:00.000Z',
    ]);
  });

  test.each(['', '?end_date=', '?end_date=null'])(
    'ED-3: with the query "%s" it is stored, found by id and in no list or count',
    async (query) => {
      const { status, json } = await put([run({ EndDate: null })], query);
      expect([status, json[0].EndDate, json[0].ActualDuration]).toEqual([200, null, null]);
      expect((await get(`/${json[0].TestRunId}`)).json.EndDate).toBeNull();
      expect((await get(`/${json[0].TestRunId}/manual`)).status).toBe(200);
      expect((await get('')).json).toEqual([]);
      expect((await get('/manual')).json).toEqual([]);
      expect(await storedRuns()).toBe(0);
    },
  );

  test('an end that is no date is refused', async () => {
    expect((await put([run()], '?end_date=tomorrow')).status).toBe(400);
  });
});

describe('what a save does to its case', () => {
  const ownerOf = async () =>
    db.kysely
      .selectFrom('testCase')
      .select(['ownerId', 'concurrencyDate', 'updatedAt'])
      .where('testCaseId', '=', testCaseId)
      .executeTakeFirstOrThrow();
  const giveOwner = () =>
    db.kysely
      .updateTable('testCase')
      .set({ ownerId: server.owner.userId })
      .where('testCaseId', '=', testCaseId)
      .execute();

  test('TC-4, CC-2: a pass takes the owner off and leaves the stamp alone', async () => {
    await giveOwner();
    const before = await ownerOf();
    await put([run()]);
    expect(await ownerOf()).toEqual({ ...before, ownerId: null });
  });

  test('TC-4: a failure, a run without an end, or the setting off, leave the owner', async () => {
    await giveOwner();
    await put([run({ TestRunSteps: [step(1)] }), run({ EndDate: null })]);
    expect((await ownerOf()).ownerId).toBe(server.owner.userId);
    const settings = JSON.stringify({ passingUnassignsCase: false });
    await db.kysely.updateTable('project').set({ settings }).where('projectId', '=', projectId).execute();
    await put([run()]);
    expect((await ownerOf()).ownerId).toBe(server.owner.userId);
  });

  test('3.5: the figures of case and step are right when the answer comes', async () => {
    // The builders tell the change log nothing of the case; a case that was created by a command has its figure.
    await db.transaction((transaction) =>
      appendChange(transaction, projectId, { kind: 'cases', testCaseIds: [testCaseId] }),
    );
    await put([run({ TestRunSteps: [step(5)] })]);
    const { json } = await server.call('GET', `projects/${projectId}/test-cases/${testCaseId}`);
    expect(json).toMatchObject({ ExecutionStatusId: 5, ExecutionDate: '2024-05-14T14:06:00.000Z' });
    const steps = await server.call('GET', `projects/${projectId}/test-cases/${testCaseId}/test-steps`);
    expect(steps.json[0].ExecutionStatusId).toBe(5);
  });

  test('DU-4: with durations switched off every completed run took 0 minutes', async () => {
    const settings = JSON.stringify({ disableActualDuration: true });
    await db.kysely.updateTable('project').set({ settings }).where('projectId', '=', projectId).execute();
    expect((await put([run()])).json[0].ActualDuration).toBe(0);
  });
});
