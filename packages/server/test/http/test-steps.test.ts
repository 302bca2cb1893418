import { beforeEach, describe, expect, it } from 'vitest';
import { aTestCase, aTestSet, aTestStep } from '../support/builders.ts';
import { testDatabase } from '../support/database.ts';
import { type CallOptions, spiraServer } from '../support/spira-server.ts';

const db = await testDatabase();
const server = await spiraServer(db);
let projectId: number;
let testCaseId: number;

const call = (method: string, path: string, options?: CallOptions) =>
  server.call(method, `projects/${projectId}/${path}`, options);
const steps = (method: string, path = '', options?: CallOptions) =>
  call(method, `test-cases/${testCaseId}/test-steps${path}`, options);
/** The steps of the case as `1 Open, 2 Close`. */
const order = async () =>
  (await steps('GET')).json
    .map((step: Record<string, unknown>) => `${step['Position']} ${step['Description']}`)
    .join(', ');
const add = async (Description: string, more: object = {}) =>
  (await steps('POST', '', { body: { Description, ...more } })).json;

beforeEach(async () => {
  projectId = await server.ownProject();
  testCaseId = await aTestCase(db, projectId);
});

describe('test steps', () => {
  it('are inserted at their position, the rest making room, and read back with every documented member', async () => {
    await add('first');
    await add('last', { Position: 99 });
    const step = await add('middle', {
      Position: 2,
      ExpectedResult: 'ok',
      SampleData: 'x',
      Precondition: 'p',
      TestStepId: 5,
      TestCaseId: 9,
    });
    await add('very last', { Position: 0 });
    expect(await order()).toBe('1 first, 2 middle, 3 last, 4 very last');
    expect(step).toMatchObject({
      ArtifactTypeId: 7,
      TestCaseId: testCaseId,
      Position: 2,
      ExecutionStatusId: 3,
      ExpectedResult: 'ok',
      SampleData: 'x',
      Precondition: 'p',
      LinkedTestCaseId: null,
    });
    expect(Object.keys(step)).toHaveLength(19);
    expect((await steps('GET', `/${step.TestStepId}`)).json).toEqual(step);
    const { json: testCase } = await call('GET', `test-cases/${testCaseId}`);
    expect(testCase.TestSteps).toHaveLength(4);
    expect(testCase.TestSteps[1]).toEqual(step);
    expect((await call('GET', 'test-cases')).json[0]).toMatchObject({ TestSteps: null, IsTestSteps: true });
  });

  it('are created many at once, at most 30, all or none, and answered in the order sent', async () => {
    await add('old');
    const body = [{ Description: 'a' }, { Description: 'b', Position: 1 }, { Description: 'c', Position: 1 }];
    const answer = await steps('POST', '/multiple', { body });
    expect(answer.json.map((step: Record<string, unknown>) => step['Description'])).toEqual(['a', 'b', 'c']);
    expect(await order()).toBe('1 c, 2 b, 3 old, 4 a');
    const tooMany = await steps('POST', '/multiple', { body: Array.from({ length: 31 }, () => body[0]) });
    expect(tooMany.status).toBe(400);
    const wrong = await steps('POST', '/multiple', { body: [body[0], { Description: '' }] });
    expect([wrong.status, wrong.json.Messages[0].FieldName]).toEqual([400, '[1].Description']);
    const unknown = await steps('POST', '/multiple', {
      body: [body[0], { Description: 'x', LinkedTestCaseId: 999_999 }],
    });
    expect([unknown.status, unknown.json.Messages[0].FieldName]).toEqual([404, '[1].LinkedTestCaseId']);
    expect(await order()).toBe('1 c, 2 b, 3 old, 4 a');
    expect((await steps('POST', '/multiple', { body: [] })).json).toEqual([]);
  });

  it('show the status of the newest run that contains them (TC-5)', async () => {
    const { TestStepId } = await add('x');
    await db.query(
      `insert into step_figure (project_id, test_step_id, execution_status_id, end_date, test_run_id)
       values ($1, $2, 1, now(), 1)`,
      [projectId, TestStepId],
    );
    expect((await steps('GET', `/${TestStepId}`)).json.ExecutionStatusId).toBe(1);
  });

  it('CC-1: an update needs the stamp of the step, changes the last update of the case and not its stamp', async () => {
    const { TestStepId, ConcurrencyDate } = await add('old', { ExpectedResult: 'a', SampleData: 'b' });
    await add('other');
    const { json: before } = await call('GET', `test-cases/${testCaseId}`);
    const body = { TestStepId, ConcurrencyDate, Description: 'new', SampleData: null, Position: 2 };
    expect((await steps('PUT', '', { body })).status).toBe(200);
    expect((await steps('PUT', '', { body })).status).toBe(409);
    expect((await steps('GET', `/${TestStepId}`)).json).toMatchObject({
      Description: 'new',
      ExpectedResult: 'a',
      SampleData: null,
      Position: 1,
    });
    const { json: after } = await call('GET', `test-cases/${testCaseId}`);
    expect(after.ConcurrencyDate).toBe(before.ConcurrencyDate);
    expect(after.LastUpdateDate > before.LastUpdateDate).toBe(true);
  });

  it('of another case, unknown or deleted are not found', async () => {
    const other = await aTestStep(db, projectId, { testCaseId: await aTestCase(db, projectId) });
    const { TestStepId, ConcurrencyDate } = await add('x');
    for (const id of [other, 999_999, '99999999999']) {
      expect((await steps('GET', `/${id}`)).status).toBe(404);
      expect((await steps('DELETE', `/${id}`)).status).toBe(404);
      expect((await steps('POST', `/${id}/move`)).status).toBe(404);
      expect((await steps('PUT', '', { body: { TestStepId: id, ConcurrencyDate } })).status).toBe(404);
      expect((await steps('POST', `/${TestStepId}/move?destination_test_step_id=${id}`)).status).toBe(404);
    }
    expect((await steps('PUT', '', { body: { ConcurrencyDate } })).status).toBe(404);
    await steps('DELETE', `/${TestStepId}`);
    expect((await steps('GET', `/${TestStepId}`)).status).toBe(404);
    expect((await call('GET', 'test-cases/999999/test-steps')).status).toBe(404);
    expect((await call('POST', 'test-cases/999999/test-steps', { body: { Description: 'x' } })).status).toBe(404);
  });

  it('close up when one is deleted, and move before another one or to the end', async () => {
    const [a, b, c] = [await add('a'), await add('b'), await add('c')];
    await steps('POST', `/${c.TestStepId}/move?destination_test_step_id=${a.TestStepId}`);
    expect(await order()).toBe('1 c, 2 a, 3 b');
    await steps('POST', `/${c.TestStepId}/move`);
    expect(await order()).toBe('1 a, 2 b, 3 c');
    await steps('POST', `/${b.TestStepId}/move?destination_test_step_id=${b.TestStepId}`);
    expect(await order()).toBe('1 a, 2 b, 3 c');
    const deleted = await steps('DELETE', `/${a.TestStepId}`);
    expect([deleted.status, deleted.text]).toEqual([200, '']);
    expect(await order()).toBe('1 b, 2 c');
  });

  it('keep positions 1 to n when many are inserted at the same time', async () => {
    await Promise.all(Array.from({ length: 12 }, (_, index) => add(`s${index}`, { Position: 1 })));
    const { json } = await steps('GET');
    expect(json.map((step: { Position: number }) => step.Position)).toEqual(
      Array.from({ length: 12 }, (_, i) => i + 1),
    );
  });
});

describe('links to other cases', () => {
  it('are steps with values for parameters, in lower case, that can be added to, changed and taken away', async () => {
    const linked = await aTestCase(db, projectId);
    await add('before');
    const link = await call('POST', `test-cases/${testCaseId}/test-links/${linked}?position=1`, {
      body: [{ Name: 'URL', Value: 'http://a' }],
    });
    expect(link.status).toBe(200);
    const id: number = link.json;
    expect((await steps('GET')).json).toMatchObject([
      { TestStepId: id, Position: 1, LinkedTestCaseId: linked },
      { Position: 2, LinkedTestCaseId: null },
    ]);
    const values = async () =>
      (await steps('GET', `/${id}/parameters`)).json.map((one: Record<string, unknown>) => [one['Name'], one['Value']]);
    expect(await values()).toEqual([['url', 'http://a']]);
    await steps('POST', `/${id}/parameters`, {
      body: [
        { Name: 'Browser', Value: 'x' },
        { Name: 'url', Value: 'b' },
      ],
    });
    expect(await values()).toEqual([
      ['browser', 'x'],
      ['url', 'b'],
    ]);
    expect((await steps('PUT', `/${id}/parameters`, { body: [{ Name: 'BROWSER', Value: 'y' }] })).status).toBe(200);
    expect((await steps('PUT', `/${id}/parameters`, { body: [{ Name: 'nope', Value: 'y' }] })).status).toBe(404);
    await steps('DELETE', `/${id}/parameters`, { body: [{ Name: 'url' }, { Name: 'nope' }] });
    expect(await values()).toEqual([['browser', 'y']]);
    const one = (await steps('GET', `/${id}/parameters`)).json[0];
    expect(Object.keys(one)).toEqual(['Name', 'Value', 'Guid', 'ConcurrencyGuid', 'LastUpdateDate']);
  });

  it('need no body, refuse unknown cases and the case itself', async () => {
    const linked = await aTestCase(db, projectId);
    expect((await call('POST', `test-cases/${testCaseId}/test-links/${linked}`)).status).toBe(200);
    expect((await call('POST', `test-cases/${testCaseId}/test-links/999999`)).status).toBe(404);
    expect((await call('POST', `test-cases/999999/test-links/${linked}`)).status).toBe(404);
    expect((await call('POST', `test-cases/${testCaseId}/test-links/${testCaseId}`)).status).toBe(400);
    const { TestStepId } = await add('no link');
    expect((await steps('POST', `/${TestStepId}/parameters`, { body: [{ Name: 'a' }] })).status).toBe(400);
    expect((await steps('GET', '/999999/parameters')).status).toBe(404);
  });
});

describe('parameters of test cases', () => {
  const create = (values: object) =>
    call('POST', 'test-cases/parameters', { body: { TestCaseId: testCaseId, ...values } });

  it('are created in lower case, changed, and deleted with the values that sets give them', async () => {
    const { json: parameter } = await create({ Name: 'Url', DefaultValue: 'x' });
    expect(parameter).toMatchObject({ TestCaseId: testCaseId, Name: 'url', DefaultValue: 'x' });
    expect(Object.keys(parameter)).toHaveLength(7);
    const id = { TestCaseParameterId: parameter.TestCaseParameterId };
    expect((await create({ Name: 'URL' })).status).toBe(409);
    const put = (body: object) => call('PUT', 'test-cases/parameters', { body: { ...id, ...body } });
    expect((await put({ DefaultValue: 'y', ConcurrencyGuid: parameter.ConcurrencyGuid })).status).toBe(200);
    expect((await put({ DefaultValue: 'z', ConcurrencyGuid: parameter.ConcurrencyGuid })).status).toBe(409);
    expect((await put({ Name: 'Address' })).status).toBe(200);
    const listed = await call('GET', `test-cases/${testCaseId}/parameters`);
    expect(listed.json).toMatchObject([{ Name: 'address', DefaultValue: 'y' }]);
    const testSetId = await aTestSet(db, projectId);
    await db.kysely
      .insertInto('testSetParameter')
      .values({ projectId, testSetId, testCaseParameterId: parameter.TestCaseParameterId, value: 'q' })
      .execute();
    expect((await call('DELETE', 'test-cases/parameters', { body: id })).status).toBe(200);
    expect((await call('DELETE', 'test-cases/parameters', { body: id })).status).toBe(404);
    expect((await call('GET', `test-cases/${testCaseId}/parameters`)).json).toEqual([]);
    expect(await db.query('select from test_set_parameter where project_id = $1', [projectId])).toHaveLength(0);
  });

  it('refuse unknown cases, missing names and names that no token can hold', async () => {
    expect((await create({ TestCaseId: 999_999, Name: 'a' })).status).toBe(404);
    expect((await create({ TestCaseId: null, Name: 'a' })).status).toBe(404);
    expect((await create({ Name: '' })).status).toBe(400);
    expect((await create({ Name: 'a}b' })).status).toBe(400);
    expect((await call('PUT', 'test-cases/parameters', { body: { TestCaseParameterId: 999_999 } })).status).toBe(404);
    expect((await call('PUT', 'test-cases/parameters', { body: {} })).status).toBe(404);
    expect((await call('GET', 'test-cases/999999/parameters')).status).toBe(404);
  });

  it('are referred to by a token', async () => {
    const answer = await call('POST', 'test-cases/parameters/create-token?parameter_name=Url');
    expect([answer.status, answer.text]).toEqual([200, '"${url}"']);
  });

  it('of which one name is declared at the same time twice exist once', async () => {
    const answers = await Promise.all([create({ Name: 'a' }), create({ Name: 'A' })]);
    expect(answers.map((answer) => answer.status).toSorted()).toEqual([200, 409]);
  });
});
