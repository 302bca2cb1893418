import { beforeEach, describe, expect, test } from 'vitest';
import { appendChange } from '../../src/changes/change-log.ts';
import {
  aBuild,
  aMember,
  anAutomationHost,
  aProject,
  aRelease,
  aTestCase,
  aTestSet,
  aTestSetRow,
  aTestStep,
} from '../support/builders.ts';
import { NOON } from '../support/clock.ts';
import { testDatabase } from '../support/database.ts';
import { type CallOptions, spiraServer } from '../support/spira-server.ts';

const db = await testDatabase({ poolSize: 12 });
const server = await spiraServer(db);
let projectId: number;
let caseA: number;
let caseB: number;
let releaseId: number;
let testSetId: number;

beforeEach(async () => {
  projectId = await server.ownProject();
  caseA = await aTestCase(db, projectId, { name: 'Log in', estimatedDuration: 5 });
  caseB = await aTestCase(db, projectId, { name: 'Data entry' });
  releaseId = await aRelease(db, projectId, { versionNumber: '2.0' });
  testSetId = await aTestSet(db, projectId);
  // The builders tell the change log nothing; things that were created by commands have their figures.
  await db.transaction((transaction) =>
    appendChange(transaction, projectId, { kind: 'cases', testCaseIds: [caseA, caseB] }),
  );
});

const send = (path: string, body: unknown, options: CallOptions = {}) =>
  server.call('POST', path, { body, ...options });
const record = (body: unknown) => send(`projects/${projectId}/test-runs/record`, body);
const recordMultiple = (body: unknown) => send(`projects/${projectId}/test-runs/record-multiple`, body);
const get = (below = '') => server.call('GET', `projects/${projectId}/test-runs${below}`);
const storedRuns = async () => (await get('/count')).json as number;
const fields = (json: { Messages: { FieldName: string }[] }) => json.Messages.map((one) => one.FieldName);

const run = (more: object = {}) => ({
  TestCaseId: caseA,
  ExecutionStatusId: 2,
  RunnerName: 'PyTest',
  RunnerTestName: 'test_login',
  StartDate: '2026-03-02T11:00:00Z',
  EndDate: '2026-03-02T11:10:00Z',
  ...more,
});

/** The example of the article on bulk recording as it is printed, with the ids of a fixture. */
const printed = () => `[
{
"TestCaseId": ${caseA},
"ReleaseId": ${releaseId},
"TestSetId": ${testSetId},
"ExecutionStatusId": 2,
"StartDate": "/Date(1715688000000-0000)/",
"EndDate": "/Date(1715688600000-0000)/",
"RunnerName": "PyTest-Framework",
"RunnerTestName": "LoginValidation",
"RunnerMessage": "Test passed successfully.",
"RunnerStackTrace": null
},
{
"TestCaseId": ${caseB},
"ReleaseId": ${releaseId},
"TestSetId": ${testSetId},
"ExecutionStatusId": 1,
"StartDate": "/Date(1715688650000-0000)/",
"EndDate": "/Date(1715688700000-0000)/",
"RunnerName": "PyTest-Framework",
"RunnerTestName": "DataEntryValidation",
"RunnerMessage": "Assertion failed at line 42",
"RunnerStackTrace": "Traceback (most recent call last)..."
}
]`;

describe('the example of the article on bulk recording', () => {
  test.each(['projects/{p}/test-runs/record-multiple', 'test-runs/record-multiple'])(
    'BK-1, BK-5: as printed it is accepted at %s and listed at once; figures stay until a refresh, then are exact',
    async (path) => {
      const { status, json } = await send(path.replace('{p}', String(projectId)), printed());
      expect(status).toBe(200);
      expect(json).toMatchObject([
        { ProjectId: projectId, TestCaseId: caseA, TestRunFormatId: 1, ActualDuration: 10, RunnerStackTrace: '' },
        { ProjectId: projectId, TestCaseId: caseB, ExecutionStatusId: 1, ActualDuration: 1 },
      ]);
      expect(json[0].StartDate).toBe('2024-05-14T12:00:00.000Z');
      expect(json[1].TestRunId).toBeGreaterThan(json[0].TestRunId);
      const listed = await get();
      expect(listed.json.map((one: { TestRunId: number }) => one.TestRunId)).toEqual([
        json[1].TestRunId,
        json[0].TestRunId,
      ]);
      const statusOf = async (id: number) =>
        (await server.call('GET', `projects/${projectId}/test-cases/${id}`)).json.ExecutionStatusId;
      expect([await statusOf(caseA), await statusOf(caseB)]).toEqual([3, 3]);
      expect((await send(`projects/${projectId}/refresh-caches`, undefined)).status).toBe(200);
      expect([await statusOf(caseA), await statusOf(caseB)]).toEqual([2, 1]);
    },
  );

  test('quirk 48: the answer is what the run page shows', async () => {
    const { json } = await recordMultiple(printed());
    expect((await get(`/${json[1].TestRunId}/automated`)).json).toEqual(json[1]);
  });
});

describe('one automated run', () => {
  test('answers every documented member, and the figures are right when the answer comes', async () => {
    const { status, json } = await record(run({ ReleaseId: releaseId, Parameters: [{ Name: 'browser', Value: 'x' }] }));
    expect(status).toBe(200);
    expect(json).toEqual({
      ProjectId: projectId,
      ProjectGuid: expect.any(String),
      ArtifactTypeId: 5,
      ConcurrencyDate: NOON.toISOString(),
      CustomProperties: null,
      IsAttachments: false,
      Tags: null,
      Guid: null,
      TestRunId: expect.any(Number),
      Name: 'Log in',
      TestCaseId: caseA,
      TestCaseGuid: expect.any(String),
      TestRunTypeId: 2,
      TesterId: server.owner.userId,
      TesterGuid: expect.any(String),
      ExecutionStatusId: 2,
      ReleaseId: releaseId,
      ReleaseGuid: expect.any(String),
      ReleaseVersionNumber: '2.0',
      TestSetId: null,
      TestSetGuid: null,
      TestSetTestCaseId: null,
      StartDate: '2026-03-02T11:00:00.000Z',
      EndDate: '2026-03-02T11:10:00.000Z',
      BuildId: null,
      EstimatedDuration: 5,
      ActualDuration: 10,
      TestConfigurationId: null,
      TestRunFormatId: 1,
      RunnerName: 'PyTest',
      RunnerTestName: 'test_login',
      RunnerAssertCount: 0,
      RunnerMessage: '',
      RunnerStackTrace: '',
      AutomationHostId: null,
      AutomationEngineId: null,
      AutomationEngineToken: null,
      AutomationAttachmentId: null,
      Parameters: [
        expect.objectContaining({ TestSetTestCaseId: 0, TestCaseParameterId: 0, Name: 'browser', Value: 'x' }),
      ],
      ScheduledDate: null,
      TestRunSteps: [],
    });
    expect((await get(`/${json.TestRunId}/automated`)).json).toEqual(json);
    const { json: testCase } = await server.call('GET', `projects/${projectId}/test-cases/${caseA}`);
    expect(testCase).toMatchObject({ ExecutionStatusId: 2, ActualDuration: 10 });
  });

  test.each([1, 2, 3, 4, 5, 6])('AU-1, AU-2: status %s is stored as sent, whatever the steps say', async (status) => {
    const TestRunSteps = [{ ExecutionStatusId: 1, ActualResult: 'broken', Description: 'a step' }];
    const { json } = await record(run({ ExecutionStatusId: status, TestRunSteps }));
    expect(json).toMatchObject({ ExecutionStatusId: status, TestRunSteps: [{ Position: 1, ExecutionStatusId: 1 }] });
    expect(json.TestRunSteps[0].TestRunId).toBe(json.TestRunId);
    expect((await get(`/${json.TestRunId}/automated`)).json).toEqual(json);
  });

  test.each([undefined, null, 0, -1, 7])(
    'AU-2: quirk 24: status %s is refused with the documented text',
    async (bad) => {
      const { status, json } = await record(run({ ExecutionStatusId: bad }));
      expect([status, json.Message]).toEqual([400, 'Database foreign key violation occurred']);
      expect(json.Messages[0]).toMatchObject({
        FieldName: 'ExecutionStatusId',
        Message: expect.stringMatching(/allowed are 1 Failed, 2 Passed/),
      });
    },
  );

  test('AU-8: a step of a status outside the table is refused', async () => {
    const { status, json } = await record(run({ TestRunSteps: [{ ExecutionStatusId: -1 }] }));
    expect([status, fields(json)]).toEqual([400, ['TestRunSteps[0].ExecutionStatusId']]);
  });

  test.each([undefined, null, '', '  '])('AU-3: runner name %j is refused', async (RunnerName) => {
    const { status, json } = await record(run({ RunnerName }));
    expect([status, fields(json)]).toEqual([400, ['RunnerName']]);
  });

  test('AU-3, AU-4, AU-5: whatever else is missing has its default', async () => {
    const { json } = await record({
      TestCaseId: String(caseA),
      ExecutionStatusId: 1,
      RunnerName: 'x',
      RunnerMessage: null,
    });
    expect(json).toMatchObject({ RunnerTestName: 'Log in', RunnerMessage: '', TestRunFormatId: 1, ActualDuration: 0 });
    expect([json.StartDate, json.EndDate]).toEqual([NOON.toISOString(), NOON.toISOString()]);
  });

  test('AU-5, AU-7: a start in the future ends there; an end before the start is kept and took 0 minutes', async () => {
    const { json } = await record(run({ StartDate: '2027-01-01T00:00:00Z', EndDate: null }));
    expect(json.EndDate).toBe('2027-01-01T00:00:00.000Z');
    const backwards = await record(run({ StartDate: '2026-03-02T11:00:00Z', EndDate: '2026-03-02T10:00:00Z' }));
    expect(backwards.json).toMatchObject({ EndDate: '2026-03-02T10:00:00.000Z', ActualDuration: 0 });
  });

  test('AU-4: format 0 is plain text, 2 is HTML, 3 is refused', async () => {
    expect((await record(run({ TestRunFormatId: 0 }))).json.TestRunFormatId).toBe(1);
    expect((await record(run({ TestRunFormatId: 2 }))).json.TestRunFormatId).toBe(2);
    const { status, json } = await record(run({ TestRunFormatId: 3 }));
    expect([status, fields(json)]).toEqual([400, ['TestRunFormatId']]);
  });

  test.each([0, -1, null, undefined, 999_999, '404', 99_999_999_999])(
    'quirk 22: test case %s is a 404 with a body',
    async (TestCaseId) => {
      const { status, json } = await record(run({ TestCaseId }));
      expect([status, json.Type, fields(json)]).toEqual([404, 'ArtifactNotExistsFault', ['TestCaseId']]);
    },
  );

  test.each([
    'ReleaseId',
    'BuildId',
    'TestSetId',
    'TestSetTestCaseId',
    'TestConfigurationId',
    'TesterId',
    'AutomationHostId',
    'AutomationEngineId',
    'AutomationAttachmentId',
  ])('an unknown %s is a 404; null, 0 and -1 are none', async (member) => {
    const { status, json } = await record(run({ [member]: 999_999 }));
    expect([status, fields(json)]).toEqual([404, [member]]);
    for (const none of [null, 0, -1]) expect((await record(run({ [member]: none }))).status).toBe(200);
  });

  test('a tester has to be a member; somebody else’s result may be recorded', async () => {
    const stranger = await server.userWithRole(null);
    expect((await record(run({ TesterId: stranger.userId }))).status).toBe(404);
    await aMember(db, projectId, { userId: stranger.userId, roleId: 5 });
    expect((await record(run({ TesterId: stranger.userId }))).json.TesterId).toBe(stranger.userId);
  });

  test('quirk 28: a trace of 10 MB, an object in its place and odd characters are kept', async () => {
    const trace = 'Traceback "x" \\ é ✓\n'.repeat(500_000);
    const { json } = await record(run({ RunnerStackTrace: trace, RunnerMessage: { message: 'a', type: 'b' } }));
    expect(json.RunnerMessage).toBe('{"message":"a","type":"b"}');
    const read = await get(`/${json.TestRunId}/automated`);
    expect(read.json.RunnerStackTrace.length).toBe(trace.length);
    expect(read.json.RunnerStackTrace === trace).toBe(true);
  });

  test('a value with half a character or a NUL is no reason to fail', async () => {
    const odd = '"a\\ud800b\\u0000c"';
    const body = JSON.stringify(run({ Parameters: [{ Name: '@', Value: '@' }], RunnerMessage: '@' })).replaceAll(
      '"@"',
      odd,
    );
    const { status, json } = await record(body);
    expect(status).toBe(200);
    expect((await get(`/${json.TestRunId}/automated`)).json.RunnerMessage).toBe('a\ufffdbc');
  });

  test('the engine and the script of the case are the defaults; a host is kept', async () => {
    const [engine] = await db.query<{ id: number }>(
      `insert into automation_engine (name, token) values ('Robot', $1) returning automation_engine_id as id`,
      [`robot-${projectId}`],
    );
    const set = { automationEngineId: engine!.id };
    await db.kysely.updateTable('testCase').set(set).where('testCaseId', '=', caseA).execute();
    const AutomationHostId = await anAutomationHost(db, projectId);
    const { json } = await record(run({ AutomationHostId }));
    expect(json).toMatchObject({
      AutomationHostId,
      AutomationEngineId: engine!.id,
      AutomationEngineToken: `robot-${projectId}`,
    });
  });

  test('a list of one answers a list of one; none or several are refused', async () => {
    const { status, json } = await record([run()]);
    expect([status, json.length, json[0].TestCaseId]).toEqual([200, 1, caseA]);
    expect((await record([])).status).toBe(400);
    expect((await record([run(), run()])).status).toBe(400);
  });
});

describe('sets and rows (AU-6)', () => {
  test('a set takes its first row of the case; without one the set alone is kept', async () => {
    await aTestSetRow(db, projectId, { testSetId, testCaseId: caseB });
    const second = await aTestSetRow(db, projectId, { testSetId, testCaseId: caseA, position: 5 });
    const first = await aTestSetRow(db, projectId, { testSetId, testCaseId: caseA, position: 3 });
    expect((await record(run({ TestSetId: testSetId }))).json.TestSetTestCaseId).toBe(first);
    await db.kysely.updateTable('testSetRow').set({ isRemoved: true }).where('testSetRowId', '=', first).execute();
    expect((await record(run({ TestSetId: testSetId }))).json.TestSetTestCaseId).toBe(second);
    const empty = await aTestSet(db, projectId);
    expect((await record(run({ TestSetId: empty }))).json).toMatchObject({ TestSetId: empty, TestSetTestCaseId: null });
  });

  test('a row brings its set; one of another set or case does not exist', async () => {
    const rowId = await aTestSetRow(db, projectId, { testSetId, testCaseId: caseA });
    expect((await record(run({ TestSetTestCaseId: rowId }))).json.TestSetId).toBe(testSetId);
    const other = await aTestSet(db, projectId);
    const wrong = [
      run({ TestSetTestCaseId: rowId, TestSetId: other }),
      run({ TestSetTestCaseId: rowId, TestCaseId: caseB }),
    ];
    for (const body of wrong) {
      const { status, json } = await record(body);
      expect([status, fields(json)]).toEqual([404, ['TestSetTestCaseId']]);
    }
  });

  test('a build brings its release; the release of the set is not taken', async () => {
    const buildId = await aBuild(db, projectId, { releaseId });
    expect((await record(run({ BuildId: buildId }))).json.ReleaseId).toBe(releaseId);
    await db.kysely.updateTable('testSet').set({ releaseId }).where('testSetId', '=', testSetId).execute();
    expect((await record(run({ TestSetId: testSetId }))).json.ReleaseId).toBeNull();
    const other = await aRelease(db, projectId);
    const { status, json } = await record(run({ BuildId: buildId, ReleaseId: other }));
    expect([status, fields(json)]).toEqual([404, ['BuildId']]);
  });
});

describe('many automated runs', () => {
  test('BK-2: every bad item is named, the first decides, nothing is stored', async () => {
    const { status, json } = await recordMultiple([
      run(),
      run({ ExecutionStatusId: 9 }),
      run({ TestCaseId: 999_999, TesterId: 888_888 }),
      run({ StartDate: 'yesterday' }),
      5,
    ]);
    expect(status).toBe(400);
    expect(json.Message).toBe('Database foreign key violation occurred');
    expect(fields(json)).toEqual(['[1].ExecutionStatusId', '[2].TestCaseId', '[2].TesterId', '[3].StartDate', '[4]']);
    expect(await storedRuns()).toBe(0);
  });

  test('6.2: of one item a thing that does not exist is said before a value outside its table', async () => {
    const { status, json } = await recordMultiple([run({ ExecutionStatusId: 9, ReleaseId: 999_999 })]);
    expect([status, fields(json)]).toEqual([404, ['[0].ReleaseId', '[0].ExecutionStatusId']]);
  });

  test('an empty list answers an empty list, no body is refused', async () => {
    expect(await recordMultiple([])).toMatchObject({ status: 200, json: [] });
    expect((await recordMultiple(undefined)).status).toBe(400);
  });

  test('BK-3: 5,000 runs in one call, with steps, in request order', async () => {
    const testStepId = await aTestStep(db, projectId, { testCaseId: caseA });
    const body = Array.from({ length: 5_000 }, (_, at) =>
      run({
        TestCaseId: at % 2 === 0 ? caseA : caseB,
        RunnerTestName: `test ${at}`,
        ...(at % 10 === 0
          ? { TestRunSteps: [{ TestStepId: testStepId, ExecutionStatusId: 2, Description: `${at}` }] }
          : {}),
      }),
    );
    const { status, json } = await recordMultiple(body);
    expect([status, json.length]).toEqual([200, 5_000]);
    for (const [at, one] of json.entries()) {
      if (one.RunnerTestName !== `test ${at}`) throw new Error(`item ${at} is ${one.RunnerTestName}`);
      if (at > 0 && one.TestRunId <= json[at - 1].TestRunId) throw new Error(`the id of item ${at} does not ascend`);
      if (at % 10 === 0 && one.TestRunSteps[0].Description !== `${at}`) throw new Error(`the step of item ${at}`);
    }
    expect(await storedRuns()).toBe(5_000);
    expect((await get(`/${json[4990].TestRunId}/automated`)).json).toEqual(json[4990]);
  });

  test('8 calls at a time: all stored, ids ascend within each, one change row a call, no case touched', async () => {
    const before = await db.query('select xmin::text from test_case where project_id = $1 order by 1', [projectId]);
    const bodies = Array.from({ length: 8 }, () => Array.from({ length: 50 }, () => run({ TestSetId: testSetId })));
    const answers = await Promise.all(bodies.map((body) => recordMultiple(body)));
    for (const { status, json } of answers) {
      const ids = json.map((one: { TestRunId: number }) => one.TestRunId);
      expect([status, ids]).toEqual([200, ids.toSorted((a: number, b: number) => a - b)]);
    }
    expect(await storedRuns()).toBe(400);
    const changes = await db.query(`select 1 from change where project_id = $1 and kind = 'bulk'`, [projectId]);
    expect(changes).toHaveLength(8);
    expect(await db.query('select xmin::text from test_case where project_id = $1 order by 1', [projectId])).toEqual(
      before,
    );
  });

  test('BK-8: in the mode "immediate" the figures are exact when the answer comes', async () => {
    await db.kysely
      .updateTable('project')
      .set({ refreshMode: 'immediate' })
      .where('projectId', '=', projectId)
      .execute();
    await recordMultiple([run({ ExecutionStatusId: 1 })]);
    expect((await server.call('GET', `projects/${projectId}/test-cases/${caseA}`)).json.ExecutionStatusId).toBe(1);
  });
});

describe('permission to record', () => {
  test.each([
    [5, 403],
    [4, 200],
    [7, 200],
  ])('role %s gets %s', async (roleId, status) => {
    const user = await server.userWithRole(null);
    await aMember(db, projectId, { userId: user.userId, roleId });
    const path = `projects/${projectId}/test-runs/record-multiple`;
    expect((await send(path, [run()], { as: user })).status).toBe(status);
    expect((await send('test-runs/record-multiple', [run()], { as: user })).status).toBe(status);
  });
});

describe('the path without a project (rest-v7 13.4)', () => {
  const anywhere = (body: unknown, query = '') => send(`test-runs/record-multiple${query}`, body);
  let otherProject: number;
  let otherCase: number;

  beforeEach(async () => {
    otherProject = await aProject(db);
    otherCase = await aTestCase(db, otherProject);
  });
  const joinOther = () => aMember(db, otherProject, { userId: server.owner.userId, roleId: 1 });

  test('the query comes first, then the ProjectId of the runs, then their test cases', async () => {
    await joinOther();
    expect((await anywhere([run({ ProjectId: otherProject })], `?project_id=${projectId}`)).status).toBe(200);
    expect((await anywhere([run(), run({ ProjectId: projectId })])).json[0].ProjectId).toBe(projectId);
    const other = await anywhere([run({ TestCaseId: otherCase })]);
    expect(other.json[0].ProjectId).toBe(otherProject);
    expect((await anywhere([run({ ProjectId: otherProject })])).status).toBe(404);
  });

  test('test cases of several projects are refused; unknown ones do not exist, with their index', async () => {
    await joinOther();
    expect((await anywhere([run(), run({ TestCaseId: otherCase })])).status).toBe(400);
    const { status, json } = await anywhere([run(), run({ TestCaseId: 999_999 })]);
    expect([status, fields(json)]).toEqual([404, ['[1].TestCaseId']]);
    const none = await anywhere([run({ TestCaseId: 999_999 }), run({ TestCaseId: 0 })]);
    expect([none.status, fields(none.json)]).toEqual([404, ['[0].TestCaseId', '[1].TestCaseId']]);
  });

  test('test cases of projects that the caller is no member of do not exist; naming such a project is a 403', async () => {
    expect((await anywhere([run({ TestCaseId: otherCase })])).status).toBe(404);
    expect((await anywhere([run()], `?project_id=${otherProject}`)).status).toBe(403);
    expect((await anywhere([run()], '?project_id=999999')).status).toBe(404);
    expect((await anywhere([run()], '?project_id=abc')).status).toBe(404);
    expect((await anywhere([run()], '?project_id=0')).status).toBe(200);
  });

  test('an empty list answers an empty list, and one run can be recorded there, too', async () => {
    expect(await anywhere([])).toMatchObject({ status: 200, json: [] });
    const { status, json } = await send('test-runs/record', run());
    expect([status, json.ProjectId]).toEqual([200, projectId]);
    expect((await send('test-runs/record', run({ TestCaseId: -1 }))).status).toBe(404);
  });
});
