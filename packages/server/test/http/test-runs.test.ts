import { beforeEach, describe, expect, test } from 'vitest';
import { appendChange } from '../../src/changes/change-log.ts';
import { aMember, aProject, aRelease, aTestCase, aTestSet } from '../support/builders.ts';
import { testDatabase } from '../support/database.ts';
import { spiraServer } from '../support/spira-server.ts';

const db = await testDatabase();
const server = await spiraServer(db);
let projectId: number;
let caseA: number;
let caseB: number;

beforeEach(async () => {
  projectId = await server.ownProject();
  caseA = await aTestCase(db, projectId, { name: 'Log in' });
  caseB = await aTestCase(db, projectId, { name: 'Log out' });
  await db.transaction((transaction) =>
    appendChange(transaction, projectId, { kind: 'cases', testCaseIds: [caseA, caseB] }),
  );
});

const call = (method: string, below: string, body?: unknown) =>
  server.call(method, `projects/${projectId}/test-runs${below}`, body === undefined ? {} : { body });

/** Records an automated run that ended on this day of May 2024 and returns its id. */
async function recorded(day: number, more: object = {}): Promise<number> {
  const date = `2024-05-${String(day).padStart(2, '0')}T12:00:00.000Z`;
  const run = {
    TestCaseId: caseA,
    ExecutionStatusId: 2,
    RunnerName: 'PyTest',
    StartDate: date,
    EndDate: date,
    ...more,
  };
  return (await call('POST', '/record', run)).json.TestRunId;
}

async function saved(day: number, more: object = {}): Promise<number> {
  const EndDate = `2024-05-${String(day).padStart(2, '0')}T12:00:00.000Z`;
  const TestRunSteps = [{ ExecutionStatusId: 2, Description: 'look', ActualResult: 'seen' }];
  return (await call('PUT', '', [{ TestCaseId: caseB, EndDate, TestRunSteps, ...more }])).json[0].TestRunId;
}

const ids = (answer: { json: { TestRunId: number }[] }) => answer.json.map((run) => run.TestRunId);

describe('lists of runs', () => {
  test('PG-1: newest end first, equal ends by id; LT-1: the order of arrival does not matter', async () => {
    const second = await recorded(2);
    const third = await recorded(3);
    const first = await recorded(1);
    const secondAgain = await recorded(2);
    expect(ids(await call('GET', ''))).toEqual([third, secondAgain, second, first]);
  });

  test('paging counts from 1, sorting takes any field of a run, an unknown field means the default', async () => {
    const runs = [await recorded(3, { RunnerName: 'b' }), await recorded(1, { RunnerName: 'c' }), await recorded(2)];
    expect(ids(await call('GET', '?starting_row=2&number_of_rows=1'))).toEqual([runs[2]]);
    expect(ids(await call('GET', '?starting_row=9'))).toEqual([]);
    expect(ids(await call('GET', '?sort_field=TestRunId&sort_direction=ASC'))).toEqual(runs);
    expect(ids(await call('GET', '?sort_field=RunnerName&sort_direction=DESC'))).toEqual([runs[1], runs[0], runs[2]]);
    expect(ids(await call('GET', '?sort_field=LastUpdateDate&sort_direction=ASC'))).toEqual([
      runs[0],
      runs[2],
      runs[1],
    ]);
  });

  test('runs of one kind: manual with steps, automated with output and without steps', async () => {
    const automated = await recorded(1, { RunnerStackTrace: 'trace', TestRunSteps: [{ ExecutionStatusId: 2 }] });
    const manual = await saved(2);
    expect(ids(await call('GET', ''))).toEqual([manual, automated]);
    const { json: manuals } = await call('GET', '/manual');
    expect(manuals).toMatchObject([{ TestRunId: manual, TestRunSteps: [{ TestRunId: manual, ActualResult: 'seen' }] }]);
    const { json: automateds } = await call('GET', '/automated');
    expect(automateds).toMatchObject([{ TestRunId: automated, RunnerStackTrace: 'trace', TestRunSteps: null }]);
    expect(ids(await call('POST', '/search/manual', []))).toEqual([manual]);
    expect(ids(await call('POST', '/search/automated', []))).toEqual([automated]);
    expect((await call('GET', '')).json[0]).not.toHaveProperty('TestRunSteps');
  });

  test('every documented field can be filtered by, in searches and counts', async () => {
    const releaseId = await aRelease(db, projectId);
    const testSetId = await aTestSet(db, projectId);
    const wanted = await recorded(9, {
      Name: 'Nightly smoke',
      ReleaseId: releaseId,
      TestSetId: testSetId,
      ExecutionStatusId: 1,
      StartDate: '2024-05-09T11:00:00Z',
      RunnerName: 'Robot',
      RunnerTestName: 'deep.test',
      RunnerMessage: 'Assertion at line 42',
      Tags: 'slow, nightly',
    });
    await recorded(1);
    await saved(2);
    const filters: object[] = [
      { PropertyName: 'TestRunId', IntValue: wanted },
      { PropertyName: 'Name', StringValue: 'smoke night' },
      { PropertyName: 'TestCaseId', IntValue: caseA },
      { PropertyName: 'TestRunTypeId', IntValue: 2 },
      { PropertyName: 'TesterId', IntValue: server.owner.userId },
      { PropertyName: 'ExecutionStatusId', MultiValue: { Values: [1, 5], IsNone: false } },
      { PropertyName: 'ReleaseId', IntValue: releaseId },
      { PropertyName: 'TestSetId', IntValue: testSetId },
      { PropertyName: 'TestSetTestCaseId', IntValue: -999 },
      { PropertyName: 'StartDate', DateRangeValue: { StartDate: '2024-05-09', EndDate: '2024-05-09' } },
      { PropertyName: 'EndDate', DateRangeValue: { StartDate: '2024-05-09T23:00:00', EndDate: null } },
      { PropertyName: 'BuildId', IntValue: -999 },
      { PropertyName: 'EstimatedDuration', IntValue: -999 },
      { PropertyName: 'ActualDuration', StringValue: '59|61' },
      { PropertyName: 'TestConfigurationId', IntValue: -999 },
      { PropertyName: 'AutomationHostId', IntValue: -999 },
      { PropertyName: 'RunnerName', StringValue: 'ROBOT' },
      { PropertyName: 'RunnerTestName', StringValue: 'deep' },
      { PropertyName: 'RunnerMessage', StringValue: 'line 42' },
      { PropertyName: 'ProjectId', IntValue: projectId },
      { PropertyName: 'Tags', StringValue: 'nightly' },
    ];
    for (const filter of filters) {
      expect([filter, ids(await call('POST', '/search', [filter]))[0]]).toEqual([filter, wanted]);
    }
    expect(ids(await call('POST', '/search', filters))).toEqual([wanted]);
    expect((await call('POST', '/count', filters)).json).toBe(1);
    expect((await call('POST', '/count', [])).json).toBe(3);
    expect((await call('GET', '/count')).json).toBe(3);
    const { status, json } = await call('POST', '/search', [{ PropertyName: 'Nonsense', IntValue: 1 }]);
    expect([status, json.Messages[0].FieldName]).toEqual([400, '[0].PropertyName']);
  });

  test('the runs of one case; an unknown case is a 404', async () => {
    const own = await recorded(1);
    await saved(2);
    const search = (id: number, body?: unknown) =>
      server.call('POST', `projects/${projectId}/test-cases/${id}/test-runs/search`, { body });
    expect(ids(await search(caseA))).toEqual([own]);
    expect(ids(await search(caseA, [{ PropertyName: 'ExecutionStatusId', IntValue: 1 }]))).toEqual([]);
    expect((await search(999_999)).status).toBe(404);
  });

  test('DL-4: runs of a deleted case are in no list, no count and not found by id; restoring brings them back', async () => {
    const run = await recorded(1);
    const setDeleted = (isDeleted: boolean) =>
      db.kysely.updateTable('testCase').set({ isDeleted }).where('testCaseId', '=', caseA).execute();
    await setDeleted(true);
    expect((await call('GET', '')).json).toEqual([]);
    expect((await call('GET', '/count')).json).toBe(0);
    for (const below of ['', '/automated']) expect((await call('GET', `/${run}${below}`)).status).toBe(404);
    await setDeleted(false);
    expect(ids(await call('GET', ''))).toEqual([run]);
  });

  test('DL-3: a run of a deleted set or release still opens', async () => {
    const testSetId = await aTestSet(db, projectId);
    const run = await recorded(1, { TestSetId: testSetId });
    await db.kysely.updateTable('testSet').set({ isDeleted: true }).where('testSetId', '=', testSetId).execute();
    expect((await call('GET', `/${run}`)).json.TestSetId).toBe(testSetId);
  });
});

describe('one run', () => {
  test('a run of the other kind, of another project, or no id at all is a 404', async () => {
    const automated = await recorded(1);
    const manual = await saved(2);
    expect((await call('GET', `/${automated}`)).json).toMatchObject({ TestRunId: automated, TestRunTypeId: 2 });
    expect((await call('GET', `/${manual}/manual`)).status).toBe(200);
    expect((await call('GET', `/${manual}/automated`)).status).toBe(404);
    expect((await call('GET', `/${automated}/manual`)).status).toBe(404);
    for (const id of ['999999', '0', '-1', 'abc', '99999999999999999999']) {
      expect([id, (await call('GET', `/${id}`)).status]).toEqual([id, 404]);
    }
    const elsewhere = await aProject(db);
    await aMember(db, elsewhere, { userId: server.owner.userId, roleId: 1 });
    expect((await server.call('GET', `projects/${elsewhere}/test-runs/${manual}`)).status).toBe(404);
  });
});

describe('deleting a run', () => {
  const cleaner = async () => {
    const user = await server.userWithRole(null);
    const [role] = await db.query<{ id: number }>(`insert into role (name) values ('Cleaner') returning role_id as id`);
    await db.query(
      `insert into role_permission (role_id, artifact, action) values ($1, 'testRun', 'delete'), ($1, 'testRun', 'view')`,
      [role!.id],
    );
    await aMember(db, projectId, { userId: user.userId, roleId: role!.id });
    return user;
  };

  test('IM-5: no default role may delete runs', async () => {
    expect((await call('DELETE', `/${await recorded(1)}`)).status).toBe(403);
  });

  test('IM-4, IM-5: everything is derived from the runs that remain, and the deletion is written down', async () => {
    await recorded(1, { ExecutionStatusId: 1 });
    const latest = await recorded(2);
    const user = await cleaner();
    const remove = () => server.call('DELETE', `projects/${projectId}/test-runs/${latest}`, { as: user });
    expect(await remove()).toMatchObject({ status: 200, text: '' });
    expect((await call('GET', `/${latest}`)).status).toBe(404);
    const { json } = await server.call('GET', `projects/${projectId}/test-cases/${caseA}`);
    expect(json).toMatchObject({ ExecutionStatusId: 1, ExecutionDate: '2024-05-01T12:00:00.000Z' });
    expect((await remove()).status).toBe(404);
    const events = await db.query('select user_id, subject, details from event where project_id = $1', [projectId]);
    expect(events).toEqual([{ user_id: user.userId, subject: `TR:${latest}`, details: { action: 'deleted' } }]);
  });
});
