import { beforeEach, describe, expect, test } from 'vitest';
import {
  aMember,
  anAutomationHost,
  aRelease,
  aTestCase,
  aTestSet,
  aTestSetRow,
  aTestStep,
} from '../support/builders.ts';
import { NOON } from '../support/clock.ts';
import { testDatabase } from '../support/database.ts';
import { spiraServer } from '../support/spira-server.ts';

const db = await testDatabase();
const server = await spiraServer(db);
let projectId: number;
let caseA: number;
let caseB: number;
let releaseId: number;

beforeEach(async () => {
  projectId = await server.ownProject();
  caseA = await aTestCase(db, projectId, { name: 'Log in', estimatedDuration: 7 });
  caseB = await aTestCase(db, projectId, { name: 'Log out' });
  releaseId = await aRelease(db, projectId, { versionNumber: '3.1' });
  await aTestStep(db, projectId, { testCaseId: caseA, description: 'Open ${page}', sampleData: 'fred' });
  await aTestStep(db, projectId, { testCaseId: caseB, description: 'Leave' });
});

const create = (below: string, body?: unknown) =>
  server.call('POST', `projects/${projectId}/test-runs/create${below}`, body === undefined ? {} : { body });
const storedRuns = async () => (await db.query('select 1 from test_run where project_id = $1', [projectId])).length;
type Shell = { TestCaseId: number; TestSetTestCaseId: number; TestConfigurationId: number; TestRunSteps: Described[] };
type Described = { Description: string };
const described = (shell: Shell) => shell.TestRunSteps.map((step) => step.Description);

async function aParameter(testCaseId: number, name: string, defaultValue: string | null = null): Promise<number> {
  const row = await db.kysely
    .insertInto('testCaseParameter')
    .values({ projectId, testCaseId, name, defaultValue })
    .returning('testCaseParameterId')
    .executeTakeFirstOrThrow();
  return row.testCaseParameterId;
}

async function configurationSet(parameterId: number, values: string[]): Promise<number> {
  const { testConfigurationSetId } = await db.kysely
    .insertInto('testConfigurationSet')
    .values({ projectId, name: 'Pages' })
    .returning('testConfigurationSetId')
    .executeTakeFirstOrThrow();
  for (const [position, value] of values.entries()) {
    const { testConfigurationId } = await db.kysely
      .insertInto('testConfiguration')
      .values({ projectId, testConfigurationSetId, position })
      .returning('testConfigurationId')
      .executeTakeFirstOrThrow();
    const entry = { projectId, testConfigurationId, testCaseParameterId: parameterId, value };
    await db.kysely.insertInto('testConfigurationValue').values(entry).execute();
  }
  return testConfigurationSetId;
}

describe('shells for test cases', () => {
  test('one for each id in request order, a repeated id one each time, every default filled, nothing stored', async () => {
    const { status, json } = await create(`?release_id=${releaseId}`, [caseB, caseA, caseB]);
    expect([status, json.map((shell: Shell) => shell.TestCaseId)]).toEqual([200, [caseB, caseA, caseB]]);
    expect(json[1]).toMatchObject({
      TestRunId: 0,
      Name: 'Log in',
      TestRunTypeId: 1,
      ExecutionStatusId: 3,
      EstimatedDuration: 7,
      ActualDuration: null,
      TesterId: server.owner.userId,
      ReleaseId: releaseId,
      ReleaseVersionNumber: '3.1',
      StartDate: NOON.toISOString(),
      EndDate: null,
      ProjectId: projectId,
      TestRunSteps: [
        {
          TestRunStepId: 0,
          TestRunId: 0,
          TestCaseId: caseA,
          ExecutionStatusId: 3,
          Position: 1,
          Description: 'Open ${page}',
          ExpectedResult: 'It works',
          SampleData: 'fred',
          ActualResult: null,
        },
      ],
    });
    expect(await storedRuns()).toBe(0);
  });

  test('a shell, filled in and sent back, is stored', async () => {
    const { json: shells } = await create('', [caseA, caseB]);
    for (const shell of shells) {
      shell.EndDate = '2026-03-02T12:05:00.000Z';
      for (const step of shell.TestRunSteps) step.ExecutionStatusId = 2;
    }
    const { status, json } = await server.call('PUT', `projects/${projectId}/test-runs`, { body: shells });
    expect(status).toBe(200);
    expect(json).toMatchObject([
      { ExecutionStatusId: 2, ActualDuration: 5 },
      { ExecutionStatusId: 2, TestRunSteps: [{ Position: 1 }] },
    ]);
  });

  test('SP-1, SP-2, SP-5: linked cases in place, tokens replaced, and runs keep what they copied', async () => {
    await aParameter(caseA, 'page', 'home');
    const link = await aTestStep(db, projectId, { testCaseId: caseB, linkedTestCaseId: caseA });
    await aTestStep(db, projectId, { testCaseId: caseB, description: 'Close' });
    const [shell] = (await create('', [caseB])).json;
    expect(described(shell)).toEqual(['Leave', 'Open home', 'Close']);
    expect(shell.TestRunSteps).toMatchObject([{ TestCaseId: caseB }, { TestCaseId: caseA }, { Position: 3 }]);
    const passed = { projectId, testStepId: link, name: 'Page', value: 'start' };
    await db.kysely.insertInto('testStepParameter').values(passed).execute();
    expect(described((await create('', [caseB])).json[0])).toEqual(['Leave', 'Open start', 'Close']);
  });

  test('an empty list answers an empty list, no body is refused', async () => {
    expect(await create('', [])).toMatchObject({ status: 200, json: [] });
    expect((await create('')).status).toBe(400);
  });

  test.each([999_999, 0, -1, 99_999_999_999])('test case %s refuses the whole call with its index', async (unknown) => {
    const { status, json } = await create('', [caseA, unknown]);
    expect([status, json.Messages.map((one: { FieldName: string }) => one.FieldName)]).toEqual([404, ['[1]']]);
  });

  test('a release that does not exist is a 404; none, null and -1 are none', async () => {
    expect((await create('?release_id=999999', [caseA])).status).toBe(404);
    for (const none of ['', 'null', '0', '-1']) {
      expect((await create(`?release_id=${none}`, [caseA])).json[0].ReleaseId).toBeNull();
    }
  });

  test('EX-5: cases without steps refuse the whole call and are named', async () => {
    const bare = await aTestCase(db, projectId, { name: 'Bare' });
    const linking = await aTestCase(db, projectId, { name: 'Linking' });
    await aTestStep(db, projectId, { testCaseId: linking, linkedTestCaseId: bare });
    const { status, json } = await create('', [caseA, bare, linking]);
    expect(status).toBe(400);
    expect(json.Message).toContain(`${bare} (Bare), ${linking} (Linking)`);
  });

  test('who may not record gets none', async () => {
    const observer = await server.userWithRole(null);
    await aMember(db, projectId, { userId: observer.userId, roleId: 5 });
    const path = `projects/${projectId}/test-runs/create`;
    expect((await server.call('POST', path, { body: [caseA], as: observer })).status).toBe(403);
  });
});

describe('shells for a test set', () => {
  test('one for each row in its order, with set, row and release; a body is ignored, deleted cases are skipped', async () => {
    const testSetId = await aTestSet(db, projectId, { releaseId });
    const second = await aTestSetRow(db, projectId, { testSetId, testCaseId: caseA, position: 2 });
    const first = await aTestSetRow(db, projectId, { testSetId, testCaseId: caseB, position: 1 });
    await aTestSetRow(db, projectId, { testSetId, testCaseId: caseA, position: 3, isRemoved: true });
    const deleted = await aTestCase(db, projectId, { isDeleted: true });
    await aTestSetRow(db, projectId, { testSetId, testCaseId: deleted });
    const { status, json } = await create(`/test_set/${testSetId}`, [testSetId]);
    expect([status, json.map((shell: Shell) => shell.TestSetTestCaseId)]).toEqual([200, [first, second]]);
    expect(json[0]).toMatchObject({ TestSetId: testSetId, ReleaseId: releaseId, ReleaseVersionNumber: '3.1' });
    expect(json[0].TestSetGuid).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('SP-5, SP-6: rows times configurations; the entry before the row before the set before the default', async () => {
    const page = await aParameter(caseA, 'page', 'default');
    const testSetId = await aTestSet(db, projectId);
    const plain = await aTestSetRow(db, projectId, { testSetId, testCaseId: caseA });
    const own = await aTestSetRow(db, projectId, { testSetId, testCaseId: caseA });
    const texts = async () => (await create(`/test_set/${testSetId}`)).json.flatMap(described);
    expect(await texts()).toEqual(['Open default', 'Open default']);
    const value = { projectId, testSetId, testCaseParameterId: page };
    await db.kysely
      .insertInto('testSetParameter')
      .values({ ...value, testSetRowId: 0, value: 'set' })
      .execute();
    await db.kysely
      .insertInto('testSetParameter')
      .values({ ...value, testSetRowId: own, value: 'row' })
      .execute();
    expect(await texts()).toEqual(['Open set', 'Open row']);
    const testConfigurationSetId = await configurationSet(page, ['one', 'two']);
    await db.kysely.updateTable('testSet').set({ testConfigurationSetId }).where('testSetId', '=', testSetId).execute();
    expect(await texts()).toEqual(['Open one', 'Open two', 'Open one', 'Open two']);
    const { json } = await create(`/test_set/${testSetId}`);
    expect(json.map((shell: Shell) => shell.TestSetTestCaseId)).toEqual([plain, plain, own, own]);
    expect(new Set(json.map((shell: Shell) => shell.TestConfigurationId)).size).toBe(2);
  });

  test('SP-6: a configuration set without entries, or a set without rows, answers an empty list', async () => {
    const empty = await aTestSet(db, projectId);
    expect(await create(`/test_set/${empty}`)).toMatchObject({ status: 200, json: [] });
    const page = await aParameter(caseA, 'page');
    const configured = await aTestSet(db, projectId, { testConfigurationSetId: await configurationSet(page, []) });
    await aTestSetRow(db, projectId, { testSetId: configured, testCaseId: caseA });
    expect(await create(`/test_set/${configured}`)).toMatchObject({ status: 200, json: [] });
  });

  test('an unknown set is a 404, a row whose case has no steps a 400', async () => {
    expect((await create('/test_set/999999')).status).toBe(404);
    const testSetId = await aTestSet(db, projectId);
    await aTestSetRow(db, projectId, { testSetId, testCaseId: await aTestCase(db, projectId) });
    expect((await create(`/test_set/${testSetId}`)).status).toBe(400);
  });
});

describe('shells for an automation host', () => {
  const range = (StartDate: string | null, EndDate: string | null, more: object = {}) => ({
    StartDate,
    EndDate,
    ...more,
  });

  test('the sets assigned to it that are not started and planned within the range, with their parameters', async () => {
    const automationHostId = await anAutomationHost(db, projectId, { token: 'Lab-1' });
    const page = await aParameter(caseA, 'page', 'home');
    const planned = new Date('2026-03-02T18:00:00Z');
    const testSetId = await aTestSet(db, projectId, { automationHostId, plannedDate: planned, releaseId });
    const rowId = await aTestSetRow(db, projectId, { testSetId, testCaseId: caseA });
    for (const other of [
      { automationHostId, plannedDate: new Date('2026-04-01T00:00:00Z') },
      { automationHostId, plannedDate: planned, testSetStatusId: 3 },
      { automationHostId },
      { plannedDate: planned },
    ]) {
      const otherSet = await aTestSet(db, projectId, other);
      await aTestSetRow(db, projectId, { testSetId: otherSet, testCaseId: caseA });
    }
    const { status, json } = await create('/automation_host/lab-1', range('2026-03-01', '2026-03-02'));
    expect([status, json.length]).toEqual([200, 1]);
    expect(json[0]).toMatchObject({
      TestRunId: 0,
      TestCaseId: caseA,
      TestRunTypeId: 2,
      ExecutionStatusId: 3,
      TestSetId: testSetId,
      TestSetTestCaseId: rowId,
      ReleaseId: releaseId,
      AutomationHostId: automationHostId,
      ScheduledDate: planned.toISOString(),
      Parameters: [{ TestSetTestCaseId: rowId, TestCaseParameterId: page, Name: 'page', Value: 'home' }],
    });
    const exact = range('2026-03-01', '2026-03-02', { ConsiderTimes: true });
    expect((await create('/automation_host/Lab-1', exact)).json).toEqual([]);
    expect((await create('/automation_host/Lab-1', range(null, null))).json).toHaveLength(2);
    const host = await db.kysely
      .selectFrom('automationHost')
      .select('lastContactAt')
      .where('automationHostId', '=', automationHostId)
      .executeTakeFirstOrThrow();
    expect(host.lastContactAt).toEqual(NOON);
    expect(await storedRuns()).toBe(0);
  });

  test('a set by id need not be assigned; an unknown token or set is a 404', async () => {
    await anAutomationHost(db, projectId, { token: 'lab-2' });
    const testSetId = await aTestSet(db, projectId);
    await aTestSetRow(db, projectId, { testSetId, testCaseId: caseB });
    const { status, json } = await create(`/test_set/${testSetId}/automation_host/lab-2`);
    expect([status, json[0].TestCaseId]).toEqual([200, caseB]);
    expect((await create(`/test_set/${testSetId}/automation_host/nobody`)).status).toBe(404);
    expect((await create('/test_set/999999/automation_host/lab-2')).status).toBe(404);
    expect((await create('/automation_host/nobody', range(null, null))).status).toBe(404);
  });
});

test('a body that says nothing is refused as none: null and empty text are no list of ids (rest-v7 12.1)', async () => {
  for (const nothing of [null, '']) expect((await create('', nothing)).status).toBe(400);
  expect(await create('', [])).toMatchObject({ status: 200, json: [] });
});
