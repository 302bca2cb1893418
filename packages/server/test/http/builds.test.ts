import { beforeEach, describe, expect, it } from 'vitest';
import { aBuild, aRelease, aTestSet } from '../support/builders.ts';
import { testDatabase } from '../support/database.ts';
import { type CallOptions, spiraServer } from '../support/spira-server.ts';

const db = await testDatabase();
const server = await spiraServer(db);
let projectId: number;
let releaseId: number;

const call = (method: string, below = '', options?: CallOptions) =>
  server.call(method, `projects/${projectId}/releases/${releaseId}/builds${below}`, options);
const names = (answer: { json: { Name: string }[] }) => answer.json.map((build) => build.Name);

beforeEach(async () => {
  projectId = await server.ownProject();
  releaseId = await aRelease(db, projectId);
});

describe('creating builds', () => {
  it('answers the build with every documented member, revisions in order', async () => {
    const { status, json } = await call('POST', '', {
      body: {
        BuildStatusId: '2',
        ProjectId: '99',
        ReleaseId: '99',
        Name: '#17',
        Description: '<pre>log</pre>',
        CreationDate: '2026-03-01T10:00:00.120',
        Revisions: [
          { BuildId: 0, RevisionKey: 'b' },
          { RevisionKey: 'a', CreationDate: '2026-02-28T09:00:00Z' },
        ],
      },
    });
    expect(status).toBe(200);
    expect(json).toEqual({
      BuildId: expect.any(Number),
      Guid: expect.stringMatching(/^[0-9a-f-]{36}$/),
      BuildStatusId: 2,
      BuildStatusName: 'Succeeded',
      ProjectId: projectId,
      ReleaseId: releaseId,
      ReleaseGuid: expect.stringMatching(/^[0-9a-f-]{36}$/),
      Name: '#17',
      Description: '<pre>log</pre>',
      LastUpdateDate: expect.stringMatching(/\.\d{3}Z$/),
      CreationDate: '2026-03-01T10:00:00.120Z',
      Revisions: [
        { BuildId: json.BuildId, RevisionKey: 'b', CreationDate: null },
        { BuildId: json.BuildId, RevisionKey: 'a', CreationDate: '2026-02-28T09:00:00.000Z' },
      ],
    });
    expect((await call('GET', `/${json.BuildId}`)).json).toEqual(json);
  });

  it('takes a body with a trailing comma and raw line breaks, as CI servers send it', async () => {
    const body = `{"BuildStatusId": "1","Name": "b","Description": "line\n\tline","Revisions": [{"RevisionKey": "a"},]}`;
    const { status, json } = await call('POST', '', { body });
    expect(status).toBe(200);
    expect(json).toMatchObject({ Description: 'line\n\tline', CreationDate: '2026-03-02T12:00:00.000Z' });
    expect(json.Revisions).toHaveLength(1);
  });

  it('an unknown release, and release -1, is 404', async () => {
    const body = { BuildStatusId: 1, Name: 'b' };
    for (const id of [-1, 0, 99_999, 99_999_999_999]) {
      expect((await server.call('POST', `projects/${projectId}/releases/${id}/builds`, { body })).status).toBe(404);
    }
  });

  it('needs a name, a status, and a status of the table', async () => {
    expect((await call('POST', '', { body: { BuildStatusId: 1 } })).status).toBe(400);
    expect((await call('POST', '', { body: { Name: 'b' } })).status).toBe(400);
    const outside = await call('POST', '', { body: { Name: 'b', BuildStatusId: 5 } });
    expect(outside.status).toBe(400);
    expect(outside.json.Message).toContain('Database foreign key violation occurred');
    expect((await call('POST', '', { body: { Name: 'b', BuildStatusId: 1, Revisions: [{}] } })).status).toBe(400);
    expect((await call('GET')).json).toEqual([]);
  });

  it('3.4 gives automatically scheduled sets of the release a new planned date', async () => {
    const scheduled = { releaseId, isAutoScheduled: true, buildExecuteTimeInterval: 90 };
    const due = await aTestSet(db, projectId, scheduled);
    const others = [
      await aTestSet(db, projectId, { ...scheduled, isAutoScheduled: false }),
      await aTestSet(db, projectId, { ...scheduled, releaseId: await aRelease(db, projectId) }),
    ];
    await call('POST', '', { body: { BuildStatusId: 2, Name: 'b', CreationDate: '2026-03-01T10:00:00Z' } });
    const planned = async (id: number) => (await server.call('GET', `projects/${projectId}/test-sets/${id}`)).json;
    expect(await planned(due)).toMatchObject({ PlannedDate: '2026-03-01T10:01:30.000Z', TestSetStatusId: 1 });
    for (const id of others) expect((await planned(id)).PlannedDate).toBeNull();
  });

  it('is open to the Automation role, which sees no builds; an Observer sees them and creates none', async () => {
    releaseId = await aRelease(db, server.projectId);
    projectId = server.projectId;
    const body = { BuildStatusId: 2, Name: 'b' };
    const machine = await server.userWithRole(7);
    const observer = await server.userWithRole(5);
    expect((await call('POST', '', { as: machine, body })).status).toBe(200);
    expect((await call('POST', '', { as: machine, body: [] })).status).toBe(403);
    for (const refused of [body, {}, { BuildStatusId: 'x' }]) {
      expect((await call('POST', '', { as: observer, body: refused })).status).toBe(403);
    }
    expect(names(await call('POST', '', { as: observer, body: [] }))).toEqual(['b']);
  });
});

describe('reading builds', () => {
  beforeEach(async () => {
    const at = (day: number) => new Date(Date.UTC(2026, 1, day));
    await aBuild(db, projectId, { releaseId, name: 'old', createdAt: at(1), buildStatusId: 1, description: 'log' });
    await aBuild(db, projectId, { releaseId, name: 'new', createdAt: at(3), description: 'log' });
    await aBuild(db, projectId, { releaseId, name: 'middle', createdAt: at(2), description: 'log' });
    await aBuild(db, projectId, { releaseId: await aRelease(db, projectId), name: 'elsewhere' });
  });

  it('lists the newest first, without revisions, and without logs where they are not wanted', async () => {
    const answer = await call('GET');
    expect(names(answer)).toEqual(['new', 'middle', 'old']);
    expect(answer.json[0]).toMatchObject({ Description: 'log', Revisions: null });
    const short = await call('GET', '/no_description');
    expect(names(short)).toEqual(['new', 'middle', 'old']);
    expect(short.json[0].Description).toBeNull();
    const { BuildId } = short.json[0];
    expect((await call('GET', `/${BuildId}/no_description`)).json).toMatchObject({ Description: null, Name: 'new' });
  });

  it('a list, or nothing, as body searches on the path that creates', async () => {
    expect(names(await call('POST', '?starting_row=2&number_of_rows=1'))).toEqual(['middle']);
    const filters = [{ PropertyName: 'BuildStatusId', IntValue: 1 }];
    expect(names(await call('POST', '?sort_by=Name DESC', { body: filters }))).toEqual(['old']);
    expect(names(await call('POST', '?sort_by=Name DESC', { body: [] }))).toEqual(['old', 'new', 'middle']);
    expect((await call('POST', '', { body: [{ PropertyName: 'Nothing', IntValue: 1 }] })).status).toBe(400);
  });

  it('a build of another release is 404, and after deletion all are', async () => {
    const other = await aBuild(db, projectId, { releaseId: await aRelease(db, projectId) });
    expect((await call('GET', `/${other}`)).status).toBe(404);
    expect((await call('DELETE')).status).toBe(200);
    expect((await call('GET')).json).toEqual([]);
  });
});
