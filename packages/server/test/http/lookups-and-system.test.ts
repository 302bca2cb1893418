import { describe, expect, it } from 'vitest';
import * as tables from '../../src/domain/tables.ts';
import { anApiKey, aProject, aTestCase, aUser } from '../support/builders.ts';
import { testDatabase } from '../support/database.ts';
import { spiraServer } from '../support/spira-server.ts';

const db = await testDatabase();
const server = await spiraServer(db);
const call = (path: string, options = {}) => server.call('GET', path, options);

async function anOutsider() {
  const login = `outsider-${crypto.randomUUID()}`;
  const userId = await aUser(db, { login });
  return { userId, login, apiKey: await anApiKey(db, userId) };
}

describe('lookups of the template', () => {
  it.each([
    ['test-cases/types', 'TestCaseTypeId', tables.testCaseTypes],
    ['test-cases/statuses', 'TestCaseStatusId', tables.testCaseStatuses],
    ['test-cases/priorities', 'PriorityId', tables.priorities],
    ['releases/types', 'ReleaseTypeId', tables.releaseTypes],
    ['releases/statuses', 'ReleaseStatusId', tables.releaseStatuses],
    ['requirements/types', 'RequirementTypeId', tables.requirementTypes],
    ['requirements/statuses', 'RequirementStatusId', tables.requirementStatuses],
    ['requirements/importances', 'ImportanceId', tables.importances],
    ['incidents/types', 'IncidentTypeId', tables.incidentTypes],
    ['incidents/statuses', 'IncidentStatusId', tables.incidentStatuses],
    ['incidents/priorities', 'PriorityId', tables.priorities],
    ['incidents/severities', 'SeverityId', tables.severities],
    ['document-types', 'DocumentTypeId', tables.documentTypes],
  ])('%s has the ids and names that requests may send', async (path, key, table) => {
    const { status, json } = await call(`project-templates/1/${path}`);
    expect(status).toBe(200);
    expect(json.map((value: Record<string, unknown>) => [value[key], value['Name']])).toEqual([...table]);
  });

  it('the members of a type, a status and a priority are the documented ones', async () => {
    const first = async (path: string) => (await call(`project-templates/1/${path}`)).json[0];
    const stamps = { Guid: null, ConcurrencyGuid: null, LastUpdateDate: null };
    expect(await first('test-cases/types')).toEqual({
      TestCaseTypeId: 1,
      Name: 'Acceptance',
      WorkflowId: 1,
      IsActive: true,
      IsDefault: false,
      IsExploratory: false,
      IsBdd: false,
      Position: 1,
      ...stamps,
    });
    expect(await first('incidents/statuses')).toEqual({
      IncidentStatusId: 1,
      Name: 'New',
      Active: true,
      Open: true,
      ...stamps,
    });
    expect(await first('test-cases/priorities')).toEqual({
      PriorityId: 1,
      Name: '1 - Critical',
      Active: true,
      Color: expect.stringMatching(/^[0-9a-f]{6}$/),
      Score: 1,
      ...stamps,
    });
  });

  it('the defaults of incidents can be asked for', async () => {
    expect((await call('project-templates/1/incidents/types/default')).json.IncidentTypeId).toBe(1);
    expect((await call('project-templates/1/incidents/statuses/default')).json.Name).toBe('New');
  });

  it.each([
    'incidents/priorities',
    'incidents/severities',
    'incidents/statuses',
    'incidents/types',
    'requirements/types',
    'requirements/importances',
    'requirements/statuses',
    'tasks/types',
    'tasks/priorities',
    'tasks/statuses',
    'test-cases/types',
    'test-cases/priorities',
    'test-cases/statuses',
    'custom-lists',
    'custom-properties/Incident',
  ])('2.2 v5.0 clients ask for %s by product', async (path) => {
    const old = await call(`projects/${server.projectId}/${path}`, { version: 'v5_0' });
    expect(old.status).toBe(200);
    expect(old.json).toEqual((await call(`project-templates/1/${path}`)).json);
  });

  it('custom properties are asked for by name, plural or number; an unknown type is 404', async () => {
    for (const name of ['TestRun', 'test-runs', '5', 'AutomationHost']) {
      const answer = await call(`project-templates/1/custom-properties/${name}`);
      expect([answer.status, answer.json]).toEqual([200, []]);
    }
    expect((await call('project-templates/1/custom-properties/Nonsense')).status).toBe(404);
    expect((await call('project-templates/1/custom-lists')).json).toEqual([]);
    expect((await call('project-templates/1/custom-lists/1')).status).toBe(404);
  });

  it('there is one template, and it is that of every product', async () => {
    const template = expect.objectContaining({ ProjectTemplateId: 1, IsActive: true });
    expect((await call('project-templates')).json).toEqual([template]);
    expect((await call('project-templates/1')).json).toEqual(template);
    expect((await call(`projects/${server.projectId}`)).json.ProjectTemplateId).toBe(1);
    for (const path of ['project-templates/2', 'project-templates/2/test-cases/types', 'project-templates/x']) {
      expect((await call(path)).status).toBe(404);
    }
  });

  it('somebody who is a member nowhere is refused', async () => {
    const as = await anOutsider();
    expect((await call('project-templates/1/test-cases/types', { as })).status).toBe(403);
    expect((await call('project-templates/1/custom-properties/TestRun', { as })).status).toBe(403);
  });
});

describe('system', () => {
  it('the version splits at its dots into four integers', async () => {
    expect((await call('system/product-version')).json).toEqual({ Version: '7.0.0.0', Patch: 0 });
  });

  it('the product name, the time and the address are JSON strings', async () => {
    expect((await call('system/settings/product-name')).text).toBe('"SpiraTest"');
    expect((await call('system/settings/server-date-time')).json).toBe('2026-03-02T12:00:00.000Z');
    expect((await call('system/settings/web-server-url')).json).toMatch(/^http:\/\/[^/]+$/);
    expect((await call('system/settings')).json).toContainEqual({ Name: 'ProductName', Value: 'SpiraTest' });
    expect((await call('system/product-version', { as: null })).status).toBe(401);
  });

  it('the page of an artifact is built, not looked up; an unsupported kind is 404', async () => {
    const page = (kind: number, tab = '') => call(`system/artifact-types/${kind}/project/24/artifact/8801${tab}`);
    expect((await page(5)).text).toBe('"~/24/TestRun/8801.aspx"');
    expect((await page(3, '?tab_name=Comments')).json).toBe('~/24/Incident/8801/Comments.aspx');
    expect((await page(3, '?tab_name=../x')).json).toBe('~/24/Incident/8801.aspx');
    for (const kind of [-1, 0, 10, 99]) expect((await page(kind)).status).toBe(404);
  });

  it('the product of an artifact is told to members only', async () => {
    const own = await aTestCase(db, server.projectId);
    const other = await aTestCase(db, await aProject(db));
    expect((await call(`system/artifact-types/2/${own}/project-id`)).json).toBe(server.projectId);
    expect((await call(`system/artifact-types/2/${other}/project-id`)).status).toBe(404);
    expect((await call(`system/artifact-types/6/${own}/project-id`)).status).toBe(404);
  });
});
