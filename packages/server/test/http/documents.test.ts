import { beforeEach, describe, expect, it } from 'vitest';
import { aMember, aRelease, aTestCase } from '../support/builders.ts';
import { testDatabase } from '../support/database.ts';
import { someRuns } from '../support/runs.ts';
import { type CallOptions, type SpiraServer, spiraServer } from '../support/spira-server.ts';

const db = await testDatabase();
const server = await spiraServer(db);
let projectId: number;
let runId: number;

const call = (method: string, path: string, options?: CallOptions) =>
  server.call(method, `projects/${projectId}/${path}`, options);
const file = (members: object) => ({ FilenameOrUrl: 'shot.png', BinaryData: 'iVBORw0KGgo=', ...members });
const upload = (members: object, options?: CallOptions) =>
  call('POST', 'documents/file', { body: file(members), ...options });
const stored = async () => (await call('GET', 'documents')).json.length;
const member = async (roleId: number): Promise<Awaited<ReturnType<SpiraServer['userWithRole']>>> => {
  const user = await server.userWithRole(null);
  await aMember(db, projectId, { userId: user.userId, roleId });
  return user;
};

beforeEach(async () => {
  projectId = await server.ownProject();
  const testCaseId = await aTestCase(db, projectId);
  [runId = 0] = await someRuns(db, projectId, [{ testCaseId, executionStatusId: 1 }]);
});

describe('uploading files', () => {
  it('stores the bytes, attaches them to a run and answers with every documented member', async () => {
    const AttachedArtifacts = [{ ArtifactId: String(runId), ArtifactTypeId: 5 }];
    const answer = await upload({ ProjectId: '1', AttachmentTypeId: 2, CurrentVersion: '1.0', AttachedArtifacts });
    expect(answer.status).toBe(200);
    expect(answer.json.AttachmentId).toBeGreaterThan(0);
    expect(answer.json).toMatchObject({
      ProjectId: projectId,
      ArtifactTypeId: 13,
      AttachmentTypeId: 1,
      AttachmentTypeName: 'File',
      FilenameOrUrl: 'shot.png',
      Size: 8,
      AuthorId: server.owner.userId,
      CurrentVersion: '1.0',
      DocumentTypeId: 1,
      DocumentTypeName: 'Default',
      ProjectAttachmentFolderId: null,
      AttachedArtifacts: [{ ArtifactId: runId, ArtifactTypeId: 5, Name: 'Run', Status: 'Failed', Guid: null }],
      Versions: null,
    });
    expect(Object.keys(answer.json)).toHaveLength(30);
    const { AttachmentId } = answer.json;
    const listed = await call('GET', `artifact-types/5/artifacts/${runId}/documents`);
    expect(listed.json).toMatchObject([{ AttachmentId, AttachedArtifacts: null }]);
    expect((await call('GET', `documents/${AttachmentId}/open`)).json).toBe('iVBORw0KGgo=');
  });

  it('keeps file names with folders, blanks and parentheses as they were sent', async () => {
    const FilenameOrUrl = 'shots/one (2) ü.png';
    expect((await upload({ FilenameOrUrl })).json.FilenameOrUrl).toBe(FilenameOrUrl);
  });

  it('takes a list of byte numbers and an empty file', async () => {
    const listed = await upload({ BinaryData: [0, 255, 128] });
    expect((await call('GET', `documents/${listed.json.AttachmentId}/open`)).json).toBe('AP+A');
    const signed = await upload({ BinaryData: [0, -1, -128] });
    expect((await call('GET', `documents/${signed.json.AttachmentId}/open`)).json).toBe('AP+A');
    expect((await upload({ BinaryData: [-129] })).status).toBe(400);
    expect((await upload({ BinaryData: [256] })).status).toBe(400);
    const empty = await upload({ BinaryData: '' });
    expect(empty.json).toMatchObject({ Size: 0, AttachmentTypeId: 1 });
    expect((await call('GET', `documents/${empty.json.AttachmentId}/open`)).text).toBe('""');
  });

  it('gives back megabytes as they were', async () => {
    const content = Buffer.alloc(5_000_001, Buffer.from(Array.from({ length: 251 }, (_, index) => index)));
    const { json } = await upload({ BinaryData: content.toString('base64') });
    expect(json.Size).toBe(content.length);
    const opened = await call('GET', `documents/${json.AttachmentId}/open`);
    expect(Buffer.from(opened.json, 'base64').equals(content)).toBe(true);
  });

  it('takes the older form: file name and artifact in the query, the bytes alone as body', async () => {
    const query = `filename=old%20name.txt&tags=a&artifact_type_id=5&artifact_id=${runId}`;
    const answer = await call('POST', `documents/file?${query}`, { body: [104, 105], version: 'v5_0' });
    expect(answer.json).toMatchObject({ FilenameOrUrl: 'old name.txt', Size: 2, Tags: 'a' });
    expect(answer.json.AttachedArtifacts).toMatchObject([{ ArtifactId: runId }]);
    const text = await call('POST', 'documents/file?filename=b.txt', { body: '"aGk="' });
    expect((await call('GET', `documents/${text.json.AttachmentId}/open`)).json).toBe('aGk=');
  });

  it.each([
    ['without bytes', { BinaryData: undefined }, 400, 'BinaryData'],
    ['with null for the bytes', { BinaryData: null }, 400, 'BinaryData'],
    ['with bytes that are not base64', { BinaryData: 'not base64!' }, 400, 'BinaryData'],
    ['with numbers that are no bytes', { BinaryData: [1, 256] }, 400, 'BinaryData'],
    ['without a file name', { FilenameOrUrl: '' }, 400, 'FilenameOrUrl'],
    [
      'at an unknown run',
      { AttachedArtifacts: [{ ArtifactId: 999_999, ArtifactTypeId: 5 }] },
      404,
      'AttachedArtifacts[0].ArtifactId',
    ],
    [
      'at an artifact type that is none',
      { AttachedArtifacts: [{ ArtifactId: 1, ArtifactTypeId: 99 }] },
      400,
      'AttachedArtifacts[0].ArtifactTypeId',
    ],
    ['at a task, which nobody has', { AttachedArtifacts: [{ ArtifactId: 1, ArtifactTypeId: 6 }] }, 404, undefined],
    ['of an unknown type', { DocumentTypeId: 77 }, 400, 'DocumentTypeId'],
    ['in an unknown folder', { ProjectAttachmentFolderId: 5 }, 404, 'ProjectAttachmentFolderId'],
  ])('refuses a file %s and stores nothing', async (_what, members, status, field) => {
    const refused = await upload(members);
    expect(refused.status).toBe(status);
    if (field) expect(refused.json.Messages[0].FieldName).toBe(field);
    expect(await stored()).toBe(0);
  });

  it.each([undefined, '{', '[]', '5', '"aGk="'])('refuses the body %s', async (body) => {
    expect((await call('POST', 'documents/file', body === undefined ? {} : { body })).status).toBe(400);
    expect(await stored()).toBe(0);
  });
});

describe('links', () => {
  it('are stored whatever attachment type was sent, and hold no bytes', async () => {
    const body = { FilenameOrUrl: 'https://ci.example/42', AttachmentTypeId: 1 };
    const { json } = await call('POST', 'documents/url', { body });
    expect(json).toMatchObject({ AttachmentTypeId: 2, AttachmentTypeName: 'URL', Size: 0 });
    expect((await call('GET', `documents/${json.AttachmentId}/open`)).status).toBe(404);
  });
});

describe('documents', () => {
  it('are attached to further artifacts and detached again', async () => {
    const { json } = await upload({});
    const releaseId = await aRelease(db, projectId);
    const path = `artifact-types/4/artifacts/${releaseId}/documents`;
    for (const _ of [1, 2]) expect((await call('POST', `${path}/${json.AttachmentId}`)).status).toBe(200);
    expect((await call('GET', path)).json).toHaveLength(1);
    expect((await call('GET', `releases/${releaseId}`)).json.IsAttachments).toBe(true);
    const body = [{ PropertyName: 'FilenameOrUrl', StringValue: 'nothing like it' }];
    expect((await call('POST', `${path}/search`, { body })).json).toEqual([]);
    expect((await call('POST', `${path}/999999`)).status).toBe(404);
    expect((await call('DELETE', `${path}/${json.AttachmentId}`)).status).toBe(200);
    expect((await call('DELETE', `${path}/${json.AttachmentId}`)).status).toBe(404);
    expect((await call('GET', path)).json).toEqual([]);
  });

  it('are searched, sorted and paged', async () => {
    for (const FilenameOrUrl of ['b.txt', 'a.txt', 'c.png']) await upload({ FilenameOrUrl });
    const body = [{ PropertyName: 'FilenameOrUrl', StringValue: '.TXT' }];
    const found = await call('POST', 'documents/search?start_row=1&number_rows=5&sort_by=FilenameOrUrl%20DESC', {
      body,
    });
    expect(found.json.map((one: { FilenameOrUrl: string }) => one.FilenameOrUrl)).toEqual(['b.txt', 'a.txt']);
    expect((await call('POST', 'documents/search?start_row=3')).json).toMatchObject([{ FilenameOrUrl: 'c.png' }]);
  });

  it('are gone after deletion and leave what they were attached to', async () => {
    const { json } = await upload({ AttachedArtifacts: [{ ArtifactId: runId, ArtifactTypeId: 5 }] });
    expect((await call('DELETE', `documents/${json.AttachmentId}`)).status).toBe(200);
    for (const path of ['', '/open'])
      expect((await call('GET', `documents/${json.AttachmentId}${path}`)).status).toBe(404);
    expect((await call('GET', `artifact-types/5/artifacts/${runId}/documents`)).json).toEqual([]);
  });

  it('of an artifact that does not exist are not found, nor of a type that is none', async () => {
    for (const path of ['5/artifacts/999999', '77/artifacts/1', '0/artifacts/1', '14/artifacts/1']) {
      expect((await call('GET', `artifact-types/${path}/documents`)).status).toBe(404);
    }
  });

  it('may be attached to runs by who records runs, and to nothing that he does not see', async () => {
    const as = await member(7);
    const releaseId = await aRelease(db, projectId);
    const at = (ArtifactTypeId: number, ArtifactId: number) => ({
      AttachedArtifacts: [{ ArtifactId, ArtifactTypeId }],
    });
    expect((await upload(at(5, runId), { as })).status).toBe(200);
    expect((await upload(at(4, releaseId), { as })).status).toBe(403);
    expect((await upload(at(4, 999_999), { as })).status).toBe(403);
    expect((await call('GET', 'documents', { as })).status).toBe(403);
    expect(await stored()).toBe(1);
    expect((await upload({}, { as: await member(5) })).status).toBe(403);
  });
});
