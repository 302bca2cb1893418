import { beforeEach, describe, expect, it } from 'vitest';
import { restoreRequirement } from '../../src/commands/restore-requirement.ts';
import { aProject, aRelease, aRequirement } from '../support/builders.ts';
import { testDatabase } from '../support/database.ts';
import { refreshedAtOnce, someRuns } from '../support/runs.ts';
import { type CallOptions, spiraServer } from '../support/spira-server.ts';

const db = await testDatabase();
const figures = refreshedAtOnce(db);
const server = await spiraServer(db, { figures });
let projectId: number;

const call = (method: string, path: string, options?: CallOptions) =>
  server.call(method, `projects/${projectId}/${path}`, options);
const add = async (Name: string, where = '', more: object = {}): Promise<number> => {
  const answer = await call('POST', `requirements${where}`, { body: { Name, ...more } });
  expect(answer.status).toBe(200);
  return answer.json.RequirementId;
};
const testCase = async (): Promise<number> =>
  (await call('POST', 'test-cases', { body: { Name: 'Case' } })).json.TestCaseId;
const cover = (RequirementId: unknown, TestCaseId: unknown, method = 'POST') =>
  call(method, 'requirements/test-cases', { body: { RequirementId, TestCaseId } });
const tree = async () =>
  (await call('GET', 'requirements')).json.map(
    (row: Record<string, unknown>) => `${row['IndentLevel']} ${row['Name']}`,
  );
const coverage = async (id: number) => {
  const { json } = await call('GET', `requirements/${id}`);
  return ['Total', 'Passed', 'Failed', 'Caution', 'Blocked'].map((name) => json[`CoverageCount${name}`]);
};
const restore = (id: number) =>
  restoreRequirement(
    { db, figures, now: server.clock.now, projectId, actor: { userId: 1, login: 'x', isSystemAdmin: true } },
    id,
  );

beforeEach(async () => {
  projectId = await server.ownProject();
});

describe('requirements', () => {
  it('are created with defaults and read back with every documented member', async () => {
    const releaseId = await aRelease(db, projectId, { versionNumber: '2.1' });
    const { json: created } = await call('POST', 'requirements', {
      body: {
        Name: 'R',
        StatusId: null,
        RequirementTypeId: 0,
        ImportanceId: 1,
        ReleaseId: releaseId,
        EstimatePoints: 1.5,
      },
    });
    const { json: found } = await call('GET', `requirements/${created.RequirementId}`);
    expect(found).toEqual(created);
    expect(found).toMatchObject({
      ArtifactTypeId: 1,
      IndentLevel: 'AAA',
      StatusName: 'Requested',
      RequirementTypeId: 2,
      RequirementTypeName: 'Feature',
      ImportanceName: '1 - Critical',
      AuthorId: server.owner.userId,
      AuthorName: 'Fred Bloggs',
      ReleaseVersionNumber: '2.1',
      ProjectName: 'Library',
      Summary: false,
      CoverageCountTotal: 0,
      EstimatePoints: 1.5,
      Steps: null,
      PercentComplete: null,
      IsSuspect: false,
    });
    expect(Object.keys(found)).toHaveLength(49);
  });

  it.each([
    ['no name', { Name: '' }, 400, 'Name'],
    ['an unknown status', { StatusId: 17 }, 400, 'StatusId'],
    ['an unknown type', { RequirementTypeId: -2 }, 400, 'RequirementTypeId'],
    ['an unknown importance', { ImportanceId: 5 }, 400, 'ImportanceId'],
    ['a percentage beyond 100', { PercentComplete: 101 }, 400, 'PercentComplete'],
    ['a negative estimate', { EstimatePoints: -1 }, 400, 'EstimatePoints'],
    ['an unknown release', { ReleaseId: 999_999 }, 404, 'ReleaseId'],
    ['an unknown component', { ComponentId: 99_999_999_999 }, 404, 'ComponentId'],
    ['an unknown owner', { OwnerId: 999_999 }, 404, 'OwnerId'],
  ])('refuse %s and store nothing', async (_what, wrong, status, field) => {
    const refused = await call('POST', 'requirements', { body: { Name: 'R', ...wrong } });
    expect([refused.status, refused.json.Messages[0].FieldName]).toEqual([status, field]);
    expect((await call('GET', 'requirements/count')).json).toBe(0);
  });

  it('HI-1: are created at the root, below a parent, or so many levels from the last one', async () => {
    const a = await add('a', '/indent/0');
    await add('a1', `/parent/${a}`);
    await add('a1x', '/indent/5');
    await add('a2', '/indent/-1');
    await add('a3', '/indent/0');
    await add('b', '/indent/-20');
    await add('a4', `/parent/${a}`);
    await add('c', '/parent/null');
    expect(await tree()).toEqual([
      'AAA a',
      'AAAAAA a1',
      'AAAAAAAAA a1x',
      'AAAAAB a2',
      'AAAAAC a3',
      'AAAAAD a4',
      'AAB b',
      'AAC c',
    ]);
    expect((await call('POST', 'requirements/parent/999999', { body: { Name: 'x' } })).status).toBe(404);
    expect((await call('POST', 'requirements/indent/abc', { body: { Name: 'x' } })).status).toBe(404);
    expect((await call('GET', `requirements/${a}`)).json.Summary).toBe(true);
  });

  it('HI-1: are indented, outdented and moved with everything below them', async () => {
    const [a, b] = [await add('a'), await add('b')];
    const b1 = await add('b1', `/parent/${b}`);
    await add('c');
    const move = async (id: number, how: string) =>
      (await call('POST', `requirements/${id}/${how}`, { body: {} })).text;
    expect(await move(b, 'indent')).toBe('');
    expect(await tree()).toEqual(['AAA a', 'AAAAAA b', 'AAAAAAAAA b1', 'AAB c']);
    await move(b1, 'outdent');
    expect(await tree()).toEqual(['AAA a', 'AAAAAA b', 'AAAAAB b1', 'AAB c']);
    await move(b1, `move?destination_requirement_id=${a}`);
    expect(await tree()).toEqual(['AAA b1', 'AAB a', 'AABAAA b', 'AAC c']);
    await move(a, 'move');
    expect(await tree()).toEqual(['AAA b1', 'AAB c', 'AAC a', 'AACAAA b']);
    expect((await call('POST', `requirements/${a}/move?destination_requirement_id=${b}`)).status).toBe(400);
    expect((await call('POST', `requirements/${a}/move?destination_requirement_id=999999`)).status).toBe(404);
    expect((await call('POST', 'requirements/999999/indent')).status).toBe(404);
  });

  it('tell their children and their ancestors in tree order', async () => {
    const a = await add('a');
    const b = await add('b', `/parent/${a}`);
    const c = await add('c', `/parent/${b}`);
    await add('d', `/parent/${a}`);
    const names = async (id: number, what: string) =>
      (await call('GET', `requirements/${id}/${what}`)).json.map((row: { Name: string }) => row.Name).join('');
    expect(await names(a, 'children')).toBe('bd');
    expect(await names(c, 'parents')).toBe('ab');
    expect(await names(a, 'parents')).toBe('');
    expect((await call('GET', 'requirements/999999/children')).status).toBe(404);
  });

  it('are searched, counted and paged in tree order', async () => {
    const a = await add('Login', '', { OwnerId: server.owner.userId, ImportanceId: 1, Description: 'web' });
    await add('Logout', `/parent/${a}`, { StatusId: 3 });
    await add('Report', '', { Tags: 'x, y' });
    const found = async (filter: object, query = '') =>
      (await call('POST', `requirements/search${query}`, { body: [filter] })).json
        .map((row: { Name: string }) => row.Name)
        .join(',');
    expect(await found({ PropertyName: 'Name', StringValue: 'log' })).toBe('Login,Logout');
    expect(await found({ PropertyName: 'Name', StringValue: 'log' }, '?starting_row=2')).toBe('Logout');
    expect(await found({ PropertyName: 'ImportanceId', IntValue: 1 })).toBe('Login');
    expect(await found({ PropertyName: 'StatusId', MultiValue: [1] })).toBe('Login,Report');
    expect(await found({ PropertyName: 'Tags', StringValue: 'Y' })).toBe('Report');
    expect((await call('GET', 'requirements?starting_row=3&number_of_rows=1')).json).toMatchObject([
      { Name: 'Report' },
    ]);
    expect((await call('GET', 'requirements/count')).json).toBe(3);
    expect((await call('GET', 'requirements/count?own_parents_only=true')).json).toBe(1);
    const body = [{ PropertyName: 'OwnerId', IntValue: -999 }];
    expect((await call('POST', 'requirements/count', { body })).json).toBe(2);
  });

  it('CC-1: an update needs the stamp that was read; missing members keep, null clears', async () => {
    const id = await add('old', '', { Description: 'd', Tags: 't', StatusId: 3, StartDate: '2026-01-01' });
    const { json: before } = await call('GET', `requirements/${id}`);
    const body = {
      RequirementId: id,
      ConcurrencyDate: before.ConcurrencyDate,
      Name: 'new',
      Tags: null,
      StatusId: null,
    };
    const put = async (update: object) => (await call('PUT', 'requirements', { body: update })).status;
    expect(await put({ ...body, ConcurrencyDate: undefined })).toBe(409);
    expect(await put({ ...body, Name: ' ' })).toBe(400);
    expect(await put({ ...body, RequirementId: null })).toBe(404);
    expect(await put(body)).toBe(200);
    expect(await put(body)).toBe(409);
    expect((await call('GET', `requirements/${id}`)).json).toMatchObject({
      Name: 'new',
      Description: 'd',
      Tags: null,
      StatusId: 1,
      StartDate: '2026-01-01T00:00:00.000Z',
    });
  });

  it('DL-2: are deleted with everything below them, the rest closing up, and restored together', async () => {
    const a = await add('a');
    const b = await add('b');
    const early = await add('early', `/parent/${b}`);
    await add('b1', `/parent/${b}`);
    await add('c');
    await call('DELETE', `requirements/${early}`);
    await db.query(`update requirement set updated_at = updated_at - interval '1 hour' where requirement_id = $1`, [
      early,
    ]);
    expect((await call('DELETE', `requirements/${b}`)).status).toBe(200);
    expect(await tree()).toEqual(['AAA a', 'AAB c']);
    expect((await call('GET', `requirements/${b}`)).status).toBe(404);
    expect((await call('DELETE', `requirements/${b}`)).status).toBe(404);
    await add('d');
    await restore(b);
    expect((await tree()).toSorted()).toEqual(['AAA a', 'AAB b', 'AABAAA b1', 'AAC c', 'AAD d']);
    await expect(restore(b)).rejects.toThrow('A deleted requirement');
    await call('DELETE', `requirements/${b}`);
    await restore(early);
    expect((await tree()).toSorted().map((row: string) => row.slice(4))).toEqual(expect.arrayContaining(['early']));
    expect((await call('GET', `requirements/${early}/parents`)).json).toEqual([]);
    expect((await call('GET', `requirements/${a}`)).status).toBe(200);
  });

  it('keep distinct levels when many are created at the same time', async () => {
    await Promise.all(Array.from({ length: 10 }, (_, index) => add(`r${index}`)));
    const levels = (await tree()).map((row: string) => row.split(' ')[0]);
    expect(new Set(levels).size).toBe(10);
    expect(levels.at(-1)).toBe('AAJ');
  });

  it('that the caller owns are listed over all of his projects', async () => {
    const tester = await server.userWithRole(4);
    const elsewhere = await aProject(db);
    const own = await aRequirement(db, server.projectId, { ownerId: tester.userId });
    await aRequirement(db, server.projectId);
    await aRequirement(db, elsewhere, { ownerId: tester.userId });
    const { json } = await server.call('GET', 'requirements', { as: tester });
    expect(json).toMatchObject([{ RequirementId: own, ProjectId: server.projectId }]);
    expect((await server.call('GET', 'requirements?starting_row=2&number_of_rows=1', { as: tester })).json).toEqual([]);
  });
});

describe('coverage', () => {
  it('RQ-1: a case that covers parent and child counts twice, and every ancestor sums its subtree', async () => {
    const a = await add('A');
    const b = await add('B', `/parent/${a}`);
    const c = await add('C', `/parent/${b}`);
    const x = await testCase();
    expect((await cover(c, x)).text).toBe('');
    expect([await coverage(a), await coverage(b), await coverage(c)].map(([total]) => total)).toEqual([1, 1, 1]);
    await cover(b, x);
    await cover(b, x);
    expect([await coverage(a), await coverage(b), await coverage(c)].map(([total]) => total)).toEqual([2, 2, 1]);
    expect((await call('GET', `requirements/${b}/test-cases`)).json).toEqual([{ RequirementId: b, TestCaseId: x }]);
    expect((await call('GET', `requirements/${a}/test-cases`)).json).toEqual([]);
  });

  it('RQ-2, RQ-3: counts follow the newest run in any release; N/A counts in the total only', async () => {
    const [a, b] = [await add('A'), await add('B')];
    const child = await add('A1', `/parent/${a}`);
    const cases = [await testCase(), await testCase(), await testCase(), await testCase(), await testCase()];
    for (const [index, id] of cases.entries()) await cover(index < 3 ? a : child, id);
    await someRuns(
      db,
      projectId,
      [2, 1, 5, 6, 4].map((executionStatusId, index) => ({ testCaseId: cases[index] ?? 0, executionStatusId })),
    );
    expect(await coverage(a)).toEqual([5, 1, 1, 1, 1]);
    expect(await coverage(child)).toEqual([2, 0, 0, 1, 0]);
    await call('POST', `requirements/${child}/outdent`);
    expect(await coverage(a)).toEqual([3, 1, 1, 0, 1]);
    await call('POST', `requirements/${child}/indent`);
    expect(await coverage(a)).toEqual([5, 1, 1, 1, 1]);
    await call('DELETE', `requirements/${child}`);
    expect(await coverage(a)).toEqual([3, 1, 1, 0, 1]);
    await restore(child);
    await call('DELETE', `test-cases/${cases[3]}`);
    expect(await coverage(a)).toEqual([4, 1, 1, 0, 1]);
    expect((await call('GET', `requirements/${child}/test-cases`)).json).toHaveLength(1);
    expect(await coverage(b)).toEqual([0, 0, 0, 0, 0]);
  });

  it('maps the case to the release of the requirement and to the parent of a sprint; removing keeps that (1.6)', async () => {
    const parent = await aRelease(db, projectId);
    const sprint = await aRelease(db, projectId, { parentReleaseId: parent, releaseTypeId: 3 });
    const id = await add('R', '', { ReleaseId: sprint });
    const child = await add('R1', `/parent/${id}`);
    const x = await testCase();
    await cover(id, x);
    for (const release of [parent, sprint]) {
      expect((await call('GET', `releases/${release}/test-cases`)).json).toMatchObject([{ TestCaseId: x }]);
      expect((await call('GET', `releases/${release}`)).json.CountNotRun).toBe(1);
    }
    expect((await call('GET', `requirements/${child}/test-cases`)).json).toEqual([]);
    const removed = await cover(id, x, 'DELETE');
    expect([removed.status, removed.text]).toEqual([200, '']);
    expect((await cover(id, x, 'DELETE')).status).toBe(200);
    expect(await coverage(id)).toEqual([0, 0, 0, 0, 0]);
    expect((await call('GET', `releases/${sprint}`)).json.CountNotRun).toBe(1);
  });

  it('refuses requirements and cases that do not exist', async () => {
    const id = await add('R');
    const x = await testCase();
    for (const method of ['POST', 'DELETE']) {
      expect((await cover(999_999, x, method)).status).toBe(404);
      expect((await cover(id, '99999999999', method)).status).toBe(404);
      expect((await cover(null, x, method)).status).toBe(404);
      expect((await cover(id, -1, method)).status).toBe(404);
    }
    expect((await call('GET', 'requirements/999999/test-cases')).status).toBe(404);
  });

  it('may be changed by whoever may modify test cases, and not by a tester', async () => {
    const [requirementId, developer, tester] = [
      await aRequirement(db, server.projectId),
      await server.userWithRole(3),
      await server.userWithRole(4),
    ];
    const path = `projects/${server.projectId}`;
    const x = (await server.call('POST', `${path}/test-cases`, { body: { Name: 'Case' } })).json.TestCaseId;
    const body = { RequirementId: requirementId, TestCaseId: x };
    expect((await server.call('POST', `${path}/requirements/test-cases`, { as: developer, body })).status).toBe(200);
    expect((await server.call('DELETE', `${path}/requirements/test-cases`, { as: tester, body })).status).toBe(403);
  });
});
