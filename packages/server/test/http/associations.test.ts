import { beforeEach, describe, expect, it } from 'vitest';
import { aMember, aRequirement, aTestCase } from '../support/builders.ts';
import { testDatabase } from '../support/database.ts';
import { aRunStep, someRuns } from '../support/runs.ts';
import { type CallOptions, spiraServer } from '../support/spira-server.ts';

const db = await testDatabase();
const server = await spiraServer(db);
let projectId: number;
let requirementId: number;
let incidentId: number;

const call = (method: string, path: string, options?: CallOptions) =>
  server.call(method, `projects/${projectId}/${path}`, options);
const link = (members: object = {}) => ({
  SourceArtifactTypeId: 3,
  SourceArtifactId: incidentId,
  DestArtifactTypeId: 1,
  DestArtifactId: requirementId,
  ArtifactLinkTypeId: 1,
  Comment: 'because',
  ...members,
});
const create = (members: object = {}) => call('POST', 'associations', { body: link(members) });

beforeEach(async () => {
  projectId = await server.ownProject();
  requirementId = await aRequirement(db, projectId, { name: 'Log in' });
  incidentId = (await call('POST', 'incidents', { body: { Name: 'Crash' } })).json.IncidentId;
});

describe('associations', () => {
  it('are made between two artifacts and told from either end', async () => {
    const { json: made } = await create({ ArtifactLinkId: 5 });
    expect(made).toMatchObject({
      SourceArtifactId: incidentId,
      DestArtifactId: requirementId,
      DestArtifactName: 'Log in',
      DestArtifactTypeName: 'Requirement',
      ArtifactLinkTypeName: 'Related-to',
      CreatorId: server.owner.userId,
      Comment: 'because',
    });
    expect(Object.keys(made)).toHaveLength(18);
    expect((await call('GET', `associations/3/${incidentId}`)).json).toEqual([made]);
    const [backwards] = (await call('GET', `associations/1/${requirementId}`)).json;
    expect(backwards).toMatchObject({
      ArtifactLinkId: made.ArtifactLinkId,
      SourceArtifactTypeId: 1,
      SourceArtifactId: requirementId,
      SourceArtifactGuid: made.DestArtifactGuid,
      DestArtifactTypeId: 3,
      DestArtifactName: 'Crash',
    });
  });

  it.each([
    ['an unknown artifact', { DestArtifactId: 999_999 }, 404, 'DestArtifactId'],
    ['an artifact type that is none', { SourceArtifactTypeId: 99 }, 400, 'SourceArtifactTypeId'],
    ['a kind of link that only the server makes', { ArtifactLinkTypeId: 3 }, 400, 'ArtifactLinkTypeId'],
    ['no destination', { DestArtifactId: null }, 404, 'DestArtifactId'],
  ])('are refused with %s', async (_what, members, status, field) => {
    const refused = await create(members);
    expect([refused.status, refused.json.Messages[0].FieldName]).toEqual([status, field]);
    expect((await call('GET', `associations/3/${incidentId}`)).json).toEqual([]);
  });

  it('are not made twice, nor of an artifact with itself', async () => {
    expect((await create()).status).toBe(200);
    expect((await create()).status).toBe(409);
    expect((await create({ DestArtifactTypeId: 3, DestArtifactId: incidentId })).status).toBe(400);
  });

  it('get another remark and are taken away', async () => {
    const { json: made } = await create();
    const { ArtifactLinkId } = made;
    expect((await call('PUT', 'associations', { body: { ...made, Comment: 'better' } })).status).toBe(200);
    expect((await call('GET', `associations/3/${incidentId}`)).json).toMatchObject([{ Comment: 'better' }]);
    expect((await call('PUT', 'associations', { body: { ArtifactLinkId: 999_999, Comment: 'x' } })).status).toBe(404);
    expect((await call('DELETE', `associations/${ArtifactLinkId}`)).status).toBe(200);
    expect((await call('DELETE', `associations/${ArtifactLinkId}`)).status).toBe(404);
  });

  it('of an incident made from a run step follow by themselves and cannot be taken away', async () => {
    const testCaseId = await aTestCase(db, projectId);
    const [testRunId = 0] = await someRuns(db, projectId, [{ testCaseId, executionStatusId: 1 }]);
    const steps = [
      await aRunStep(db, projectId, { testRunId, testCaseId }),
      await aRunStep(db, projectId, { testRunId, testCaseId }),
    ];
    const { json } = await call('POST', 'incidents', { body: { Name: 'Slow', TestRunStepIds: steps } });
    const [implied, ...others] = (await call('GET', `associations/3/${json.IncidentId}`)).json;
    expect(others).toEqual([]);
    expect(implied).toMatchObject({ DestArtifactTypeId: 5, DestArtifactId: testRunId });
    expect(implied.ArtifactLinkId).toBeLessThanOrEqual(0);
    expect((await call('GET', `associations/5/${testRunId}`)).json).toMatchObject([{ DestArtifactName: 'Slow' }]);
    expect((await call('DELETE', `associations/${implied.ArtifactLinkId}`)).status).toBe(404);
  });

  it('are searched by their members', async () => {
    await create();
    const search = (IntValue: number) =>
      call('POST', `associations/3/${incidentId}/search?sort_by=CreationDate%20DESC`, {
        body: [{ PropertyName: 'DestArtifactTypeId', IntValue }],
      });
    expect((await search(1)).json).toHaveLength(1);
    expect((await search(2)).json).toEqual([]);
  });

  it('leave out deleted artifacts and types that the caller does not see', async () => {
    await create();
    const incidentUser = await server.userWithRole(null);
    await aMember(db, projectId, { userId: incidentUser.userId, roleId: 6 });
    const as = incidentUser;
    expect((await call('GET', `associations/3/${incidentId}`, { as })).json).toEqual([]);
    expect((await call('GET', `associations/1/${requirementId}`, { as })).status).toBe(403);
    expect((await call('POST', 'associations', { as, body: link({ ArtifactLinkTypeId: 2 }) })).status).toBe(403);
    await call('DELETE', `incidents/${incidentId}`);
    expect((await call('GET', `associations/1/${requirementId}`)).json).toEqual([]);
    expect((await call('GET', `associations/3/${incidentId}`)).status).toBe(404);
  });
});
