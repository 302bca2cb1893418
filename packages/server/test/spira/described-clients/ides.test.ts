import { describe, expect, test } from 'vitest';
import { anIncident, aRelease, aRequirement } from '../../support/builders.ts';
import { testDatabase } from '../../support/database.ts';
import { describedClient, expectSuccess, expectThreeDigits } from '../../support/described-client.ts';
import { spiraServer } from '../../support/spira-server.ts';

// Editors that show what their user has to do: Visual Studio Code, IntelliJ, Eclipse.

const db = await testDatabase();
const server = await spiraServer(db);
const p = server.projectId;
const { userId: ownerId, login } = server.owner;
const releaseId = await aRelease(db, p, { versionNumber: '1.0' });
const requirementId = await aRequirement(db, p, { ownerId, name: 'Sign in', releaseId });
const incidentId = await anIncident(db, p, { ownerId, name: 'It breaks', detectedReleaseId: releaseId });

const newTask = { Name: 'New', OwnerId: ownerId, TaskStatusId: 1, TaskTypeId: 1 };

describe('Visual Studio Code (v5.0, raw braces, no Content-Type on GETs)', async () => {
  const manner = { base: '/services/v5_0/RestService.svc/', credentials: 'rawQuery' } as const;
  const reader = await describedClient(server, { ...manner, headers: [['accept', 'application/json']] });
  const writer = await describedClient(server, {
    ...manner,
    headers: [
      ['Content-Type', 'application/json'],
      ['accept', 'application/json'],
    ],
  });

  test('all three lists of the caller come, the empty one of tasks included, or it shows none of them', async () => {
    const { json: requirements } = expectSuccess(await reader.get('requirements'));
    expect(requirements).toMatchObject([
      { RequirementId: requirementId, ProjectId: p, ProjectName: 'Library', StatusName: expect.any(String) },
    ]);
    expect(requirements[0]).toHaveProperty('ImportanceName');
    const { json: incidents } = expectSuccess(await reader.get('incidents'));
    expect(incidents).toMatchObject([
      { IncidentId: incidentId, ProjectName: 'Library', IncidentTypeName: 'Incident', IncidentStatusName: 'New' },
    ]);
    expect(expectSuccess(await reader.get('tasks')).json).toEqual([]);
  });

  test('the products and the caller that a new task is made with', async () => {
    expect(expectSuccess(await reader.get('projects')).json).toMatchObject([{ ProjectId: p, Name: 'Library' }]);
    expect(expectSuccess(await reader.get('users')).json.UserId).toBe(ownerId);
  });

  test('a new task is refused with a body, in which it looks for the name', async () => {
    const answer = await writer.post(`projects/${p}/tasks`, newTask);
    expect(answer.status).toBe(404);
    expect(answer.json.Name).toBeUndefined();
  });
});

describe('IntelliJ (v5.0, raw braces, Java)', async () => {
  const java = ['User-Agent', 'Java/17.0.3'] as const;
  const accept = ['accept', 'application/json; charset=utf-8'] as const;
  const manner = { base: '/services/v5_0/RestService.svc/', credentials: 'rawQuery', cutsToBytes: true } as const;
  const reader = await describedClient(server, { ...manner, headers: [accept, java] });
  const writer = await describedClient(server, {
    ...manner,
    headers: [accept, ['Content-Type', 'application/json; charset=utf-8'], java],
  });

  test.each([
    'requirements',
    'tasks',
    'incidents',
    'projects',
    `projects/${p}/users`,
    `projects/${p}/incidents/priorities`,
    `projects/${p}/incidents/types`,
    `projects/${p}/requirements/types`,
    `projects/${p}/tasks/types`,
  ])('%s is a list', async (path) => {
    expect(expectSuccess(await reader.get(path)).json).toBeInstanceOf(Array);
  });

  test('the caller keeps the letter case of the login; roles have permissions with three ids', async () => {
    expect(expectSuccess(await reader.get('users')).json.UserName).toBe(login);
    const { json: roles } = expectSuccess(await reader.get('projects-roles'));
    const permissions = roles.flatMap((role: { Permissions: Record<string, number>[] }) => role.Permissions);
    expect(permissions.length).toBeGreaterThan(0);
    for (const permission of permissions) {
      for (const name of ['ProjectRoleId', 'ArtifactTypeId', 'PermissionId']) {
        expect(permission[name], name).toBeTypeOf('number');
      }
    }
    const mayCreateIncidents = permissions.filter(
      ({ ArtifactTypeId, PermissionId }: Record<string, number>) => ArtifactTypeId === 3 && PermissionId === 1,
    );
    expect(mayCreateIncidents.length).toBeGreaterThan(0);
  });

  test('a requirement and an incident are created, a task is refused', async () => {
    const requirement = { Name: 'Größer', Description: 'é', RequirementTypeId: 2, OwnerId: ownerId };
    expect(expectSuccess(await writer.post(`projects/${p}/requirements`, requirement)).json).toMatchObject(requirement);
    const incident = { Name: 'Neu', Description: '', IncidentTypeId: 1, PriorityId: 1, OwnerId: ownerId };
    expect(expectSuccess(await writer.post(`projects/${p}/incidents`, incident)).json).toMatchObject(incident);
    expect((await writer.post(`projects/${p}/tasks`, newTask)).status).toBe(404);
  });
});

describe('Eclipse (v6.0, headers, Gson)', async () => {
  const client = await describedClient(server, {
    base: '/Services/v6_0/RestService.svc/',
    credentials: 'headers',
    headers: [
      ['accept', 'application/json; charset=utf-8'],
      ['Content-Type', 'application/json; charset=utf-8'],
      ['User-Agent', 'Java/11.0.2'],
    ],
    cutsToBytes: true,
  });

  /** Gson fails at a broken number where a whole one is wanted, and at anything but a list where one is. */
  function expectForGson(object: Record<string, unknown>, lists: readonly string[]): void {
    for (const [name, value] of Object.entries(object)) {
      if (name.endsWith('Id') || name.endsWith('Effort') || name.startsWith('Count') || name.endsWith('Percent')) {
        expect(value === null || Number.isInteger(value), name).toBe(true);
      }
    }
    for (const name of lists) expect(object[name] ?? [], name).toBeInstanceOf(Array);
  }

  test('its connection test: the caller, the name of the product, a version of integers', async () => {
    expect(expectSuccess(await client.get('users')).json).toMatchObject({ UserId: ownerId, Active: true });
    expect(expectSuccess(await client.get('system/settings/product-name')).json).toMatch(/^Spira/);
    const { json: version } = expectSuccess(await client.get('system/product-version'));
    for (const part of version.Version.split('.').slice(0, 3)) expect(part).toMatch(/^\d+$/);
    expect(Number.isInteger(version.Patch)).toBe(true);
  });

  test('the lists that its forms choose from', async () => {
    const { json: project } = expectSuccess(await client.get(`projects/${p}`));
    const template = `project-templates/${project.ProjectTemplateId}`;
    const paths = [
      ...['statuses', 'types', 'priorities', 'severities'].map((list) => `${template}/incidents/${list}`),
      ...['statuses', 'types', 'importances'].map((list) => `${template}/requirements/${list}`),
      ...['statuses', 'types', 'priorities'].map((list) => `${template}/tasks/${list}`),
      ...['Incident', 'Requirement', 'Task'].map((type) => `${template}/custom-properties/${type}`),
      `projects/${p}/users`,
      `projects/${p}/releases`,
      `projects/${p}/components?active_only=true&include_deleted=false`,
      'incidents',
      'requirements',
      'tasks',
    ];
    for (const path of paths) expect(expectSuccess(await client.get(path)).json, path).toBeInstanceOf(Array);
  });

  test.each([
    ['incidents', incidentId, 3, 'is_detector'],
    ['requirements', requirementId, 1, 'is_creator'],
  ] as const)(
    'opening one of the %s: it, its comments, its documents and its workflow',
    async (things, id, type, is) => {
      const { json: artifact } = expectSuccess(await client.get(`projects/${p}/${things}/${id}`));
      expectForGson(artifact, ['CustomProperties', 'TestRunStepIds', 'ComponentIds', 'Steps']);
      expectThreeDigits(artifact);
      expect(artifact).toMatchObject({ ProjectId: p, ArtifactTypeId: type, ConcurrencyDate: expect.any(String) });
      const workflow = `${things}/types/1/workflow`;
      for (const path of [
        `projects/${p}/${things}/${id}/comments`,
        `projects/${p}/artifact-types/${type}/artifacts/${id}/documents`,
        `projects/${p}/${workflow}/transitions?status_id=1&${is}=true&isOwner=false`,
        `project-templates/1/${workflow}/fields?status_id=1`,
        `project-templates/1/${workflow}/custom-properties?status_id=1`,
      ]) {
        expect(expectSuccess(await client.get(path)).json, path).toBeInstanceOf(Array);
      }
    },
  );

  const withoutZone = (artifact: Record<string, unknown>) =>
    Object.fromEntries(
      Object.entries(artifact)
        .filter(([, value]) => value !== null)
        .map(([name, value]) => [
          name,
          name.endsWith('Date') && name !== 'ConcurrencyDate' ? String(value).replace('Z', '') : value,
        ]),
    );

  test('an incident is put back, then a list of one comment; a stale one is 409 with a body', async () => {
    const path = `projects/${p}/incidents/${incidentId}`;
    const { json: incident } = await client.get(path);
    expectSuccess(await client.put(path, { ...withoutZone(incident), Name: 'It breaks still' }));
    const comment = {
      ArtifactId: incidentId,
      Text: 'déjà vu',
      CreationDate: '2024-05-14T12:00:00.123',
      IsDeleted: false,
    };
    const { json: comments } = expectSuccess(await client.post(`${path}/comments`, [comment]));
    expect([comments].flat()).toMatchObject([{ Text: 'déjà vu', CreationDate: '2024-05-14T12:00:00.123Z' }]);
    expect((await client.put(path, { ...withoutZone(incident), Name: 'Late' })).status).toBe(409);
  });

  test('a requirement is put back in its list, then one bare comment', async () => {
    const path = `projects/${p}/requirements`;
    const { json: requirement } = await client.get(`${path}/${requirementId}`);
    expectSuccess(await client.put(path, { ...withoutZone(requirement), Name: 'Sign in, quickly' }));
    const { json: after } = await client.get(`${path}/${requirementId}`);
    expect(after.Name).toBe('Sign in, quickly');
    const comment = { ArtifactId: requirementId, Text: 'why', CreationDate: '2024-05-14T12:00:00.123' };
    expect(expectSuccess(await client.post(`${path}/${requirementId}/comments`, comment)).json).toBeTypeOf('object');
  });

  test('what does not hold is 400 with the word that it looks for', async () => {
    const { json: incident } = await client.get(`projects/${p}/incidents/${incidentId}`);
    const answer = await client.put(`projects/${p}/incidents/${incidentId}`, { ...incident, IncidentTypeId: 99 });
    expect(answer.status).toBe(400);
    expect(answer.body).toContain('ValidationFaultMessage');
  });

  test('a file is sent as a list of signed bytes, and read as base64 text', async () => {
    const { json: document } = expectSuccess(
      await client.post(`projects/${p}/documents/file`, {
        AttachmentTypeId: 1,
        FilenameOrUrl: 'shot.png',
        Description: 'x',
        Size: 4,
        AttachedArtifacts: [{ ArtifactId: incidentId, ArtifactTypeId: 3 }],
        BinaryData: [-119, 80, 78, 71],
        ProjectId: 0,
        ArtifactTypeId: 0,
        IsAttachments: false,
      }),
    );
    expectForGson(document, ['AttachedArtifacts', 'Versions', 'CustomProperties']);
    const path = `projects/${p}/documents/${document.AttachmentId}`;
    expectForGson(expectSuccess(await client.get(path)).json, ['AttachedArtifacts', 'Versions']);
    const { json: bytes } = expectSuccess(await client.get(`${path}/open`));
    expect(Buffer.from(bytes, 'base64')).toEqual(Buffer.from([0x89, 0x50, 0x4e, 0x47]));
  });

  test('every refusal has a body for the stream that it reads without asking', async () => {
    for (const path of [`projects/${p}/incidents/404404`, 'projects/404404', 'nothing']) {
      expect((await client.get(path)).body.length, path).toBeGreaterThan(0);
    }
  });
});
