import { beforeEach, describe, expect, it } from 'vitest';
import { aRelease, aTestCaseFolder } from '../support/builders.ts';
import { testDatabase } from '../support/database.ts';
import { refreshedAtOnce, someRuns } from '../support/runs.ts';
import { type CallOptions, spiraServer } from '../support/spira-server.ts';

const db = await testDatabase();
const figures = refreshedAtOnce(db);
const server = await spiraServer(db, { figures });
let projectId: number;

const call = (method: string, path: string, options?: CallOptions) =>
  server.call(method, `projects/${projectId}/${path}`, options);
const at = (time: string) => new Date(`2026-03-02T${time}:00.000Z`);
const folder = async (Name: string, ParentTestCaseFolderId: number | null = null): Promise<number> =>
  (await call('POST', 'test-folders', { body: { Name, ParentTestCaseFolderId } })).json.TestCaseFolderId;
const testCase = async (TestCaseFolderId: number | null, more: object = {}): Promise<number> =>
  (await call('POST', 'test-cases', { body: { Name: 'Case', TestCaseFolderId, ...more } })).json.TestCaseId;
const counts = (row: Record<string, unknown>) =>
  Object.fromEntries(
    ['Passed', 'Failed', 'Blocked', 'Caution', 'NotRun', 'NotApplicable']
      .map((name) => [name, row[`Count${name}`]])
      .filter(([, count]) => count !== 0),
  );
const tree = async () =>
  (await call('GET', 'test-folders')).json.map(
    (row: Record<string, unknown>) => `${row['IndentLevel']} ${row['Name']}`,
  );

beforeEach(async () => {
  projectId = await server.ownProject();
});

describe('folders of test cases', () => {
  it('stand in tree order, by name within a folder', async () => {
    const beta = await folder('beta');
    await folder('Alpha');
    await folder('y', beta);
    const x = await folder('X', beta);
    await folder('deep', x);
    expect(await tree()).toEqual(['AAA Alpha', 'AAB beta', 'AABAAA X', 'AABAAAAAA deep', 'AABAAB y']);
  });

  it('are created and read back with every documented member', async () => {
    const { json: created } = await call('POST', 'test-folders', { body: { Name: 'A', Description: 'd' } });
    const { json: found } = await call('GET', `test-folders/${created.TestCaseFolderId}`);
    expect(found).toEqual(created);
    expect(found).toMatchObject({
      ProjectId: projectId,
      IndentLevel: 'AAA',
      Description: 'd',
      ParentTestCaseFolderId: null,
      ExecutionDate: null,
      EstimatedDuration: null,
      ActualDuration: null,
      ProjectName: 'Library',
      CountNotRun: 0,
    });
    expect(Object.keys(found)).toHaveLength(18);
    expect((await call('POST', 'test-folders', { body: { Name: '' } })).status).toBe(400);
    expect((await call('POST', 'test-folders', { body: { Name: 'B', ParentTestCaseFolderId: 999_999 } })).status).toBe(
      404,
    );
    expect((await call('GET', 'test-folders/999999')).status).toBe(404);
  });

  it('FO-1, FO-3: count and sum the cases of the folder and of all sub-folders, with the newest date', async () => {
    const top = await folder('top');
    const middle = await folder('middle', top);
    const deep = await folder('deep', middle);
    const other = await folder('other');
    const a = await testCase(top, { EstimatedDuration: 5 });
    const b = await testCase(middle, { EstimatedDuration: 7 });
    const c = await testCase(deep);
    await testCase(deep, { EstimatedDuration: 1 });
    await testCase(other);
    await testCase(null);
    await someRuns(db, projectId, [
      { testCaseId: a, executionStatusId: 2, endDate: at('10:00'), actualDuration: 3 },
      { testCaseId: b, executionStatusId: 1, endDate: at('11:00'), actualDuration: 4 },
      { testCaseId: c, executionStatusId: 1, endDate: at('09:00'), actualDuration: 10 },
    ]);
    const { json } = await call('GET', 'test-folders');
    const shown = Object.fromEntries(
      json.map((row: Record<string, unknown>) => [
        row['Name'],
        [counts(row), row['ExecutionDate'], row['EstimatedDuration'], row['ActualDuration']],
      ]),
    );
    expect(shown).toEqual({
      top: [{ Passed: 1, Failed: 2, NotRun: 1 }, '2026-03-02T11:00:00.000Z', 13, 17],
      middle: [{ Failed: 2, NotRun: 1 }, '2026-03-02T11:00:00.000Z', 8, 14],
      deep: [{ Failed: 1, NotRun: 1 }, '2026-03-02T09:00:00.000Z', 1, 10],
      other: [{ NotRun: 1 }, null, null, null],
    });
    expect(counts((await call('GET', `test-folders/${top}`)).json)).toEqual({ Passed: 1, Failed: 2, NotRun: 1 });
  });

  it('FO-4: children for a release count the cases mapped to it by their status for it', async () => {
    const top = await folder('top');
    const deep = await folder('deep', top);
    const [a, b] = [await testCase(deep, { EstimatedDuration: 5 }), await testCase(top, { EstimatedDuration: 6 })];
    await testCase(deep, { EstimatedDuration: 9 });
    const releaseId = await aRelease(db, projectId);
    await call('POST', `releases/${releaseId}/test-cases`, { body: [a, b] });
    await someRuns(db, projectId, [
      { testCaseId: a, executionStatusId: 5, releaseId, endDate: at('08:00'), actualDuration: 2 },
      { testCaseId: a, executionStatusId: 2, endDate: at('09:00'), actualDuration: 4 },
    ]);
    const children = async (id: number | string, query = '') =>
      (await call('GET', `test-folders/${id}/children${query}`)).json;
    const [root] = await children('null', `?release_id=${releaseId}`);
    expect([counts(root), root.ExecutionDate, root.EstimatedDuration, root.ActualDuration]).toEqual([
      { Blocked: 1, NotRun: 1 },
      '2026-03-02T08:00:00.000Z',
      11,
      2,
    ]);
    expect(counts((await children(top, `?release_id=${releaseId}`))[0])).toEqual({ Blocked: 1 });
    expect(counts((await children(top))[0])).toEqual({ Passed: 1, NotRun: 1 });
    expect(await children(deep)).toEqual([]);
    expect((await call('GET', `test-folders/${top}/children?release_id=999999`)).status).toBe(404);
    expect((await call('GET', 'test-folders/999999/children')).status).toBe(404);
  });

  it('list, search and count the cases directly in them, the word null meaning the root', async () => {
    const top = await folder('top');
    const deep = await folder('deep', top);
    const a = await testCase(top, { Name: 'Login' });
    const b = await testCase(top, { Name: 'Logout' });
    await testCase(deep);
    const root = await testCase(null);
    const ids = async (path: string, options?: CallOptions) =>
      (await call(options ? 'POST' : 'GET', path, options)).json.map((row: { TestCaseId: number }) => row.TestCaseId);
    expect(await ids(`test-folders/${top}/test-cases`)).toEqual([a, b]);
    expect(await ids('test-folders/null/test-cases?release_id=null')).toEqual([root]);
    expect(await ids(`test-folders/${top}/test-cases?starting_row=2&number_of_rows=5`)).toEqual([b]);
    const body = [{ PropertyName: 'Name', StringValue: 'out' }];
    expect(await ids(`test-folders/${top}/test-cases/search`, { body })).toEqual([b]);
    expect((await call('GET', `test-folders/${top}/count`)).json).toBe(2);
    expect((await call('POST', `test-folders/${top}/count`, { body })).json).toBe(1);
    const releaseId = await aRelease(db, projectId);
    await call('POST', `releases/${releaseId}/test-cases`, { body: [b] });
    expect(await ids(`test-folders/${top}/test-cases?release_id=${releaseId}`)).toEqual([b]);
    expect((await call('GET', `test-folders/${top}/count?release_id=${releaseId}`)).json).toBe(1);
    expect((await call('GET', 'test-folders/999999/test-cases')).status).toBe(404);
    expect((await call('GET', 'test-folders/99999999999/count')).status).toBe(404);
  });

  it('are updated with the date that was read as stamp; another parent moves them', async () => {
    const [a, b] = [await folder('a'), await folder('b')];
    const { json: before } = await call('GET', `test-folders/${b}`);
    const body = { TestCaseFolderId: b, LastUpdateDate: before.LastUpdateDate, ParentTestCaseFolderId: a };
    const put = async (update: object) => (await call('PUT', 'test-folders', { body: update })).status;
    expect(await put({ ...body, LastUpdateDate: undefined })).toBe(409);
    expect(await put(body)).toBe(200);
    expect(await put(body)).toBe(409);
    expect(await tree()).toEqual(['AAA a', 'AAAAAA b']);
    const { json: after } = await call('GET', `test-folders/${b}`);
    expect(after.LastUpdateDate > before.LastUpdateDate).toBe(true);
    const stamp = { TestCaseFolderId: b, LastUpdateDate: after.LastUpdateDate };
    expect(await put({ ...stamp, Name: ' ' })).toBe(400);
    expect(await put({ ...stamp, ParentTestCaseFolderId: 999_999 })).toBe(404);
    expect(await put({ ...stamp, TestCaseFolderId: 999_999 })).toBe(404);
    expect(await put({ ...stamp, Name: 'c', ParentTestCaseFolderId: null })).toBe(200);
    expect(await tree()).toEqual(['AAA a', 'AAB c']);
  });

  it('are never moved below themselves', async () => {
    const top = await folder('top');
    const deep = await folder('deep', await folder('middle', top));
    const { json } = await call('GET', `test-folders/${top}`);
    for (const parent of [top, deep]) {
      const body = { TestCaseFolderId: top, LastUpdateDate: json.LastUpdateDate, ParentTestCaseFolderId: parent };
      const refused = await call('PUT', 'test-folders', { body });
      expect([refused.status, refused.json.Messages[0].FieldName]).toEqual([400, 'ParentTestCaseFolderId']);
    }
  });

  it('two moves at the same time make no circle', async () => {
    const [a, b] = [await folder('a'), await folder('b')];
    const move = async (id: number, ParentTestCaseFolderId: number) => {
      const { json } = await call('GET', `test-folders/${id}`);
      const body = { TestCaseFolderId: id, LastUpdateDate: json.LastUpdateDate, ParentTestCaseFolderId };
      return (await call('PUT', 'test-folders', { body })).status;
    };
    expect((await Promise.all([move(a, b), move(b, a)])).toSorted()).toEqual([200, 400]);
    expect(await tree()).toHaveLength(2);
  });

  it('DL-5: deleting one deletes its sub-folders and moves their cases to the root with a new stamp', async () => {
    const top = await folder('top');
    const deep = await folder('deep', top);
    const kept = await folder('kept');
    const [a, b] = [await testCase(top), await testCase(deep)];
    const { json: before } = await call('GET', `test-cases/${a}`);
    const deleted = await call('DELETE', `test-folders/${top}`);
    expect([deleted.status, deleted.text]).toEqual([200, '']);
    expect(await tree()).toEqual(['AAA kept']);
    for (const id of [a, b]) expect((await call('GET', `test-cases/${id}`)).json.TestCaseFolderId).toBeNull();
    expect((await call('DELETE', `test-folders/${top}`)).status).toBe(404);
    const body = { TestCaseId: a, ConcurrencyDate: before.ConcurrencyDate, Name: 'x' };
    expect((await call('PUT', 'test-cases', { body })).status).toBe(409);
    const left = await db.query('select from folder_figure where project_id = $1', [projectId]);
    expect([left.length, counts((await call('GET', `test-folders/${kept}`)).json)]).toEqual([0, {}]);
  });

  it('that are deleted while a case is put into them leave no case in a folder that is gone', async () => {
    const id = await aTestCaseFolder(db, projectId);
    const creations = Array.from({ length: 8 }, () =>
      call('POST', 'test-cases', { body: { Name: 'Case', TestCaseFolderId: id } }),
    );
    const answers = await Promise.all([...creations, call('DELETE', `test-folders/${id}`)]);
    for (const answer of answers) expect([200, 404]).toContain(answer.status);
    const { json } = await call('GET', 'test-cases');
    for (const row of json) expect(row.TestCaseFolderId).toBeNull();
  });
});
