import { beforeEach, describe, expect, it } from 'vitest';
import {
  aMember,
  anApiKey,
  aProject,
  aRelease,
  aTestCase,
  aTestSet,
  aTestSetFolder,
  aTestSetRow,
  aUser,
} from '../support/builders.ts';
import { testDatabase } from '../support/database.ts';
import { someRuns } from '../support/runs.ts';
import { type CallOptions, spiraServer } from '../support/spira-server.ts';

const db = await testDatabase();
const server = await spiraServer(db);
let projectId: number;

const call = (method: string, path: string, options?: CallOptions) =>
  server.call(method, `projects/${projectId}/${path}`, options);
const counts = (set: Record<string, unknown>) =>
  Object.fromEntries(
    ['Passed', 'Failed', 'Blocked', 'Caution', 'NotRun', 'NotApplicable']
      .map((name) => [name, set[`Count${name}`]])
      .filter(([, count]) => count !== 0),
  );
const at = (time: string) => new Date(`2026-03-02T${time}:00.000Z`);

beforeEach(async () => {
  projectId = await server.ownProject();
});

const minimal = { Name: 'Smoke', TestSetStatusId: 1, TestRunTypeId: 2 };

describe('test sets', () => {
  it('are created with the caller as creator and read back with every documented member', async () => {
    const releaseId = await aRelease(db, projectId, { versionNumber: '2.1' });
    const created = await call('POST', 'test-sets', {
      body: { ...minimal, TestSetId: 77, ReleaseId: String(releaseId), RecurrenceId: 2, PlannedDate: '2026-05-01' },
    });
    expect(created.status).toBe(200);
    const found = await call('GET', `test-sets/${created.json.TestSetId}`);
    expect(found.json).toEqual(created.json);
    expect(found.json).toMatchObject({
      ProjectId: projectId,
      ArtifactTypeId: 8,
      Name: 'Smoke',
      CreatorId: server.owner.userId,
      CreatorName: 'Fred Bloggs',
      OwnerId: null,
      TestSetStatusName: 'Not Started',
      RecurrenceName: 'Daily',
      ReleaseVersionNumber: '2.1',
      PlannedDate: '2026-05-01T00:00:00.000Z',
      TestSetFolderId: null,
      CountNotRun: 0,
      ExecutionDate: null,
      EstimatedDuration: null,
      IsAutoScheduled: false,
      CustomProperties: null,
    });
    expect(Object.keys(found.json)).toHaveLength(46);
  });

  it.each([
    ['no name', { ...minimal, Name: ' ' }, 400, 'Name'],
    ['an unknown status', { ...minimal, TestSetStatusId: 6 }, 400, 'TestSetStatusId'],
    ['an unknown release', { ...minimal, ReleaseId: 999_999 }, 404, 'ReleaseId'],
    ['an id beyond 32 bits', { ...minimal, OwnerId: 99_999_999_999 }, 404, 'OwnerId'],
    ['an unknown folder', { ...minimal, TestSetFolderId: 999_999 }, 404, 'TestSetFolderId'],
    ['an unknown host', { ...minimal, AutomationHostId: 999_999 }, 404, 'AutomationHostId'],
    ['an unknown configuration set', { ...minimal, TestConfigurationSetId: 9_999 }, 404, 'TestConfigurationSetId'],
  ])('refuse %s and store nothing', async (_what, body, status, field) => {
    const refused = await call('POST', 'test-sets', { body });
    expect(refused.status).toBe(status);
    expect(refused.json.Messages[0].FieldName).toBe(field);
    expect((await call('GET', 'test-sets/count')).json).toBe(0);
  });

  it('CC-1: an update needs the stamp that was read and keeps members that are missing', async () => {
    const { json: set } = await call('POST', 'test-sets', { body: { ...minimal, Description: 'old', Tags: 'a' } });
    const { TestSetId, ConcurrencyDate } = set;
    const first = await call('PUT', 'test-sets/', { body: { TestSetId, ConcurrencyDate, Name: 'New', Tags: null } });
    expect([first.status, first.text]).toEqual([200, '']);
    const second = await call('PUT', 'test-sets', { body: { TestSetId, ConcurrencyDate, Name: 'Late' } });
    expect([second.status, second.json.Type]).toEqual([409, 'OptimisticConcurrencyFault']);
    const { json: found } = await call('GET', `test-sets/${TestSetId}`);
    expect(found).toMatchObject({ Name: 'New', Description: 'old', Tags: null });
    expect(found.ConcurrencyDate).not.toBe(ConcurrencyDate);
  });

  it('can be sent back as they were read although their release has been deleted', async () => {
    const releaseId = await aRelease(db, projectId);
    const testSetId = await aTestSet(db, projectId, { releaseId });
    await db.kysely.updateTable('release').set({ isDeleted: true }).where('releaseId', '=', releaseId).execute();
    const { json: set } = await call('GET', `test-sets/${testSetId}`);
    expect((await call('PUT', 'test-sets', { body: set })).status).toBe(200);
  });

  it('are gone after deletion and leave the lists', async () => {
    const testSetId = await aTestSet(db, projectId);
    expect((await call('DELETE', `test-sets/${testSetId}`)).status).toBe(200);
    expect((await call('GET', `test-sets/${testSetId}`)).status).toBe(404);
    expect((await call('DELETE', `test-sets/${testSetId}`)).status).toBe(404);
    expect((await call('GET', 'test-sets')).json).toEqual([]);
  });

  it('move between folders', async () => {
    const testSetId = await aTestSet(db, projectId);
    const folderId = await aTestSetFolder(db, projectId);
    const move = (query: string) => call('POST', `test-sets/${testSetId}/move${query}`);
    expect((await move(`?test_set_folder_id=${folderId}`)).status).toBe(200);
    expect((await call('GET', `test-set-folders/${folderId}/test-sets`)).json).toMatchObject([
      { TestSetId: testSetId },
    ]);
    expect((await call('GET', 'test-set-folders/null/test-sets')).json).toEqual([]);
    expect((await move('?test_set_folder_id=999999')).status).toBe(404);
    expect((await move('')).status).toBe(200);
    expect((await call('GET', 'test-set-folders/null/count')).json).toBe(1);
  });

  it('are searched by their members and counted', async () => {
    await aTestSet(db, projectId, { name: 'Nightly smoke', testSetStatusId: 2 });
    await aTestSet(db, projectId, { name: 'Weekly' });
    const body = [{ PropertyName: 'TestSetStatusId', IntValue: 2 }];
    expect((await call('POST', 'test-sets/search', { body })).json).toMatchObject([{ Name: 'Nightly smoke' }]);
    expect((await call('POST', 'test-sets/count', { body })).json).toBe(1);
    const sorted = await call('GET', 'test-sets?sort_field=Name&sort_direction=DESC&number_of_rows=1');
    expect(sorted.json).toMatchObject([{ Name: 'Weekly' }]);
  });

  it('are listed for their owner over all active products he is a member of', async () => {
    const userId = await aUser(db, { login: `owner-${projectId}` });
    const as = { login: `owner-${projectId}`, apiKey: await anApiKey(db, userId) };
    await aMember(db, projectId, { userId, roleId: 4 });
    const elsewhere = await aProject(db);
    const closed = await aProject(db, { isActive: false });
    await aMember(db, closed, { userId, roleId: 4 });
    const mine = await aTestSet(db, projectId, { ownerId: userId });
    for (const other of [elsewhere, closed]) await aTestSet(db, other, { ownerId: userId });
    expect((await server.call('GET', '/test-sets?', { as })).json).toMatchObject([{ TestSetId: mine }]);
  });

  it('that hold a case are found by it', async () => {
    const testCaseId = await aTestCase(db, projectId);
    const testSetId = await aTestSet(db, projectId);
    await aTestSet(db, projectId);
    for (const _ of [1, 2]) await aTestSetRow(db, projectId, { testSetId, testCaseId });
    expect((await call('GET', `test-sets/test-case/${testCaseId}`)).json).toMatchObject([{ TestSetId: testSetId }]);
    expect((await call('GET', 'test-sets/test-case/999999')).status).toBe(404);
  });

  it('show their test configuration set with its entries, when they have one', async () => {
    const { testConfigurationSetId } = await db.kysely
      .insertInto('testConfigurationSet')
      .values({ projectId, name: 'Browsers' })
      .returning('testConfigurationSetId')
      .executeTakeFirstOrThrow();
    await db.kysely
      .insertInto('testConfiguration')
      .values({ projectId, testConfigurationSetId, position: 1 })
      .execute();
    const configured = await aTestSet(db, projectId, { testConfigurationSetId });
    const found = await call('GET', `test-sets/${configured}/test-configuration-sets`);
    expect(found.json).toMatchObject({ TestConfigurationSetId: testConfigurationSetId, Name: 'Browsers' });
    expect(found.json.Entries).toHaveLength(1);
    const plain = await aTestSet(db, projectId);
    expect((await call('GET', `test-sets/${plain}/test-configuration-sets`)).status).toBe(404);
  });

  it('may be modified by their owner when the role says Modify Owned only', async () => {
    const role = await db.kysely
      .insertInto('role')
      .values({ name: 'Own' })
      .returning('roleId')
      .executeTakeFirstOrThrow();
    const values = ['view', 'modifyOwned'].map((action) => ({ roleId: role.roleId, artifact: 'testSet', action }));
    await db.kysely.insertInto('rolePermission').values(values).execute();
    const userId = await aUser(db, { login: `own-${projectId}` });
    const as = { login: `own-${projectId}`, apiKey: await anApiKey(db, userId) };
    await aMember(db, projectId, { userId, roleId: role.roleId });
    const mine = await aTestSet(db, projectId, { ownerId: userId });
    const foreign = await aTestSet(db, projectId);
    const put = async (id: number) => {
      const { json: set } = await call('GET', `test-sets/${id}`);
      return (await call('PUT', 'test-sets', { as, body: { ...set, TestSetId: id } })).status;
    };
    expect([await put(mine), await put(foreign), await put(999_999)]).toEqual([200, 403, 403]);
  });
});

describe('the figures of test sets', () => {
  async function executed() {
    const rl1 = await aRelease(db, projectId);
    const rl2 = await aRelease(db, projectId, { parentReleaseId: rl1, releaseTypeId: 3 });
    const other = await aRelease(db, projectId);
    const testSetId = await aTestSet(db, projectId, { name: 'Executed' });
    const cases = [
      await aTestCase(db, projectId, { estimatedDuration: 30 }),
      await aTestCase(db, projectId, { estimatedDuration: 12 }),
      await aTestCase(db, projectId),
    ];
    const rows: number[] = [];
    for (const testCaseId of cases) {
      const added = await call('POST', `test-sets/${testSetId}/test-case-mapping/${testCaseId}`);
      rows.push(added.json[0].TestSetTestCaseId);
    }
    const run = (index: number, executionStatusId: number, releaseId: number, time: string) => ({
      testCaseId: cases[index] ?? 0,
      testSetId,
      testSetRowId: rows[index] ?? 0,
      executionStatusId,
      releaseId,
      endDate: at(time),
      actualDuration: 5,
    });
    await someRuns(db, projectId, [run(0, 2, rl2, '10:00'), run(0, 1, other, '10:30'), run(1, 5, rl1, '09:00')]);
    return { rl1, rl2, other, testSetId, cases, rows };
  }

  it('TX-2, TX-3, TX-7: count rows by their latest run, show the earliest date and sum durations', async () => {
    const { testSetId } = await executed();
    const { json: set } = await call('GET', `test-sets/${testSetId}`);
    expect(counts(set)).toEqual({ Failed: 1, Blocked: 1, NotRun: 1 });
    expect(set).toMatchObject({
      ExecutionDate: '2026-03-02T09:00:00.000Z',
      EstimatedDuration: 42,
      ActualDuration: 10,
    });
  });

  it('TX-4, TX-5, TX-6: for a release, count only rows run in what rolls up into it', async () => {
    const { rl1, rl2, other } = await executed();
    const listed = async (releaseId: number) => (await call('GET', `test-sets?release_id=${releaseId}`)).json;
    const [inParent] = await listed(rl1);
    expect(counts(inParent)).toEqual({ Passed: 1, Blocked: 1 });
    expect(inParent).toMatchObject({ ExecutionDate: '2026-03-02T09:00:00.000Z', ActualDuration: 10 });
    const [inSprint] = await listed(rl2);
    expect(counts(inSprint)).toEqual({ Passed: 1 });
    expect(inSprint.ExecutionDate).toBe('2026-03-02T10:00:00.000Z');
    expect(counts((await listed(other))[0])).toEqual({ Failed: 1 });
  });

  it('TX-5: rows removed since still count for the release, but not over all releases', async () => {
    const { rl2, testSetId, rows } = await executed();
    expect((await call('DELETE', `test-sets/${testSetId}/test-cases/${rows[0]}`)).status).toBe(200);
    expect(counts((await call('GET', `test-sets/${testSetId}`)).json)).toEqual({ Blocked: 1, NotRun: 1 });
    expect(counts((await call('GET', `test-sets?release_id=${rl2}`)).json[0])).toEqual({ Passed: 1 });
  });

  it('PG-6: for a release, list sets run in it and sets planned for what rolls up into it', async () => {
    const { rl1, rl2, other } = await executed();
    const planned = await aTestSet(db, projectId, { releaseId: rl2, name: 'Planned' });
    const testCaseId = await aTestCase(db, projectId);
    for (const _ of [1, 2]) await aTestSetRow(db, projectId, { testSetId: planned, testCaseId });
    await aTestSet(db, projectId, { name: 'Neither' });
    const { json: sets } = await call('GET', `test-sets?release_id=${rl1}&sort_field=Name`);
    expect(sets.map((set: { Name: string }) => set.Name)).toEqual(['Executed', 'Planned']);
    // TX-5: none of its rows was run there, so all of them are shown as Not Run.
    expect(counts(sets[1])).toEqual({ NotRun: 2 });
    expect((await call('GET', `test-sets/count?release_id=${other}`)).json).toBe(1);
    expect((await call('GET', 'test-sets?release_id=null')).json).toHaveLength(3);
    expect((await call('GET', 'test-sets?release_id=999999')).status).toBe(404);
  });

  it('DL-4: a deleted case leaves the rows and the figures', async () => {
    const { rl2, testSetId, cases } = await executed();
    await db.kysely
      .updateTable('testCase')
      .set({ isDeleted: true })
      .where('testCaseId', '=', cases[0] ?? 0)
      .execute();
    await call('POST', `test-sets/${testSetId}/test-case-mapping/${cases[2]}`);
    const rows = (await call('GET', `test-sets/${testSetId}/test-case-mapping`)).json;
    expect(rows.map((row: { TestCaseId: number }) => row.TestCaseId)).toEqual([cases[1], cases[2], cases[2]]);
    expect((await call('GET', `test-sets?release_id=${rl2}`)).json).toEqual([]);
    expect((await call('GET', `test-sets/${testSetId}`)).json.EstimatedDuration).toBe(12);
  });

  it('semantics 3.4: a set that is completed with all rows passed loses its owner', async () => {
    const { json: set } = await call('POST', 'test-sets', { body: { ...minimal, OwnerId: server.owner.userId } });
    const testCaseId = await aTestCase(db, projectId);
    const [row] = (await call('POST', `test-sets/${set.TestSetId}/test-case-mapping/${testCaseId}`)).json;
    const complete = async () => {
      const { json: read } = await call('GET', `test-sets/${set.TestSetId}`);
      await call('PUT', 'test-sets', { body: { ...read, TestSetStatusId: 3 } });
      return (await call('GET', `test-sets/${set.TestSetId}`)).json;
    };
    const unfinished = await complete();
    expect(unfinished).toMatchObject({ TestSetStatusId: 3, OwnerId: server.owner.userId });
    await call('PUT', 'test-sets', { body: { ...unfinished, TestSetStatusId: 2 } });
    await someRuns(db, projectId, [
      { testCaseId, testSetId: set.TestSetId, testSetRowId: row.TestSetTestCaseId, executionStatusId: 2 },
    ]);
    expect(await complete()).toMatchObject({ TestSetStatusId: 3, OwnerId: null });
  });
});

describe('folders of test sets', () => {
  it('FO-2, FO-3: show in tree order the sums of the sets below them, deleted sets left out', async () => {
    const top = await aTestSetFolder(db, projectId, { name: 'Top' });
    const below = await aTestSetFolder(db, projectId, { name: 'Below', parentTestSetFolderId: top });
    const first = await aTestSetFolder(db, projectId, { name: 'Another' });
    const testCaseId = await aTestCase(db, projectId, { estimatedDuration: 4 });
    for (const testSetFolderId of [top, below, below]) {
      const testSetId = await aTestSet(db, projectId, { testSetFolderId });
      await call('POST', `test-sets/${testSetId}/test-case-mapping/${testCaseId}`);
      if (testSetFolderId === top) await call('POST', `test-sets/${testSetId}/test-case-mapping/${testCaseId}`);
    }
    const deleted = await aTestSet(db, projectId, { testSetFolderId: below });
    await call('POST', `test-sets/${deleted}/test-case-mapping/${testCaseId}`);
    await call('DELETE', `test-sets/${deleted}`);
    const { json: folders } = await call('GET', 'test-set-folders');
    expect(folders).toMatchObject([
      { TestSetFolderId: first, IndentLevel: 'AAA', CountNotRun: 0, EstimatedDuration: null },
      { TestSetFolderId: top, IndentLevel: 'AAB', CountNotRun: 4, EstimatedDuration: 16 },
      { TestSetFolderId: below, IndentLevel: 'AABAAA', CountNotRun: 2, ParentTestSetFolderId: top },
    ]);
    expect((await call('GET', 'test-set-folders/null/children')).json).toHaveLength(2);
    expect((await call('GET', `test-set-folders/${top}/children`)).json).toMatchObject([{ TestSetFolderId: below }]);
    expect((await call('GET', `test-set-folders/${below}`)).json).toEqual(folders[2]);
  });

  it('FO-4: for a release, sum the sets that are shown for it', async () => {
    const folder = await aTestSetFolder(db, projectId);
    const releaseId = await aRelease(db, projectId);
    const testCaseId = await aTestCase(db, projectId);
    for (const values of [{ releaseId }, {}]) {
      const testSetId = await aTestSet(db, projectId, { testSetFolderId: folder, ...values });
      await call('POST', `test-sets/${testSetId}/test-case-mapping/${testCaseId}`);
    }
    const children = async (query: string) => (await call('GET', `test-set-folders/null/children${query}`)).json;
    expect((await children(''))[0].CountNotRun).toBe(2);
    expect((await children(`?release_id=${releaseId}`))[0].CountNotRun).toBe(1);
  });

  it('DL-5: deleting one deletes those below it, and its sets move to the root', async () => {
    const { json: top } = await call('POST', 'test-set-folders', { body: { Name: 'Top' } });
    const parent = top.TestSetFolderId;
    const { json: below } = await call('POST', 'test-set-folders', {
      body: { Name: 'Below', ParentTestSetFolderId: parent },
    });
    const testSetId = await aTestSet(db, projectId, { testSetFolderId: below.TestSetFolderId });
    expect((await call('DELETE', `test-set-folders/${parent}`)).status).toBe(200);
    expect((await call('GET', 'test-set-folders')).json).toEqual([]);
    expect((await call('GET', `test-sets/${testSetId}`)).json.TestSetFolderId).toBeNull();
  });

  it('are updated by the stamp LastUpdateDate and never put below themselves', async () => {
    const { json: top } = await call('POST', 'test-set-folders', { body: { Name: 'Top', Description: 'old' } });
    const below = await aTestSetFolder(db, projectId, { parentTestSetFolderId: top.TestSetFolderId });
    const put = async (body: object) => (await call('PUT', 'test-set-folders', { body: { ...top, ...body } })).status;
    expect(await put({ ParentTestSetFolderId: below })).toBe(400);
    expect(await put({ LastUpdateDate: null })).toBe(409);
    expect(await put({ Name: 'New', Description: undefined })).toBe(200);
    expect(await put({ Name: 'Late' })).toBe(409);
    const { json: found } = await call('GET', `test-set-folders/${top.TestSetFolderId}`);
    expect(found).toMatchObject({ Name: 'New', Description: 'old' });
    expect((await call('GET', 'test-set-folders/999999/test-sets')).status).toBe(404);
  });
});
