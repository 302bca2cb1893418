import { beforeEach, describe, expect, it } from 'vitest';
import { deleteTestCase, restoreTestCase } from '../../src/commands/delete-test-case.ts';
import {
  aCoverage,
  aMember,
  aProject,
  aRelease,
  aRequirement,
  aTestCase,
  aTestCaseFolder,
  aTestStep,
} from '../support/builders.ts';
import { aCustomList, aCustomProperty } from '../support/custom-properties.ts';
import { testDatabase } from '../support/database.ts';
import { refreshedAtOnce, someRuns } from '../support/runs.ts';
import { type CallOptions, spiraServer } from '../support/spira-server.ts';

const db = await testDatabase();
const figures = refreshedAtOnce(db);
const server = await spiraServer(db, { figures });
let projectId: number;

const call = (method: string, path: string, options?: CallOptions) =>
  server.call(method, `projects/${projectId}/${path}`, options);
/** Stands for the id of a component that the test makes. */
const COMPONENT_PLACE = 987_654;
const at = (time: string) => new Date(`2026-03-02T${time}:00.000Z`);
const ids = (cases: { TestCaseId: number }[]) => cases.map((testCase) => testCase.TestCaseId);
const created = async (values: Record<string, unknown> = {}) => {
  const answer = await call('POST', 'test-cases', { body: { Name: 'Case', ...values } });
  expect(answer.status).toBe(200);
  return answer.json;
};

beforeEach(async () => {
  projectId = await server.ownProject();
});

describe('test cases', () => {
  it('are created with defaults, without a step (SP-7), and read back with every documented member', async () => {
    const folderId = await aTestCaseFolder(db, projectId);
    const testCase = await created({
      TestCaseId: 77,
      ProjectId: 9,
      Description: '<p>x</p>',
      TestCaseStatusId: 0,
      TestCaseTypeId: null,
      TestCasePriorityId: '2',
      TestCaseFolderId: String(folderId),
      EstimatedDuration: 12,
      TestSteps: [{ Description: 'ignored' }],
      ExecutionStatusId: 2,
    });
    const found = await call('GET', `test-cases/${testCase.TestCaseId}`);
    expect(found.json).toEqual(testCase);
    expect(found.json).toMatchObject({
      ProjectId: projectId,
      ArtifactTypeId: 2,
      Name: 'Case',
      TestCaseStatusId: 1,
      TestCaseStatusName: 'Draft',
      TestCaseTypeId: 3,
      TestCaseTypeName: 'Functional',
      TestCasePriorityName: '2 - High',
      TestCaseFolderId: folderId,
      AuthorId: server.owner.userId,
      AuthorName: 'Fred Bloggs',
      OwnerId: null,
      ExecutionStatusId: 3,
      ExecutionStatusName: 'Not Run',
      ExecutionDate: null,
      EstimatedDuration: 12,
      ActualDuration: null,
      ProjectName: 'Library',
      IsSuspect: false,
      IsTestSteps: false,
      TestSteps: [],
      ComponentIds: null,
      CustomProperties: null,
      IsAttachments: false,
    });
    expect(Object.keys(found.json)).toHaveLength(38);
  });

  it.each([
    ['no name', { Name: ' ' }, 400, 'Name'],
    ['an unknown status', { TestCaseStatusId: 9 }, 400, 'TestCaseStatusId'],
    ['an unknown type', { TestCaseTypeId: -1 }, 400, 'TestCaseTypeId'],
    ['an unknown priority', { TestCasePriorityId: 5 }, 400, 'TestCasePriorityId'],
    ['a negative estimate', { EstimatedDuration: -1 }, 400, 'EstimatedDuration'],
    ['an unknown folder', { TestCaseFolderId: 999_999 }, 404, 'TestCaseFolderId'],
    ['an owner beyond 32 bits', { OwnerId: 99_999_999_999 }, 404, 'OwnerId'],
    ['an unknown component', { ComponentIds: [999_999] }, 404, 'ComponentIds'],
    ['an unknown engine', { AutomationEngineId: 999_999 }, 404, 'AutomationEngineId'],
    ['an unknown script', { AutomationAttachmentId: 999_999 }, 404, 'AutomationAttachmentId'],
  ])('refuse %s and store nothing', async (_what, wrong, status, field) => {
    const refused = await call('POST', 'test-cases', { body: { Name: 'Case', ...wrong } });
    expect([refused.status, refused.json.Messages[0].FieldName]).toEqual([status, field]);
    expect((await call('GET', 'test-cases/count')).json).toBe(0);
  });

  it('CC-1: an update needs the stamp that was read; missing members keep, null clears, TC-3 holds', async () => {
    const { TestCaseId, ConcurrencyDate } = await created({ Description: 'old', Tags: 'a', TestCaseStatusId: 5 });
    const body = { TestCaseId, ConcurrencyDate, Name: 'New', Tags: null, ExecutionStatusId: 1, TestCaseStatusId: null };
    const first = await call('PUT', 'test-cases', { body });
    expect([first.status, first.text]).toEqual([200, '']);
    const second = await call('PUT', 'test-cases', { body: { ...body, Name: 'Late' } });
    expect([second.status, second.json.Type]).toEqual([409, 'OptimisticConcurrencyFault']);
    const missing = await call('PUT', 'test-cases', { body: { TestCaseId, Name: 'No stamp' } });
    expect(missing.status).toBe(409);
    const { json: found } = await call('GET', `test-cases/${TestCaseId}`);
    expect(found).toMatchObject({ Name: 'New', Description: 'old', Tags: null, TestCaseStatusId: 5 });
    expect(found.ExecutionStatusId).toBe(3);
    expect(found.ConcurrencyDate > ConcurrencyDate).toBe(true);
  });

  it('an update refuses unknown cases, blank names and wrong references', async () => {
    const { TestCaseId, ConcurrencyDate } = await created();
    const update = async (body: object) => (await call('PUT', 'test-cases', { body })).status;
    expect(await update({ ConcurrencyDate, Name: 'x' })).toBe(404);
    expect(await update({ TestCaseId: 99_999_999_999, ConcurrencyDate })).toBe(404);
    expect(await update({ TestCaseId, ConcurrencyDate, Name: '' })).toBe(400);
    expect(await update({ TestCaseId, ConcurrencyDate, TestCaseFolderId: 999_999 })).toBe(404);
    expect(await update({ TestCaseId, ConcurrencyDate, OwnerId: 999_999 })).toBe(404);
    expect(await update({ TestCaseId, ConcurrencyDate, TestCaseTypeId: 99 })).toBe(400);
    expect(await update({ TestCaseId, ConcurrencyDate })).toBe(200);
  });

  it('show status, date and duration of their newest run, or the manual mark (TC-1, TC-2)', async () => {
    const { TestCaseId } = await created();
    await someRuns(db, projectId, [
      { testCaseId: TestCaseId, executionStatusId: 1, endDate: at('09:00'), actualDuration: 5 },
      { testCaseId: TestCaseId, executionStatusId: 2, endDate: at('08:00'), actualDuration: 7 },
    ]);
    const { json: found } = await call('GET', `test-cases/${TestCaseId}`);
    expect([found.ExecutionStatusName, found.ExecutionDate, found.ActualDuration]).toEqual([
      'Failed',
      '2026-03-02T09:00:00.000Z',
      5,
    ]);
    await db.query('update case_figure set mark = 5 where project_id = $1', [projectId]);
    const { json: marked } = await call('GET', `test-cases/${TestCaseId}`);
    expect([marked.ExecutionStatusId, marked.ExecutionStatusName]).toEqual([5, 'Blocked']);
  });

  it('with release_id list and count only what is mapped, with its status for the release (RL-1)', async () => {
    const releaseId = await aRelease(db, projectId);
    const [mapped, idle, other] = [await created(), await created(), await created()];
    await call('POST', `releases/${releaseId}/test-cases`, { body: ids([mapped, idle]) });
    await someRuns(db, projectId, [
      { testCaseId: mapped.TestCaseId, executionStatusId: 1, releaseId, endDate: at('08:00') },
      { testCaseId: mapped.TestCaseId, executionStatusId: 2, endDate: at('09:00') },
      { testCaseId: other.TestCaseId, executionStatusId: 2, releaseId, endDate: at('09:00') },
    ]);
    const { json: shown } = await call('GET', `test-cases?release_id=${releaseId}`);
    expect(shown.map((row: Record<string, unknown>) => [row['TestCaseId'], row['ExecutionStatusId']])).toEqual([
      [mapped.TestCaseId, 1],
      [idle.TestCaseId, 3],
    ]);
    expect((await call('GET', `test-cases/count?release_id=${releaseId}`)).json).toBe(2);
    expect((await call('GET', 'test-cases/count?release_id=null')).json).toBe(3);
    const filters = [{ PropertyName: 'ExecutionStatusId', IntValue: 1 }];
    const inRelease = await call('POST', `test-cases/search?release_id=${releaseId}`, { body: filters });
    expect(ids(inRelease.json)).toEqual([mapped.TestCaseId]);
    expect((await call('POST', 'test-cases/count', { body: filters })).json).toBe(0);
    expect((await call('GET', 'test-cases?release_id=999999')).status).toBe(404);
  });

  it.each([
    ['text in name or description', { PropertyName: 'Name', StringValue: 'log "wrong pass"' }, ['Login']],
    ['a status', { PropertyName: 'TestCaseStatusId', MultiValue: { Values: [5] } }, ['Logout']],
    ['no owner', { PropertyName: 'OwnerId', IntValue: -999 }, ['Logout']],
    ['a component', { PropertyName: 'ComponentIds', MultiValue: { Values: [COMPONENT_PLACE] } }, ['Login']],
    ['a range', { PropertyName: 'EstimatedDuration', StringValue: '10|20' }, ['Login']],
    ['not run', { PropertyName: 'ExecutionStatusId', IntValue: 3 }, ['Login', 'Logout']],
    ['a date', { PropertyName: 'ExecutionDate', IntValue: -999 }, ['Login', 'Logout']],
    ['a flag', { PropertyName: 'IsSuspect', StringValue: 'Y' }, ['Logout']],
    ['tags', { PropertyName: 'Tags', StringValue: 'SMOKE' }, ['Login']],
  ])('are searched by %s', async (_what, filter, names) => {
    const component = await db.kysely
      .insertInto('component')
      .values({ projectId, name: 'Web' })
      .returning('componentId')
      .executeTakeFirstOrThrow();
    await created({
      Name: 'Login',
      Description: 'with a wrong password',
      OwnerId: server.owner.userId,
      ComponentIds: [component.componentId],
      EstimatedDuration: 20,
      Tags: 'smoke, web',
    });
    await created({ Name: 'Logout', TestCaseStatusId: 5, IsSuspect: true, EstimatedDuration: 21 });
    const body = JSON.parse(JSON.stringify([filter]).replace(String(COMPONENT_PLACE), String(component.componentId)));
    const answer = await call('POST', 'test-cases/search?sort_field=Name', { body });
    expect(answer.json.map((row: { Name: string }) => row.Name)).toEqual(names);
  });

  it('are paged and sorted; an unknown sort field means by id', async () => {
    for (const Name of ['b', 'a', 'c']) await created({ Name });
    const names = async (query: string) =>
      (await call('GET', `test-cases?${query}`)).json.map((row: { Name: string }) => row.Name).join('');
    expect(await names('sort_field=Name&sort_direction=DESC')).toBe('cba');
    expect(await names('sort_field=Name&starting_row=2&number_of_rows=1')).toBe('b');
    expect(await names('sort_field=Nonsense')).toBe('bac');
    expect(await names('starting_row=4')).toBe('');
  });

  it('DL-4: a deleted case is gone, for every call, until it is restored', async () => {
    const releaseId = await aRelease(db, projectId);
    const { TestCaseId } = await created();
    await call('POST', `releases/${releaseId}/test-cases`, { body: [TestCaseId] });
    await someRuns(db, projectId, [{ testCaseId: TestCaseId, executionStatusId: 2, releaseId }]);
    const deleted = await call('DELETE', `test-cases/${TestCaseId}`);
    expect([deleted.status, deleted.text]).toEqual([200, '']);
    expect((await call('GET', `test-cases/${TestCaseId}`)).status).toBe(404);
    expect((await call('DELETE', `test-cases/${TestCaseId}`)).status).toBe(404);
    expect((await call('GET', `test-cases/${TestCaseId}/test-steps`)).status).toBe(404);
    expect((await call('GET', 'test-cases')).json).toEqual([]);
    expect((await call('GET', `releases/${releaseId}`)).json.CountPassed).toBe(0);
    const actor = { userId: server.owner.userId, login: 'x', isSystemAdmin: false };
    const command = { db, figures, now: server.clock.now, projectId, actor };
    await restoreTestCase(command, TestCaseId);
    expect((await call('GET', `test-cases/${TestCaseId}`)).json.ExecutionStatusId).toBe(2);
    expect((await call('GET', `releases/${releaseId}`)).json.CountPassed).toBe(1);
    await expect(restoreTestCase(command, TestCaseId)).rejects.toThrow('A deleted test case');
    await deleteTestCase(command, TestCaseId);
  });

  it('are moved between folders with a new stamp', async () => {
    const folderId = await aTestCaseFolder(db, projectId);
    const { TestCaseId, ConcurrencyDate } = await created();
    const moved = await call('POST', `test-cases/${TestCaseId}/move?test_case_folder_id=${folderId}`);
    expect([moved.status, moved.text]).toEqual([200, '']);
    expect((await call('GET', `test-folders/${folderId}`)).json.CountNotRun).toBe(1);
    expect((await call('PUT', 'test-cases', { body: { TestCaseId, ConcurrencyDate } })).status).toBe(409);
    expect((await call('POST', `test-cases/${TestCaseId}/move?test_case_folder_id=999999`)).status).toBe(404);
    await call('POST', `test-cases/${TestCaseId}/move?test_case_folder_id=null`);
    expect((await call('GET', `test-cases/${TestCaseId}`)).json.TestCaseFolderId).toBeNull();
    expect((await call('GET', `test-folders/${folderId}`)).json.CountNotRun).toBe(0);
    expect((await call('POST', 'test-cases/999999/move')).status).toBe(404);
  });

  it('tell which requirements they cover', async () => {
    const testCaseId = await aTestCase(db, projectId);
    const requirementId = await aRequirement(db, projectId);
    const deletedId = await aRequirement(db, projectId, { isDeleted: true, indentLevel: 'AAC' });
    for (const id of [requirementId, deletedId]) await aCoverage(db, projectId, { requirementId: id, testCaseId });
    expect((await call('GET', `test-cases/${testCaseId}/requirements`)).json).toEqual([
      { RequirementId: requirementId, TestCaseId: testCaseId },
    ]);
    expect((await call('GET', 'test-cases/999999/requirements')).status).toBe(404);
  });

  it('that the caller owns are listed over all of his active projects, whole or page by page', async () => {
    const tester = await server.userWithRole(4);
    const elsewhere = await aProject(db);
    const inactive = await aProject(db, { isActive: false });
    await aMember(db, inactive, { userId: tester.userId, roleId: 4 });
    const first = await aTestCase(db, server.projectId, { ownerId: tester.userId });
    const second = await aTestCase(db, server.projectId, { ownerId: tester.userId });
    await aTestCase(db, server.projectId, { ownerId: tester.userId, isDeleted: true });
    for (const foreign of [elsewhere, inactive]) await aTestCase(db, foreign, { ownerId: tester.userId });
    await aTestStep(db, server.projectId, { testCaseId: second });
    const own = (query = '') => server.call('GET', `test-cases${query}`, { as: tester });
    expect(ids((await own()).json)).toEqual([first, second]);
    const page = await own('?starting_row=2&number_of_rows=1&sort_field=TestCaseId&sort_direction=ASC');
    expect(page.json).toMatchObject([{ TestCaseId: second, ProjectId: server.projectId, IsTestSteps: true }]);
    expect((await own('?starting_row=3&number_of_rows=1')).json).toEqual([]);
  });

  it('somebody who may modify only his own modifies those that he wrote or owns, steps included', async () => {
    const role = await db.kysely
      .insertInto('role')
      .values({ name: 'Author' })
      .returning('roleId')
      .executeTakeFirstOrThrow();
    const permissions = ['view', 'modifyOwned'].map((action) => ({
      roleId: role.roleId,
      artifact: 'testCase',
      action,
    }));
    await db.kysely.insertInto('rolePermission').values(permissions).execute();
    const author = await server.userWithRole(role.roleId);
    const at = (id: number) => `projects/${server.projectId}/test-cases/${id}`;
    const edit = async (testCaseId: number) => {
      const { json } = await server.call('GET', at(testCaseId), { as: author });
      const put = await server.call('PUT', `projects/${server.projectId}/test-cases`, {
        as: author,
        body: { TestCaseId: testCaseId, ConcurrencyDate: json.ConcurrencyDate, Name: 'Mine' },
      });
      const step = await server.call('POST', `${at(testCaseId)}/test-steps`, {
        as: author,
        body: { Description: 'x' },
      });
      return [put.status, step.status];
    };
    expect(await edit(await aTestCase(db, server.projectId, { ownerId: author.userId }))).toEqual([200, 200]);
    expect(await edit(await aTestCase(db, server.projectId, { authorId: author.userId }))).toEqual([200, 200]);
    expect(await edit(await aTestCase(db, server.projectId))).toEqual([403, 403]);
  });

  it('keep values of custom properties by number', async () => {
    const { customListId, valueIds } = await aCustomList(db, ['Chrome', 'Firefox']);
    await aCustomProperty(db, { artifactTypeId: 2, propertyNumber: 1 });
    await aCustomProperty(db, { artifactTypeId: 2, propertyNumber: 2, customPropertyTypeId: 7, customListId });
    const { TestCaseId, ConcurrencyDate, CustomProperties } = await created({
      CustomProperties: [
        { PropertyNumber: 1, StringValue: 'a\u0000b' },
        { PropertyNumber: 2, IntegerListValue: valueIds },
      ],
    });
    expect(CustomProperties.map((value: Record<string, unknown>) => value['PropertyNumber'])).toEqual([1, 2]);
    const body = { TestCaseId, ConcurrencyDate, CustomProperties: [{ PropertyNumber: 2, IntegerListValue: null }] };
    expect((await call('PUT', 'test-cases', { body })).status).toBe(200);
    expect((await call('GET', `test-cases/${TestCaseId}`)).json.CustomProperties).toMatchObject([
      { PropertyNumber: 1, StringValue: 'ab', IntegerValue: null, Definition: { Name: 'Field 1' } },
    ]);
  });
});
