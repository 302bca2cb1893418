import { beforeEach, describe, expect, it } from 'vitest';
import { anAutomationHost, aProject, aRelease, aTestCase, aTestStep } from '../support/builders.ts';
import { aCustomList, aCustomProperty } from '../support/custom-properties.ts';
import { testDatabase } from '../support/database.ts';
import { aSentManualRun, aSentRun } from '../support/sent-runs.ts';
import { spiraServer } from '../support/spira-server.ts';

// rest-v7 22: definitions and lists belong to the template; values stand on every artifact by one rule.

const db = await testDatabase();
const server = await spiraServer(db);
const template = 'project-templates/1';
const { call } = server;
const send = (method: string, path: string, body?: object) => call(method, path, { body });
const fields = (json: { Messages: { FieldName: string }[] }) => json.Messages.map((one) => one.FieldName);

beforeEach(async () => {
  await db.query('update custom_property set is_deleted = true');
});

describe('22.1 custom lists', () => {
  const list = {
    Name: 'Browsers',
    Active: true,
    SortedOnValue: true,
    Values: [
      { Name: 'Firefox', Active: true },
      { Name: 'Chrome', Active: false },
    ],
  };

  it('are created with values, listed without them and read with them, by name where they are sorted', async () => {
    const { status, json } = await send('POST', `${template}/custom-lists`, list);
    expect(status).toBe(200);
    expect(json).toMatchObject({ ProjectTemplateId: 1, Name: 'Browsers', SortedOnValue: true });
    expect(json.Values).toMatchObject([
      { Name: 'Chrome', Active: false, CustomPropertyListId: json.CustomPropertyListId },
      { Name: 'Firefox', Active: true, ParentCustomPropertyValueId: null },
    ]);
    const id = json.CustomPropertyListId;
    expect((await call('GET', `${template}/custom-lists/${id}`)).json).toEqual(json);
    expect((await call('GET', `projects/${server.projectId}/custom-lists/${id}`)).json).toEqual(json);
    const all = (await call('GET', `${template}/custom-lists`)).json;
    expect(all).toContainEqual({ ...json, Values: null });
    expect((await call('GET', `projects/${server.projectId}/custom-lists`)).json).toEqual(all);
  });

  it('an update changes values with an id, adds the others and keeps the rest; a stale stamp is 409', async () => {
    const { json } = await send('POST', `${template}/custom-lists`, { ...list, SortedOnValue: false });
    const at = `${template}/custom-lists/${json.CustomPropertyListId}`;
    const [firefox, chrome] = json.Values;
    const Values = [
      { ...firefox, Name: 'Fox' },
      { Name: 'Edge', ParentCustomPropertyValueId: chrome.CustomPropertyValueId },
    ];
    expect((await send('PUT', at, { ...json, Name: 'B', Values })).status).toBe(200);
    expect((await send('PUT', at, { ...json, Name: 'C', Values: null })).status).toBe(409);
    expect((await call('GET', at)).json).toMatchObject({
      Name: 'B',
      Values: [
        { Name: 'Fox', CustomPropertyValueId: firefox.CustomPropertyValueId },
        { Name: 'Chrome', Active: false },
        { Name: 'Edge', Active: true, ParentCustomPropertyValueId: chrome.CustomPropertyValueId },
      ],
    });
  });

  it('a value is added by a call of its own', async () => {
    const { json } = await send('POST', `${template}/custom-lists`, { Name: 'Empty' });
    const at = `${template}/custom-lists/${json.CustomPropertyListId}`;
    const added = await send('POST', `${at}/values`, { Name: 'One' });
    expect(added.json).toMatchObject({ Name: 'One', Active: true, CustomPropertyListId: json.CustomPropertyListId });
    expect((await call('GET', at)).json.Values).toEqual([added.json]);
  });

  it('what does not exist is 404, what has no name 400', async () => {
    const { json } = await send('POST', `${template}/custom-lists`, list);
    const at = `${template}/custom-lists/${json.CustomPropertyListId}`;
    const other = await aCustomList(db, ['x']);
    const answers = [
      await call('GET', `${template}/custom-lists/4711`),
      await send('POST', `${template}/custom-lists/4711/values`, { Name: 'x' }),
      await send('PUT', `${template}/custom-lists/4711`, { Name: 'x' }),
      await send('POST', `${at}/values`, { Name: 'x', ParentCustomPropertyValueId: 99_999 }),
      await send('PUT', at, { Values: [{ CustomPropertyValueId: other.valueIds[0], Name: 'x' }] }),
      await send('PUT', at, { Values: [{ Name: ' ' }] }),
      await send('POST', `${template}/custom-lists`, { Active: true }),
      await send('POST', `${at}/values`, {}),
    ];
    expect(answers.map((answer) => answer.status)).toEqual([404, 404, 404, 404, 404, 400, 400, 400]);
  });
});

describe('22.1 custom properties', () => {
  const property = { ArtifactTypeId: 5, Name: 'Browser', CustomPropertyTypeId: 6, PropertyNumber: 1 };
  const text = { ...property, CustomPropertyTypeId: 1 };

  it('are defined with the list of the query, and read by name, plural and number with list and values', async () => {
    const { customListId } = await aCustomList(db, ['Chrome', 'Firefox']);
    const body = { ...property, Options: [{ CustomPropertyOptionId: 1, Value: 'N' }], Position: 3, Description: 'd' };
    const { status, json } = await send('POST', `${template}/custom-properties?custom_list_id=${customListId}`, body);
    expect(status).toBe(200);
    expect(json).toEqual({
      CustomPropertyId: expect.any(Number),
      ProjectTemplateId: 1,
      ArtifactTypeId: 5,
      Name: 'Browser',
      CustomList: expect.objectContaining({ CustomPropertyListId: customListId }),
      CustomPropertyFieldName: 'Custom_01',
      CustomPropertyTypeId: 6,
      CustomPropertyTypeName: 'List',
      IsDeleted: false,
      PropertyNumber: 1,
      SystemDataType: 'System.Int32',
      Options: [{ CustomPropertyOptionId: 1, Value: 'N' }],
      Position: 3,
      Description: 'd',
      Guid: expect.any(String),
      ConcurrencyGuid: expect.any(String),
      LastUpdateDate: expect.stringMatching(/\.\d{3}Z$/),
    });
    expect(json.CustomList.Values.map((value: { Name: string }) => value.Name)).toEqual(['Chrome', 'Firefox']);
    for (const path of ['TestRun', 'test-runs', '5']) {
      expect((await call('GET', `${template}/custom-properties/${path}`)).json).toEqual([json]);
      expect((await call('GET', `projects/${server.projectId}/custom-properties/${path}`)).json).toEqual([json]);
    }
    expect((await call('GET', `${template}/custom-properties/Release`)).json).toEqual([]);
  });

  it('a number is given once for each artifact type, and is free again after deletion', async () => {
    const { json } = await send('POST', `${template}/custom-properties`, text);
    expect((await send('POST', `${template}/custom-properties`, text)).status).toBe(409);
    expect((await send('POST', `${template}/custom-properties`, { ...text, ArtifactTypeId: 4 })).status).toBe(200);
    expect((await call('DELETE', `${template}/custom-properties/${json.CustomPropertyId}`)).status).toBe(200);
    expect((await call('DELETE', `${template}/custom-properties/${json.CustomPropertyId}`)).status).toBe(404);
    expect((await send('PUT', `${template}/custom-properties/${json.CustomPropertyId}`, json)).status).toBe(404);
    expect((await send('POST', `${template}/custom-properties`, text)).status).toBe(200);
  });

  it('an update changes name, options, position and description; a stale stamp is 409', async () => {
    const { json } = await send('POST', `${template}/custom-properties`, text);
    const at = `${template}/custom-properties/${json.CustomPropertyId}`;
    const Options = [{ CustomPropertyOptionId: 2, Value: '9' }];
    expect((await send('PUT', at, { ...json, Name: 'B', Options, Position: 2 })).status).toBe(200);
    expect((await send('PUT', at, { ...json, Name: 'C' })).status).toBe(409);
    expect((await call('GET', `${template}/custom-properties/5`)).json).toMatchObject([
      { Name: 'B', Options, Position: 2 },
    ]);
  });

  it('what values depend on stays', async () => {
    const { json } = await send('POST', `${template}/custom-properties`, text);
    const at = `${template}/custom-properties/${json.CustomPropertyId}`;
    const other = { ...json, ArtifactTypeId: 4, CustomPropertyTypeId: 2, PropertyNumber: 2 };
    const { status, json: fault } = await send('PUT', at, other);
    expect([status, fields(fault)]).toEqual([400, ['ArtifactTypeId', 'PropertyNumber', 'CustomPropertyTypeId']]);
  });

  it.each<[string, object, number, string]>([
    ['number 0', { PropertyNumber: 0 }, 400, 'PropertyNumber'],
    ['number 100', { PropertyNumber: 100 }, 400, 'PropertyNumber'],
    ['no name', { Name: '' }, 400, 'Name'],
    ['a type that is none', { CustomPropertyTypeId: 13 }, 400, 'CustomPropertyTypeId'],
    ['an artifact type without values', { ArtifactTypeId: 6 }, 400, 'ArtifactTypeId'],
    ['a list type without a list', { CustomPropertyTypeId: 6 }, 400, 'CustomList'],
    [
      'a list that does not exist',
      { CustomPropertyTypeId: 7, CustomList: { CustomPropertyListId: 4711 } },
      404,
      'CustomList',
    ],
    ['an option that is none', { Options: [{ CustomPropertyOptionId: 9 }] }, 400, 'Options[0].CustomPropertyOptionId'],
    ['a length that is no number', { Options: [{ CustomPropertyOptionId: 2, Value: 'x' }] }, 400, 'Options[0].Value'],
  ])('%s is refused', async (_what, change, status, field) => {
    const answer = await send('POST', `${template}/custom-properties`, { ...text, ...change });
    expect([answer.status, fields(answer.json)]).toEqual([status, [field]]);
  });

  it('the system administrator and administrators of a product may change the template, before the body is read', async () => {
    const manager = await server.userWithRole(2);
    for (const [method, path] of [
      ['POST', 'custom-properties'],
      ['PUT', 'custom-properties/1'],
      ['DELETE', 'custom-properties/1'],
      ['POST', 'custom-lists'],
      ['PUT', 'custom-lists/1'],
      ['POST', 'custom-lists/1/values'],
    ] as const) {
      const answer = await call(method, `${template}/${path}`, { as: manager, body: '{' });
      expect([method, path, answer.status]).toEqual([method, path, 403]);
    }
    const admin = await server.userWithRole(null);
    await db.query('update app_user set is_admin = true where user_id = $1', [admin.userId]);
    expect((await call('POST', `${template}/custom-lists`, { as: admin, body: { Name: 'x' } })).status).toBe(200);
    expect((await call('GET', `${template}/custom-lists`, { as: manager })).status).toBe(200);
    expect((await send('POST', 'project-templates/2/custom-lists', { Name: 'x' })).status).toBe(404);
  });
});

describe('22.3 values of runs', () => {
  let projectId: number;
  let testCaseId: number;
  let testStepId: number;

  beforeEach(async () => {
    projectId = await server.ownProject();
    testCaseId = await aTestCase(db, projectId);
    testStepId = await aTestStep(db, projectId, { testCaseId });
  });

  const automated = (more: object = {}) => aSentRun(testCaseId, more);
  const manual = (more: object = {}) => aSentManualRun({ testCaseId, testStepId }, more);
  const runs = () => `projects/${projectId}/test-runs`;
  const values = (...CustomProperties: object[]) => ({ CustomProperties });
  const storedRuns = async () => (await call('GET', `${runs()}/count`)).json;

  it('record answers and keeps them, each with its definition, its list and the values of the list', async () => {
    const { customListId, valueIds } = await aCustomList(db, ['Chrome', 'Firefox']);
    await aCustomProperty(db, { artifactTypeId: 5, propertyNumber: 1, customPropertyTypeId: 6, customListId });
    await aCustomProperty(db, { artifactTypeId: 5, propertyNumber: 2, customPropertyTypeId: 5 });
    const sent = [
      { PropertyNumber: 1, IntegerValue: valueIds[1], StringValue: 'ignored' },
      { PropertyNumber: 2, DateTimeValue: '2024-05-14T12:00:00Z' },
    ];
    const { status, json, text } = await send('POST', `${runs()}/record`, automated(values(...sent)));
    expect(status, text).toBe(200);
    const nothing = {
      StringValue: null,
      IntegerValue: null,
      BooleanValue: null,
      DateTimeValue: null,
      DecimalValue: null,
    };
    const Definition = (await call('GET', `${template}/custom-properties/TestRun`)).json;
    expect(json.CustomProperties).toEqual([
      { ...nothing, IntegerListValue: null, PropertyNumber: 1, IntegerValue: valueIds[1], Definition: Definition[0] },
      {
        ...nothing,
        IntegerListValue: null,
        PropertyNumber: 2,
        DateTimeValue: '2024-05-14T12:00:00.000Z',
        Definition: Definition[1],
      },
    ]);
    expect((await call('GET', `${runs()}/${json.TestRunId}`)).json.CustomProperties).toEqual(json.CustomProperties);
    const [listed] = (await call('GET', runs())).json;
    expect(listed.CustomProperties[0].Definition.CustomList).toMatchObject({ Name: 'List', Values: null });
    const search = (filter: object) => send('POST', `${runs()}/search?starting_row=1&number_of_rows=9`, [filter]);
    expect((await search({ PropertyName: 'Custom_01', IntValue: valueIds[1] })).json).toHaveLength(1);
    expect((await search({ PropertyName: 'Custom_01', IntValue: valueIds[0] })).json).toHaveLength(0);
    expect((await search({ PropertyName: 'Custom_03', IntValue: 1 })).status).toBe(400);
  });

  it('record-multiple keeps those of each run and reads the definitions once, only when a run has some', async () => {
    await aCustomProperty(db, { artifactTypeId: 5, propertyNumber: 1 });
    const body = Array.from({ length: 20 }, (_, at) =>
      automated(at % 2 === 0 ? values({ PropertyNumber: 1, StringValue: `v${at}` }) : {}),
    );
    const { status, json } = await send('POST', `${runs()}/record-multiple`, body);
    expect(status).toBe(200);
    expect(
      json.map((one: { CustomProperties: null | { StringValue: string }[] }) => one.CustomProperties?.[0]?.StringValue),
    ).toEqual(body.map((_, at) => (at % 2 === 0 ? `v${at}` : undefined)));
    const statements = await statementsOf(() => send('POST', `${runs()}/record-multiple`, body));
    expect(statements.filter((text) => text.includes('from custom_property'))).toHaveLength(2);
    const bare = body.map((one) => ({ ...one, ...values({ PropertyNumber: 7, StringValue: null }) }));
    const without = await statementsOf(() => send('POST', `${runs()}/record-multiple`, bare));
    expect(without.length).toBeGreaterThan(3);
    expect(without.filter((text) => text.includes('custom_'))).toEqual([
      expect.stringMatching(/^insert into test_run /),
    ]);
  });

  it('record-multiple names the bad item, the number and those that are defined, and stores nothing', async () => {
    await aCustomProperty(db, { artifactTypeId: 5, propertyNumber: 1, name: 'Browser' });
    const bad = automated(values({ PropertyNumber: 1, StringValue: 'x' }, { PropertyNumber: 4, StringValue: 'x' }));
    const { status, json } = await send('POST', `${runs()}/record-multiple`, [automated(), bad]);
    expect([status, json.Messages]).toEqual([
      400,
      [
        {
          FieldName: '[1].CustomProperties[1].PropertyNumber',
          Message: 'PropertyNumber 4 is no custom property of TestRun; defined are 1 Browser',
        },
      ],
    ]);
    expect(await storedRuns()).toBe(0);
  });

  it('PUT of manual runs keeps them, too', async () => {
    await aCustomProperty(db, { artifactTypeId: 5, propertyNumber: 1, customPropertyTypeId: 3 });
    const { status, json } = await send('PUT', runs(), [manual(values({ PropertyNumber: 1, DecimalValue: 1.5 }))]);
    expect(status).toBe(200);
    expect(json[0].CustomProperties).toMatchObject([
      { DecimalValue: 1.5, Definition: { CustomPropertyTypeName: 'Decimal' } },
    ]);
    const read = (await call('GET', `${runs()}/${json[0].TestRunId}/manual`)).json;
    expect(read.CustomProperties).toMatchObject([{ PropertyNumber: 1, DecimalValue: 1.5 }]);
    const refused = await send('PUT', runs(), [manual(values({ PropertyNumber: 2, DecimalValue: 1.5 }))]);
    expect([refused.status, fields(refused.json)]).toEqual([400, ['[0].CustomProperties[0].PropertyNumber']]);
  });

  it('ids that name nothing are 400: list value, user, release, host', async () => {
    const chosen = await aCustomList(db, ['x']);
    const other = await aCustomList(db, ['y']);
    const { customListId } = chosen;
    const elsewhere = await aProject(db);
    const types = [6, 7, 8, 10, 12];
    for (const [at, customPropertyTypeId] of types.entries()) {
      const list = customPropertyTypeId < 8 ? { customListId } : {};
      await aCustomProperty(db, { artifactTypeId: 5, propertyNumber: at + 1, customPropertyTypeId, ...list });
    }
    const of = (listValue: number, user: number, release: number, host: number) =>
      automated(
        values(
          { PropertyNumber: 1, IntegerValue: listValue },
          { PropertyNumber: 2, IntegerListValue: [chosen.valueIds[0], listValue] },
          { PropertyNumber: 3, IntegerValue: user },
          { PropertyNumber: 4, IntegerValue: release },
          { PropertyNumber: 5, IntegerValue: host },
        ),
      );
    const wrong = of(
      other.valueIds[0]!,
      (await server.userWithRole(null)).userId,
      await aRelease(db, elsewhere),
      await anAutomationHost(db, elsewhere),
    );
    const { status, json } = await send('POST', `${runs()}/record`, wrong);
    expect([status, fields(json)]).toEqual([
      400,
      [
        'CustomProperties[0].IntegerValue',
        'CustomProperties[1].IntegerListValue',
        'CustomProperties[2].IntegerValue',
        'CustomProperties[3].IntegerValue',
        'CustomProperties[4].IntegerValue',
      ],
    ]);
    const right = of(
      chosen.valueIds[0]!,
      server.owner.userId,
      await aRelease(db, projectId),
      await anAutomationHost(db, projectId),
    );
    const taken = await send('POST', `${runs()}/record`, right);
    expect(taken.status, taken.text).toBe(200);
    expect(taken.json.CustomProperties).toHaveLength(5);
    await db.query('update custom_list_value set is_active = false where custom_list_id = $1', [customListId]);
    expect(fields((await send('POST', `${runs()}/record`, right)).json)).toHaveLength(2);
  });

  it('required properties bind runs that bring values, not recorders that know of none', async () => {
    await aCustomProperty(db, { artifactTypeId: 5, propertyNumber: 1, options: JSON.stringify({ '1': 'N' }) });
    await aCustomProperty(db, { artifactTypeId: 5, propertyNumber: 2 });
    expect((await send('POST', `${runs()}/record`, automated())).status).toBe(200);
    const refused = await send('POST', `${runs()}/record`, automated(values({ PropertyNumber: 2, StringValue: 'x' })));
    expect([refused.status, fields(refused.json)]).toEqual([400, ['CustomProperties']]);
  });
});

describe('22.3 values of what is edited', () => {
  const p = () => `projects/${server.projectId}`;
  const dates = { StartDate: '2024-01-01', EndDate: '2024-02-01' };
  const edited: [what: string, artifactTypeId: number, path: string, id: string, body: object][] = [
    ['a requirement', 1, 'requirements', 'RequirementId', { Name: 'x', RequirementTypeId: 2 }],
    ['a test case', 2, 'test-cases', 'TestCaseId', { Name: 'x' }],
    ['an incident', 3, 'incidents', 'IncidentId', { Name: 'x', Description: 'd' }],
    ['a release', 4, 'releases', 'ReleaseId', { Name: 'x', ReleaseStatusId: 1, ReleaseTypeId: 1, ...dates }],
    ['a test set', 8, 'test-sets', 'TestSetId', { Name: 'x', TestSetStatusId: 1, TestRunTypeId: 1 }],
    ['an automation host', 9, 'automation-hosts', 'AutomationHostId', { Name: 'x', Token: 'x' }],
  ];

  it.each(edited)('%s follows the one rule', async (_what, artifactTypeId, path, id, body) => {
    await db.query('update automation_host set is_deleted = true');
    const first = await aCustomProperty(db, {
      artifactTypeId,
      propertyNumber: 1,
      options: JSON.stringify({ '1': 'N', '2': '5' }),
    });
    await aCustomProperty(db, { artifactTypeId, propertyNumber: 2, customPropertyTypeId: 8 });
    const post = (CustomProperties: object[]) => send('POST', `${p()}/${path}`, { ...body, CustomProperties });
    const created = await post([{ PropertyNumber: 1, StringValue: 'one' }]);
    expect(created.status, created.text).toBe(200);
    const at = `${p()}/${path}/${created.json[id]}`;
    const read = async () => (await call('GET', at)).json;
    const put = async (CustomProperties: object[] | null) =>
      send('PUT', path === 'incidents' ? at : `${p()}/${path}`, { ...(await read()), CustomProperties });

    expect((await put([{ PropertyNumber: 2, IntegerValue: server.owner.userId }])).status).toBe(200);
    expect((await put(null)).status).toBe(200);
    expect((await put([{ PropertyNumber: 77, StringValue: null }])).status).toBe(200);
    const stored = await read();
    expect(stored.CustomProperties).toMatchObject([
      { PropertyNumber: 1, StringValue: 'one', Definition: { ArtifactTypeId: artifactTypeId, Name: 'Field 1' } },
      { PropertyNumber: 2, IntegerValue: server.owner.userId },
    ]);
    expect((await put(stored.CustomProperties)).status).toBe(200);

    for (const [sent, field] of [
      [{ PropertyNumber: 3, StringValue: 'x' }, 'PropertyNumber'],
      [{ PropertyNumber: 1, StringValue: 'too long' }, 'StringValue'],
      [{ PropertyNumber: 1, StringValue: '' }, 'StringValue'],
      [{ PropertyNumber: 2, IntegerValue: 99_999 }, 'IntegerValue'],
    ] as const) {
      const refused = await put([sent]);
      expect([refused.status, fields(refused.json)]).toEqual([400, [`CustomProperties[0].${field}`]]);
    }
    expect((await post([{ PropertyNumber: 3, StringValue: 'x' }])).status).toBe(400);
    expect((await put([{ PropertyNumber: 2, IntegerValue: null }])).status).toBe(200);
    expect((await read()).CustomProperties).toHaveLength(1);

    await db.query('update custom_property set is_deleted = true where custom_property_id = $1', [first]);
    expect((await read()).CustomProperties).toBeNull();
    await aCustomProperty(db, { artifactTypeId, propertyNumber: 1 });
    expect((await read()).CustomProperties).toBeNull();
    const again = await put([{ PropertyNumber: 1, StringValue: 'new' }]);
    expect(again.status, again.text).toBe(200);
    expect((await read()).CustomProperties).toMatchObject([{ StringValue: 'new' }]);
  });

  it('test steps have them, alone, several at once and inside their test case', async () => {
    await aCustomProperty(db, { artifactTypeId: 7, propertyNumber: 1 });
    const testCaseId = await aTestCase(db, server.projectId);
    const at = `${p()}/test-cases/${testCaseId}`;
    const step = (StringValue: string, PropertyNumber = 1) => ({
      Description: 'd',
      CustomProperties: [{ PropertyNumber, StringValue }],
    });
    const { json } = await send('POST', `${at}/test-steps`, step('a'));
    expect(json.CustomProperties).toMatchObject([{ StringValue: 'a', Definition: { ArtifactTypeId: 7 } }]);
    expect(
      (await send('PUT', `${at}/test-steps`, { ...json, CustomProperties: step('b').CustomProperties })).status,
    ).toBe(200);
    const wrong = await send('POST', `${at}/test-steps/multiple`, [step('c'), step('d', 2)]);
    expect([wrong.status, fields(wrong.json)]).toEqual([400, ['[1].CustomProperties[0].PropertyNumber']]);
    expect((await send('POST', `${at}/test-steps/multiple`, [step('c'), step('d')])).status).toBe(200);
    const { TestSteps } = (await call('GET', at)).json;
    expect(TestSteps.map((one: { CustomProperties: object[] }) => one.CustomProperties)).toMatchObject(
      ['b', 'c', 'd'].map((StringValue) => [{ StringValue, Definition: { Name: 'Field 1' } }]),
    );
  });

  it('documents have them', async () => {
    await aCustomProperty(db, { artifactTypeId: 13, propertyNumber: 1 });
    const document = (PropertyNumber: number) => ({
      FilenameOrUrl: 'http://example.com',
      CustomProperties: [{ PropertyNumber, StringValue: 'x' }],
    });
    const { status, json } = await send('POST', `${p()}/documents/url`, document(1));
    expect([status, json.CustomProperties]).toMatchObject([200, [{ StringValue: 'x' }]]);
    expect((await send('POST', `${p()}/documents/url`, document(2))).status).toBe(400);
  });

  it('an answer in XML shows the definition, too', async () => {
    const { customListId, valueIds } = await aCustomList(db, ['Chrome']);
    await aCustomProperty(db, { artifactTypeId: 4, propertyNumber: 1, customPropertyTypeId: 6, customListId });
    const body = {
      ...edited[3]![4],
      CustomProperties: [{ PropertyNumber: 1, IntegerValue: valueIds[0] }],
    };
    const { json } = await send('POST', `${p()}/releases`, body);
    const { text } = await call('GET', `${p()}/releases/${json.ReleaseId}`, { headers: { accept: 'application/xml' } });
    expect(text).toContain('<Name>Chrome</Name>');
    expect(text).toContain('<CustomPropertyFieldName>Custom_01</CustomPropertyFieldName>');
  });
});

const watched = new WeakSet<object>();
let seen: string[] = [];
db.pool.on('acquire', (client) => {
  if (watched.has(client)) return;
  watched.add(client);
  const query = client.query.bind(client) as (...sent: unknown[]) => unknown;
  const watching = (...sent: unknown[]) => {
    const [statement] = sent;
    seen.push(typeof statement === 'string' ? statement : String((statement as { text?: string }).text));
    return query(...sent);
  };
  Object.assign(client, { query: watching });
});

/** Returns the statements that are sent to the database for a call. */
async function statementsOf(work: () => Promise<unknown>): Promise<string[]> {
  seen = [];
  await work();
  return seen;
}
