import { beforeEach, describe, expect, it } from 'vitest';
import { anApiKey, anAutomationHost, aTestCase } from '../support/builders.ts';
import { aCustomProperty } from '../support/custom-properties.ts';
import { testDatabase } from '../support/database.ts';
import { type CallOptions, spiraServer } from '../support/spira-server.ts';

const db = await testDatabase();
const server = await spiraServer(db);
const administrator = { userId: 1, login: 'administrator', apiKey: await anApiKey(db) };
let projectId: number;

const call = (method: string, path: string, options?: CallOptions) =>
  server.call(method, `projects/${projectId}/${path}`, options);

beforeEach(async () => {
  projectId = await server.ownProject();
});

describe('automation hosts', () => {
  const hosts = (method: string, below = '', body?: unknown) =>
    call(method, `automation-hosts${below}`, body === undefined ? {} : { body });

  it('are created and read back with every documented member, by id and by token', async () => {
    const { status, json } = await hosts('POST', '', {
      Name: 'Win 11',
      Token: 'WIN-1',
      Description: 'desk',
      Tags: 'a',
    });
    expect(status).toBe(200);
    expect(json).toMatchObject({
      Name: 'Win 11',
      Token: 'WIN-1',
      Active: true,
      ArtifactTypeId: 9,
      LastContactDate: null,
      IsAttachments: false,
      Tags: 'a',
    });
    expect(Object.keys(json)).toHaveLength(15);
    expect((await hosts('GET', `/${json.AutomationHostId}`)).json).toEqual(json);
    expect((await hosts('GET', '/tokens/win-1')).json).toEqual(json);
    expect((await hosts('GET', '/tokens/other')).status).toBe(404);
    expect((await hosts('GET')).json).toEqual([json]);
  });

  it('a token that another host of the product has is 409; deleting a host frees it', async () => {
    const { json } = await hosts('POST', '', { Name: 'a', Token: 'T' });
    expect((await hosts('POST', '', { Name: 'b', Token: 't' })).status).toBe(409);
    const other = (await hosts('POST', '', { Name: 'b', Token: 'U' })).json;
    expect((await hosts('PUT', '', { ...other, Token: 'T' })).status).toBe(409);
    expect((await hosts('DELETE', `/${json.AutomationHostId}`)).status).toBe(200);
    expect((await hosts('GET', `/${json.AutomationHostId}`)).status).toBe(404);
    expect((await hosts('PUT', '', { ...other, Token: 'T' })).status).toBe(200);
  });

  it('CC-1 either date is the stamp; stale or missing is 409', async () => {
    const { json } = await hosts('POST', '', { Name: 'a', Token: 'T' });
    const { AutomationHostId, ConcurrencyDate, LastUpdateDate } = json;
    expect(LastUpdateDate).toBe(ConcurrencyDate);
    expect((await hosts('PUT', '', { AutomationHostId, LastUpdateDate, Name: 'b' })).status).toBe(200);
    expect((await hosts('PUT', '', { AutomationHostId, ConcurrencyDate, Name: 'c' })).status).toBe(409);
    expect((await hosts('PUT', '', { AutomationHostId, Name: 'c' })).status).toBe(409);
    const stored = (await hosts('GET', `/${AutomationHostId}`)).json;
    expect(stored).toMatchObject({ Name: 'b', Token: 'T' });
    expect(stored.LastUpdateDate).toBe(stored.ConcurrencyDate);
  });

  it('values of custom fields are kept; what is not sent keeps its value', async () => {
    await aCustomProperty(db, { artifactTypeId: 9, propertyNumber: 1 });
    await aCustomProperty(db, { artifactTypeId: 9, propertyNumber: 2, customPropertyTypeId: 2 });
    const { json } = await hosts('POST', '', {
      Name: 'a',
      Token: 'T',
      CustomProperties: [
        { PropertyNumber: 1, StringValue: 'one' },
        { PropertyNumber: 2, IntegerValue: 2 },
      ],
    });
    await hosts('PUT', '', { ...json, CustomProperties: [{ PropertyNumber: 2, IntegerValue: 3 }] });
    expect((await hosts('GET', `/${json.AutomationHostId}`)).json.CustomProperties).toMatchObject([
      { PropertyNumber: 1, StringValue: 'one' },
      { PropertyNumber: 2, IntegerValue: 3 },
    ]);
  });

  it('search filters, sorts and pages', async () => {
    for (const name of ['one', 'two', 'three']) await anAutomationHost(db, projectId, { name, token: name });
    const names = (answer: { json: { Name: string }[] }) => answer.json.map((host) => host.Name);
    const filters = [{ PropertyName: 'Token', StringValue: 't' }];
    expect(names(await hosts('POST', '/search', filters))).toEqual(['two', 'three']);
    expect(names(await hosts('GET', '?sort_field=Name&sort_direction=DESC&number_of_rows=2'))).toEqual([
      'two',
      'three',
    ]);
  });
});

describe('automation engines', () => {
  it('are found by id and by token, with the slash and as published without it', async () => {
    const create = (body: unknown, as = administrator) => server.call('POST', 'automation-engines', { as, body });
    const { status, json } = await create({ Name: 'Selenium', Token: 'Selenium4' });
    expect(status).toBe(200);
    expect(json).toEqual({
      AutomationEngineId: expect.any(Number),
      Name: 'Selenium',
      Token: 'Selenium4',
      Description: null,
      Active: true,
    });
    for (const below of [`/${json.AutomationEngineId}`, '/tokens/selenium4', '/tokensSelenium4']) {
      expect((await server.call('GET', `automation-engines${below}`)).json).toEqual(json);
    }
    for (const below of ['/99999', '/tokens/none', '/tokensnone', '/tokens', '/x']) {
      expect((await server.call('GET', `automation-engines${below}`)).status).toBe(404);
    }
    expect((await create({ Name: 'b', Token: 'SELENIUM4' })).status).toBe(409);
    expect((await create({ Name: 'b', Token: 'c' }, server.owner)).status).toBe(403);
    const put = (body: unknown) => server.call('PUT', 'automation-engines', { as: administrator, body });
    expect((await put({ AutomationEngineId: json.AutomationEngineId, Active: false })).status).toBe(200);
    expect((await put({ AutomationEngineId: 99_999, Name: 'x' })).status).toBe(404);
    expect((await server.call('GET', 'automation-engines?active_only=true')).json).toEqual([]);
    expect((await server.call('GET', 'automation-engines')).json).toMatchObject([{ Name: 'Selenium', Active: false }]);
  });
});

describe('components', () => {
  const components = (method: string, below = '', body?: unknown) =>
    call(method, `components${below}`, body === undefined ? {} : { body });

  it('are created, updated, deleted and restored', async () => {
    const { json } = await components('POST', '', { Name: 'Catalogue' });
    const { ComponentId } = json;
    expect(json).toEqual({
      ComponentId: expect.any(Number),
      ProjectId: projectId,
      Name: 'Catalogue',
      IsActive: true,
      IsDeleted: false,
      Guid: expect.any(String),
      ConcurrencyGuid: expect.any(String),
      LastUpdateDate: expect.any(String),
    });
    expect((await components('PUT', `/${ComponentId}`, { ...json, IsActive: false })).status).toBe(200);
    expect((await components('PUT', `/${ComponentId}`, { ...json, Name: 'x' })).status).toBe(409);
    expect((await components('GET', '?active_only=true')).json).toEqual([]);
    expect((await components('DELETE', `/${ComponentId}`)).status).toBe(200);
    expect((await components('GET', `/${ComponentId}`)).status).toBe(404);
    expect((await components('GET')).json).toEqual([]);
    expect((await components('GET', '?include_deleted=true')).json).toMatchObject([{ IsDeleted: true }]);
    expect((await components('POST', `/${ComponentId}/undelete`)).status).toBe(200);
    expect((await components('POST', `/${ComponentId}/undelete`)).status).toBe(404);
    expect((await components('GET', `/${ComponentId}`)).json).toMatchObject({ Name: 'Catalogue', IsActive: false });
  });
});

describe('test configuration sets', () => {
  it('are listed without entries, and read one by one with them, in order', async () => {
    const testCaseId = await aTestCase(db, projectId);
    const { testCaseParameterId } = await db.kysely
      .insertInto('testCaseParameter')
      .values({ projectId, testCaseId, name: 'browser' })
      .returning('testCaseParameterId')
      .executeTakeFirstOrThrow();
    const { testConfigurationSetId } = await db.kysely
      .insertInto('testConfigurationSet')
      .values({ projectId, name: 'Browsers' })
      .returning('testConfigurationSetId')
      .executeTakeFirstOrThrow();
    const entries: number[] = [];
    for (const [position, value] of [
      [2, 'Firefox'],
      [1, 'Chrome'],
    ] as const) {
      const { testConfigurationId } = await db.kysely
        .insertInto('testConfiguration')
        .values({ projectId, testConfigurationSetId, position })
        .returning('testConfigurationId')
        .executeTakeFirstOrThrow();
      await db.kysely
        .insertInto('testConfigurationValue')
        .values({ projectId, testConfigurationId, testCaseParameterId, value })
        .execute();
      entries.unshift(testConfigurationId);
    }
    const [listed] = (await call('GET', 'test-configuration-sets')).json;
    expect(listed).toMatchObject({ TestConfigurationSetId: testConfigurationSetId, Name: 'Browsers', Entries: null });
    expect(Object.keys(listed)).toHaveLength(11);
    const one = (await call('GET', `test-configuration-sets/${testConfigurationSetId}`)).json;
    expect(one).toEqual({
      ...listed,
      Entries: ['Chrome', 'Firefox'].map((Value, index) => ({
        TestConfigurationEntryId: entries[index],
        ParameterValues: [{ TestCaseParameterId: testCaseParameterId, Name: 'browser', Value }],
      })),
    });
    expect((await call('GET', 'test-configuration-sets/99999')).status).toBe(404);
  });
});
