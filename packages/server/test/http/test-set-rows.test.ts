import { beforeEach, describe, expect, it } from 'vitest';
import { aTestCase, aTestSet, aUser } from '../support/builders.ts';
import { testDatabase } from '../support/database.ts';
import { someRuns } from '../support/runs.ts';
import { type CallOptions, spiraServer } from '../support/spira-server.ts';

const db = await testDatabase();
const server = await spiraServer(db);
let projectId: number;
let testSetId: number;
let testCaseId: number;

const call = (method: string, path: string, options?: CallOptions) =>
  server.call(method, `projects/${projectId}/${path}`, options);
const add = async (query = '', body?: unknown): Promise<number> => {
  const added = await call('POST', `test-sets/${testSetId}/test-case-mapping/${testCaseId}${query}`, { body });
  expect(added.status).toBe(200);
  return added.json[0].TestSetTestCaseId;
};
const rows = async () => (await call('GET', `test-sets/${testSetId}/test-case-mapping`)).json;
const rowIds = async () => (await rows()).map((row: { TestSetTestCaseId: number }) => row.TestSetTestCaseId);

beforeEach(async () => {
  projectId = await server.ownProject();
  testSetId = await aTestSet(db, projectId);
  testCaseId = await aTestCase(db, projectId, { name: 'Log in' });
});

describe('the rows of a test set', () => {
  it('are added last or before another row, and the same case may be added again', async () => {
    const first = await add(`?owner_id=${server.owner.userId}&planned_date=2026-04-01T10:00:00`);
    const last = await add('', []);
    const middle = await add(`?existing_test_set_test_case_id=${last}`, '');
    expect(await rows()).toMatchObject([
      {
        TestSetTestCaseId: first,
        TestSetId: testSetId,
        TestCaseId: testCaseId,
        OwnerId: server.owner.userId,
        PlannedDate: '2026-04-01T10:00:00.000Z',
        IsSetupTeardown: false,
        Position: 1,
      },
      { TestSetTestCaseId: middle, OwnerId: null, Position: 2 },
      { TestSetTestCaseId: last, Position: 3 },
    ]);
    expect(Object.keys((await rows())[0]).sort()).toEqual(
      [
        'TestSetTestCaseId TestSetId TestCaseId TestSetGuid TestCaseGuid OwnerId OwnerGuid PlannedDate IsSetupTeardown',
        'Position Guid ConcurrencyGuid LastUpdateDate',
      ]
        .join(' ')
        .split(' ')
        .sort(),
    );
  });

  it.each([
    ['an unknown case', (path: string) => path.replace(/\d+$/, '999999')],
    ['an unknown set', (path: string) => path.replace(/test-sets\/\d+/, 'test-sets/999999')],
    ['an unknown row to stand before', (path: string) => `${path}?existing_test_set_test_case_id=999999`],
    ['an owner who is no member', (path: string) => `${path}?owner_id=999999`],
  ])('are not added for %s', async (_what, changed) => {
    const refused = await call('POST', changed(`test-sets/${testSetId}/test-case-mapping/${testCaseId}`));
    expect(refused.status).toBe(404);
    expect(await rows()).toEqual([]);
  });

  it('are refused a planned date that is none', async () => {
    const path = `test-sets/${testSetId}/test-case-mapping/${testCaseId}?planned_date=soon`;
    expect((await call('POST', path)).status).toBe(400);
  });

  it('close up when one is removed', async () => {
    const [first, second, third] = [await add(), await add(), await add()];
    expect((await call('DELETE', `test-sets/${testSetId}/test-cases/${second}`)).status).toBe(200);
    expect(await rows()).toMatchObject([
      { TestSetTestCaseId: first, Position: 1 },
      { TestSetTestCaseId: third, Position: 2 },
    ]);
    expect((await call('DELETE', `test-sets/${testSetId}/test-cases/${second}`)).status).toBe(404);
  });

  it('change owner, date, flag and place, and keep what is missing', async () => {
    const [first, second, third] = [await add(), await add(), await add()];
    const { json } = await call('GET', `test-sets/${testSetId}/test-case-mapping`);
    const put = (body: object) => call('PUT', `test-sets/${testSetId}/test-case-mapping`, { body });
    expect((await put({ ...json[2], Position: 1, IsSetupTeardown: true })).status).toBe(200);
    expect(await rowIds()).toEqual([third, first, second]);
    // CC-1: the stamp of v7.0, when it is sent, has to be the one that was read.
    expect((await put({ ...json[2], Position: 3 })).status).toBe(409);
    expect((await put({ TestSetTestCaseId: third, OwnerId: server.owner.userId, Position: 99 })).status).toBe(200);
    expect((await rows())[2]).toMatchObject({ TestSetTestCaseId: third, OwnerId: server.owner.userId, Position: 3 });
    expect((await rows())[2].IsSetupTeardown).toBe(true);
    expect((await put({ TestSetTestCaseId: 999_999, Position: 1 })).status).toBe(404);
    const stranger = await aUser(db);
    expect((await put({ TestSetTestCaseId: first, OwnerId: stranger })).status).toBe(404);
  });

  it('TX-1: show their cases with the status that they have in this set only', async () => {
    const [first, second] = [await add(), await add()];
    const at = (time: string) => new Date(`2026-03-02T${time}:00.000Z`);
    await someRuns(db, projectId, [
      { testCaseId, testSetId, testSetRowId: second, executionStatusId: 2, endDate: at('10:00') },
      { testCaseId, executionStatusId: 1, endDate: at('11:00') },
    ]);
    const { json: cases } = await call('GET', `test-sets/${testSetId}/test-cases`);
    expect(cases).toMatchObject([
      { TestCaseId: testCaseId, Name: 'Log in', ExecutionStatusId: 3, ExecutionDate: null },
      { TestCaseId: testCaseId, ExecutionStatusId: 2, ExecutionDate: '2026-03-02T10:00:00.000Z' },
    ]);
    expect(first).toBeLessThan(second);
    expect((await call('GET', 'test-sets/999999/test-cases')).status).toBe(404);
  });

  it('can be changed at the same time by many callers: every row has a place of its own', async () => {
    await Promise.all(Array.from({ length: 8 }, () => add()));
    expect((await rows()).map((row: { Position: number }) => row.Position)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('give values to parameters, over those of the set', async () => {
    const parameter = await db.kysely
      .insertInto('testCaseParameter')
      .values({ projectId, testCaseId, name: 'browser' })
      .returning('testCaseParameterId')
      .executeTakeFirstOrThrow();
    const TestCaseParameterId = parameter.testCaseParameterId;
    const row = await add('', [{ Name: 'Browser', Value: 'Firefox' }]);
    const ofRow = async () => (await call('GET', `test-sets/${testSetId}/test-cases/${row}/parameters`)).json;
    expect(await ofRow()).toMatchObject([
      { TestSetTestCaseId: row, TestCaseParameterId, Name: 'browser', Value: 'Firefox' },
    ]);
    const forRow = { TestSetTestCaseId: row, TestCaseParameterId };
    const path = `test-sets/${testSetId}/test-cases/parameters`;
    expect((await call('PUT', path, { body: { ...forRow, Value: 'Safari' } })).status).toBe(200);
    expect(await ofRow()).toMatchObject([{ Value: 'Safari' }]);
    expect((await call('DELETE', path, { body: forRow })).status).toBe(200);
    expect((await call('DELETE', path, { body: forRow })).status).toBe(404);
    expect(await ofRow()).toEqual([]);
    const forSet = { TestSetId: testSetId, TestCaseParameterId, Value: 'Edge' };
    expect((await call('POST', 'test-sets/parameters', { body: forSet })).status).toBe(200);
    expect((await call('GET', `test-sets/${testSetId}/parameters`)).json).toMatchObject([forSet]);
    const unknown = { ...forSet, TestCaseParameterId: 999_999 };
    expect((await call('POST', 'test-sets/parameters', { body: unknown })).status).toBe(404);
    expect((await call('DELETE', 'test-sets/parameters', { body: forSet })).status).toBe(200);
    expect((await call('GET', `test-sets/${testSetId}/parameters`)).json).toEqual([]);
  });

  it('are not added with a value for a parameter that does not exist', async () => {
    const path = `test-sets/${testSetId}/test-case-mapping/${testCaseId}`;
    const refused = await call('POST', path, { body: [{ Name: 'nowhere', Value: 'x' }] });
    expect(refused.status).toBe(404);
    expect(await rows()).toEqual([]);
  });
});
