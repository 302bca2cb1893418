import { beforeEach, describe, expect, it } from 'vitest';
import { restoreRelease } from '../../src/commands/restore-release.ts';
import { refreshPending } from '../../src/rollups/refresh.ts';
import { aMapping, aProject, aRelease, aTestCase } from '../support/builders.ts';
import { aCustomProperty } from '../support/custom-properties.ts';
import { testDatabase } from '../support/database.ts';
import { someRuns } from '../support/runs.ts';
import { type CallOptions, spiraServer } from '../support/spira-server.ts';

const db = await testDatabase();
const server = await spiraServer(db);
let projectId: number;

const call = (method: string, path: string, options?: CallOptions) =>
  server.call(method, `projects/${projectId}/releases${path}`, options);
const tree = async () => {
  const { json } = await call('GET', '');
  return json.map((release: { IndentLevel: string; Name: string }) => `${release.IndentLevel} ${release.Name}`);
};
const wanted = (Name: string, ReleaseTypeId = 1) => ({
  Name,
  ReleaseTypeId,
  ReleaseStatusId: 1,
  StartDate: '2026-01-01T00:00:00Z',
  EndDate: '2026-02-01T00:00:00Z',
});
const create = async (name: string, { type = 1, parent }: { type?: number; parent?: number } = {}): Promise<number> => {
  const answer = await call('POST', parent === undefined ? '' : `/${parent}`, { body: wanted(name, type) });
  expect(answer.status).toBe(200);
  return answer.json.ReleaseId;
};

beforeEach(async () => {
  projectId = await server.ownProject();
});

describe('creating and reading releases', () => {
  it('a release is read back with every documented member, VersionNumber never null', async () => {
    const { json } = await call('POST', '', { body: { ...wanted('A release with a rather long name'), Tags: 'a,b' } });
    expect(json).toMatchObject({
      Name: 'A release with a rather long name',
      VersionNumber: 'A release with a rat',
      FullName: 'A release with a rat - A release with a rather long name',
      CreatorId: server.owner.userId,
      IndentLevel: 'AAA',
      Summary: false,
      Active: true,
      ArtifactTypeId: 4,
      ProjectId: projectId,
      StartDate: '2026-01-01T00:00:00.000Z',
      Tags: 'a,b',
      CountNotRun: 0,
    });
    expect(Object.keys(json)).toHaveLength(47);
    expect((await call('GET', `/${json.ReleaseId}`)).json).toEqual(json);
  });

  it('HI-1 HI-3 a child lies below its parent, which becomes a summary', async () => {
    const parent = await create('1.0');
    const child = await create('1.0 sprint 1', { type: 3, parent });
    await create('1.1');
    expect(await tree()).toEqual(['AAA 1.0', 'AAAAAA 1.0 sprint 1', 'AAB 1.1']);
    expect((await call('GET', `/${parent}`)).json.Summary).toBe(true);
    expect((await call('GET', `/${parent}/children`)).json).toMatchObject([{ ReleaseId: child }]);
  });

  it('HI-2 a sprint has no children, neither created nor indented nor moved there', async () => {
    const sprint = await create('sprint', { type: 3 });
    const other = await create('other');
    expect((await call('POST', `/${sprint}`, { body: wanted('child') })).status).toBe(400);
    expect((await call('POST', `/${other}/indent`)).status).toBe(400);
    expect(await tree()).toEqual(['AAA sprint', 'AAB other']);
  });

  it('HI-2 a release with children does not become a sprint', async () => {
    const parent = await create('parent');
    await create('child', { parent });
    const { json } = await call('GET', `/${parent}`);
    expect((await call('PUT', '', { body: { ...json, ReleaseTypeId: 3 } })).status).toBe(400);
    expect((await call('GET', `/${parent}`)).json.ReleaseTypeId).toBe(1);
  });

  it('search and count take filters, paging and "" as body', async () => {
    for (const name of ['Alpha one', 'Beta', 'Alpha two']) await create(name);
    const filters = [{ PropertyName: 'Name', StringValue: 'alpha' }];
    const names = (answer: { json: { Name: string }[] }) => answer.json.map((release) => release.Name);
    expect(names(await call('POST', '/search', { body: filters }))).toEqual(['Alpha one', 'Alpha two']);
    expect(names(await call('POST', '/search?start_row=2&number_rows=1', { body: '""' }))).toEqual(['Beta']);
    expect((await call('POST', '/count', { body: filters })).json).toBe(2);
    expect((await call('POST', '/count')).json).toBe(3);
  });

  it('active_only leaves out closed releases', async () => {
    await aRelease(db, projectId, { name: 'open', releaseStatusId: 3 });
    await aRelease(db, projectId, { name: 'closed', releaseStatusId: 4 });
    expect((await call('GET', '?active_only=true')).json).toMatchObject([{ Name: 'open' }]);
  });

  it('unknown people are 404, values outside their table 400, unknown parents 404', async () => {
    expect((await call('POST', '', { body: { ...wanted('x'), OwnerId: 99_999_999_999 } })).status).toBe(404);
    const outside = await call('POST', '', { body: wanted('x', 9) });
    expect(outside.status).toBe(400);
    expect(outside.json.Message).toContain('Database foreign key violation occurred');
    expect((await call('POST', '/99999', { body: wanted('x') })).status).toBe(404);
    expect((await call('POST', '', { body: { ReleaseTypeId: 1 } })).status).toBe(400);
    expect(await tree()).toEqual([]);
  });
});

describe('updating releases', () => {
  it('CC-1 a stale or missing stamp is 409 and writes nothing', async () => {
    const releaseId = await create('before');
    const { json: read } = await call('GET', `/${releaseId}`);
    expect((await call('PUT', '', { body: { ...read, Name: 'after' } })).status).toBe(200);
    expect((await call('PUT', '', { body: { ...read, Name: 'again' } })).status).toBe(409);
    expect((await call('PUT', '', { body: { ...read, Name: 'again', ConcurrencyDate: null } })).status).toBe(409);
    expect((await call('GET', `/${releaseId}`)).json.Name).toBe('after');
  });

  it('CC-1 of two updates with the same stamp exactly one succeeds', async () => {
    const releaseId = await create('before');
    const { json: read } = await call('GET', `/${releaseId}`);
    const bodies = ['one', 'two', 'three'].map((Name) => ({ ...read, Name }));
    const answers = await Promise.all(bodies.map((body) => call('PUT', '', { body })));
    expect(answers.map((answer) => answer.status).toSorted()).toEqual([200, 409, 409]);
  });

  it('a member that is missing keeps its value, null clears it', async () => {
    const releaseId = await create('x');
    const read = async () => (await call('GET', `/${releaseId}`)).json;
    await call('PUT', '', { body: { ...(await read()), Description: 'text', Tags: 'a' } });
    const { ConcurrencyDate } = await read();
    await call('PUT', '', { body: { ReleaseId: releaseId, ConcurrencyDate, Description: null } });
    expect(await read()).toMatchObject({ Description: null, Tags: 'a', Name: 'x' });
  });

  it('values of custom fields are kept; what is not sent keeps its value', async () => {
    await aCustomProperty(db, { artifactTypeId: 4, propertyNumber: 1 });
    await aCustomProperty(db, { artifactTypeId: 4, propertyNumber: 2, customPropertyTypeId: 2 });
    const sent = [{ PropertyNumber: 1, StringValue: 'one' }];
    const { json } = await call('POST', '', { body: { ...wanted('x'), CustomProperties: sent } });
    const more = [{ PropertyNumber: 2, IntegerValue: 3 }];
    await call('PUT', '', { body: { ...json, CustomProperties: more } });
    expect((await call('GET', `/${json.ReleaseId}`)).json.CustomProperties).toMatchObject([...sent, ...more]);
  });

  it('an unknown or missing ReleaseId is 404', async () => {
    expect((await call('PUT', '', { body: { ...wanted('x'), ReleaseId: 9999 } })).status).toBe(404);
    expect((await call('PUT', '', { body: wanted('x') })).status).toBe(404);
  });
});

describe('moving, deleting and restoring releases', () => {
  it('indent, outdent and move follow the tree; indent of the first sibling changes nothing', async () => {
    const first = await create('first');
    const second = await create('second');
    const third = await create('third');
    await call('POST', `/${second}/indent`);
    expect(await tree()).toEqual(['AAA first', 'AAAAAA second', 'AAB third']);
    await call('POST', `/${first}/indent`);
    await call('POST', `/${second}/outdent`);
    expect(await tree()).toEqual(['AAA first', 'AAB second', 'AAC third']);
    await call('POST', `/${third}/move?destination_release_id=${first}`);
    expect(await tree()).toEqual(['AAA third', 'AAB first', 'AAC second']);
    expect((await call('POST', `/${third}/move`)).status).toBe(200);
    expect(await tree()).toEqual(['AAA first', 'AAB second', 'AAC third']);
  });

  it('a move below itself is 400, to an unknown destination 404', async () => {
    const parent = await create('parent');
    const child = await create('child', { parent });
    expect((await call('POST', `/${parent}/move?destination_release_id=${child}`)).status).toBe(400);
    expect((await call('POST', `/${parent}/move?destination_release_id=99999`)).status).toBe(404);
  });

  it('HI-4 RU-1 RU-6 counters follow a sprint that is moved, retyped, deleted and restored', async () => {
    const old = await create('old');
    const next = await create('next');
    const sprint = await create('sprint', { type: 3, parent: old });
    const testCaseId = await aTestCase(db, projectId);
    for (const releaseId of [old, next]) {
      expect((await call('POST', `/${releaseId}/test-cases`, { body: [testCaseId] })).status).toBe(200);
    }
    await someRuns(db, projectId, [{ testCaseId, releaseId: sprint, executionStatusId: 2 }]);
    const passed = async () => [
      (await call('GET', `/${old}`)).json.CountPassed,
      (await call('GET', `/${next}`)).json.CountPassed,
    ];
    await call('POST', `/${sprint}/move`);
    expect(await passed()).toEqual([0, 0]);
    await call('POST', `/${sprint}/indent`);
    expect(await passed()).toEqual([0, 1]);
    const { json } = await call('GET', `/${sprint}`);
    await call('PUT', '', { body: { ...json, ReleaseTypeId: 1 } });
    expect(await passed()).toEqual([0, 0]);
    const { json: major } = await call('GET', `/${sprint}`);
    await call('PUT', '', { body: { ...major, ReleaseTypeId: 2 } });
    expect(await passed()).toEqual([0, 1]);
    await call('DELETE', `/${sprint}`);
    expect(await passed()).toEqual([0, 0]);
    await restore(sprint);
    expect(await passed()).toEqual([0, 1]);
  });

  it('DL-1 DL-2 deleting a release deletes its children; restoring brings back what went with it', async () => {
    const first = await create('first');
    const parent = await create('parent');
    const gone = await create('gone before', { parent });
    const child = await create('child', { parent });
    await create('grandchild', { parent: child });
    await create('last');
    await call('DELETE', `/${gone}`);
    expect((await call('DELETE', `/${parent}`)).status).toBe(200);
    expect(await tree()).toEqual(['AAA first', 'AAB last']);
    expect((await call('GET', `/${child}`)).status).toBe(404);
    expect((await call('DELETE', `/${parent}`)).status).toBe(404);
    await restore(parent);
    expect(await tree()).toEqual(['AAA first', 'AAB parent', 'AABAAA child', 'AABAAAAAA grandchild', 'AAC last']);
    await expect(restore(first)).rejects.toMatchObject({ code: 'notFound' });
  });

  it('a release whose parent is gone is restored at the root', async () => {
    const parent = await create('parent');
    const child = await create('child', { parent });
    await call('DELETE', `/${child}`);
    await call('DELETE', `/${parent}`);
    await restore(child);
    expect(await tree()).toEqual(['AAA child']);
  });

  it('after a deletion a new release gets a place of its own', async () => {
    await create('a');
    const b = await create('b');
    await create('c');
    await call('DELETE', `/${b}`);
    await create('d');
    expect(await tree()).toEqual(['AAA a', 'AAB c', 'AAC d']);
  });
});

describe('mapping test cases to releases', () => {
  it('is idempotent, and counts unexecuted cases as Not Run', async () => {
    const releaseId = await create('1.0');
    const testCaseId = await aTestCase(db, projectId);
    for (let time = 0; time < 2; time++) {
      const answer = await call('POST', `/${releaseId}/test-cases`, { body: [testCaseId, testCaseId] });
      expect([answer.status, answer.text]).toEqual([200, '']);
    }
    expect((await call('GET', `/${releaseId}/test-cases`)).json).toEqual([
      { ReleaseId: releaseId, TestCaseId: testCaseId },
    ]);
    expect((await call('GET', `/${releaseId}`)).json.CountNotRun).toBe(1);
  });

  it('1.6 mapping to a sprint maps to its immediate parent too, mapping to a parent not to its children', async () => {
    const top = await create('top');
    const parent = await create('parent', { parent: top });
    const sprint = await create('sprint', { type: 3, parent });
    const [one, two] = [await aTestCase(db, projectId), await aTestCase(db, projectId)];
    await call('POST', `/${sprint}/test-cases`, { body: [one] });
    await call('POST', `/${parent}/test-cases`, { body: [two] });
    const cases = async (id: number) =>
      (await call('GET', `/${id}/test-cases`)).json.map((row: { TestCaseId: number }) => row.TestCaseId);
    expect([await cases(top), await cases(parent), await cases(sprint)]).toEqual([[], [one, two], [one]]);
  });

  it('an unknown case is 404 with its index, and nothing is mapped', async () => {
    const releaseId = await create('1.0');
    const elsewhere = await aTestCase(db, await aProject(db));
    const testCaseId = await aTestCase(db, projectId);
    const answer = await call('POST', `/${releaseId}/test-cases`, { body: [testCaseId, elsewhere] });
    expect(answer.status).toBe(404);
    expect(answer.json.Messages[0].FieldName).toContain('[1]');
    expect((await call('GET', `/${releaseId}/test-cases`)).json).toEqual([]);
  });

  it('a mapping can be removed once; its counters follow', async () => {
    const releaseId = await aRelease(db, projectId);
    const testCaseId = await aTestCase(db, projectId);
    await aMapping(db, projectId, { releaseId, testCaseId });
    expect((await call('DELETE', `/${releaseId}/test-cases/${testCaseId}`)).status).toBe(200);
    expect((await call('DELETE', `/${releaseId}/test-cases/${testCaseId}`)).status).toBe(404);
    expect((await call('GET', `/${releaseId}`)).json.CountNotRun).toBe(0);
  });
});

it('a tester may see releases, but not change them', async () => {
  const releaseId = await aRelease(db, server.projectId);
  const as = await server.userWithRole(4);
  const path = `projects/${server.projectId}/releases`;
  expect((await server.call('GET', path, { as })).status).toBe(200);
  for (const [method, below] of [
    ['POST', ''],
    ['PUT', ''],
    ['DELETE', `/${releaseId}`],
    ['POST', `/${releaseId}/indent`],
    ['POST', `/${releaseId}/test-cases`],
  ] as const) {
    expect((await server.call(method, path + below, { as, body: [] })).status).toBe(403);
  }
});

/** There is no operation of the Spira face that restores. */
function restore(releaseId: number): Promise<void> {
  const actor = { userId: server.owner.userId, login: server.owner.login, isSystemAdmin: false };
  const figures = { afterCommit: async () => void (await refreshPending(db, projectId, { includeBulk: true })) };
  return restoreRelease({ db, figures, now: server.clock.now, projectId, actor }, releaseId);
}
