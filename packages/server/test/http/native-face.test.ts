import * as protocol from '@runledger/protocol';
import { beforeEach, describe, expect, test } from 'vitest';
import { version } from '../../src/version.ts';
import { aMember, anApiKey, aProject, aRelease, aTestCase } from '../support/builders.ts';
import { testDatabase } from '../support/database.ts';
import { pendingRuns } from '../support/runs.ts';
import { spiraServer } from '../support/spira-server.ts';

const db = await testDatabase();
const server = await spiraServer(db);
const { jobs, nightly } = server.background;

interface Person {
  userId: number;
  login: string;
  apiKey: string;
}
const administrator: Person = { userId: 1, login: 'administrator', apiKey: await anApiKey(db, 1) };
let projectId: number;
let manager: Person;
let outsider: Person;

beforeEach(async () => {
  for (const table of ['job', 'event', 'setting', 'change']) await db.query(`delete from ${table}`);
  await db.query('update project set is_active = false');
  projectId = await aProject(db, { name: 'Library' });
  await aMember(db, projectId, { userId: server.owner.userId, roleId: 1 });
  manager = await member(2);
  outsider = await server.userWithRole(null);
});

async function member(roleId: number): Promise<Person> {
  const person = await server.userWithRole(null);
  await aMember(db, projectId, { userId: person.userId, roleId });
  return person;
}

interface Options {
  as?: Person | null;
  body?: unknown;
  headers?: Record<string, string>;
}

async function call(method: string, path: string, { as = server.owner, body, headers = {} }: Options = {}) {
  const response = await server.app.inject({
    method: method as 'GET',
    url: `/api/v1${path}`,
    headers: { ...(as ? { authorization: `Bearer ${as.apiKey}` } : {}), ...headers },
    ...(body === undefined ? {} : { payload: body as object }),
  });
  const json = response.body === '' ? undefined : JSON.parse(response.body);
  return { status: response.statusCode, json, headers: response.headers };
}

const named = new Map(
  Object.values(protocol)
    .filter((value) => typeof value === 'object' && '$id' in value)
    .map((schema) => [(schema as { $id: string }).$id, schema as object]),
);

/** The schema with every reference replaced by what it refers to, so that a value can be checked by it alone. */
function resolved(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(resolved);
  if (typeof schema !== 'object' || schema === null) return schema;
  if ('$ref' in schema) return resolved(named.get(String(schema.$ref).replace('#', '')));
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([key]) => key !== '$id')
      .map(([key, value]) => [key, resolved(value)]),
  );
}

function expectToFit(schema: object, json: unknown): void {
  const check = protocol.valueChecker(resolved(schema) as typeof protocol.Problem, { fromText: false });
  expect(check(json).faults).toBeUndefined();
}

describe('keys and problems', () => {
  test('a key is taken as Bearer alone, as Basic, and as the header pair, but not from the address', async () => {
    const { login, apiKey, userId } = server.owner;
    const basic = `Basic ${Buffer.from(`${login}:${apiKey}`).toString('base64')}`;
    for (const headers of [
      { authorization: `bearer ${apiKey}` },
      { authorization: basic },
      { username: login, 'api-key': apiKey },
    ]) {
      const answer = await call('GET', '/me', { as: null, headers });
      expect([answer.status, answer.json]).toEqual([200, { userId, login, isSystemAdmin: false }]);
    }
    expect((await call('GET', `/me?username=${login}&api-key=${apiKey}`, { as: null })).status).toBe(401);
  });

  test('a missing, wrong or revoked key is 401 as problem+json that names the request', async () => {
    await db.query('update api_key set revoked_at = now() where user_id = $1', [outsider.userId]);
    const wrong = { ...manager, apiKey: `{${crypto.randomUUID().toUpperCase()}}` };
    for (const as of [null, outsider, wrong]) {
      const answer = await call('GET', '/me', { as });
      expect(answer.status).toBe(401);
      expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
      expect(answer.headers['www-authenticate']).toMatch(/^Bearer/);
      expect(answer.json).toMatchObject({ code: 'unauthenticated', requestId: answer.headers['x-request-id'] });
      expectToFit(protocol.Problem, answer.json);
    }
  });

  test('an unknown address is a problem, too', async () => {
    const answer = await call('GET', '/nothing');
    expect([answer.status, answer.json.code]).toEqual([404, 'not-found']);
  });

  test('JSON that cannot be read is refused with the position of the fault', async () => {
    const headers = { 'content-type': 'application/json' };
    const answer = await call('PUT', '/schedule', { as: administrator, body: '{"nightlyHour": 3,}', headers });
    expect([answer.status, answer.json.code]).toEqual([400, 'malformed']);
    expect(answer.json.detail).toMatch(/position 18|line 1 column 19/);
  });

  test('another content type is 415', async () => {
    const headers = { 'content-type': 'text/plain' };
    expect((await call('PUT', '/schedule', { as: administrator, body: 'x', headers })).status).toBe(415);
  });

  test('every fault of a body is named with what would be allowed', async () => {
    const answer = await call('PUT', '/schedule', {
      as: administrator,
      body: { nightlyHour: 24, timeZone: 7, more: 1 },
    });
    expect(answer.status).toBe(400);
    expect(answer.json.issues.map((issue: { field: string }) => issue.field).sort()).toEqual([
      'more',
      'nightlyHour',
      'timeZone',
    ]);
    expectToFit(protocol.Problem, answer.json);
  });

  test.each(['limit=0', 'limit=201', 'limit=x', 'cursor=abc', 'cursor=WzEuNV0', 'cursor=W10', 'unknown=1'])(
    'a list asked for with %s is 400',
    async (query) => {
      for (const list of ['projects', 'jobs', 'events']) {
        expect((await call('GET', `/${list}?${query}`)).status, list).toBe(400);
      }
    },
  );

  test.each(['0', 'x', '1.5', '99999999999999999999', '%00'])(
    'no id that can be thought of gives a 5xx: %s',
    async (id) => {
      const paths = [`/jobs/${id}`, `/projects/${id}/pending`, `/projects/${id}/settings/refresh`];
      for (const path of paths) expect((await call('GET', path, { as: administrator })).status, path).toBe(404);
    },
  );
});

describe('projects and pending results', () => {
  test('a project says how many results are newer than its figures, and since when (BK-7)', async () => {
    const testCaseId = await aTestCase(db, projectId);
    await pendingRuns(db, projectId, [
      { testCaseId, executionStatusId: 1 },
      { testCaseId, executionStatusId: 2 },
    ]);
    const { json } = await call('GET', `/projects/${projectId}/pending`);
    expect(json).toEqual({ runs: 2, since: expect.stringMatching(/^\d{4}-.*Z$/), otherChanges: 0 });
    expectToFit(protocol.PendingResults, json);
    await call('POST', `/projects/${projectId}/data-tools/recalculate-all/runs`);
    await jobs.drain();
    const after = await call('GET', `/projects/${projectId}/pending`);
    expect(after.json).toEqual({ runs: 0, since: null, otherChanges: 0 });
  });

  test('members see their projects with their role, system administrators all, page by page', async () => {
    const second = await aProject(db, { name: 'Second' });
    const own = await call('GET', '/projects', { as: manager });
    expect(own.json.items).toMatchObject([
      {
        projectId,
        name: 'Library',
        role: { name: 'Manager', isProjectAdmin: false },
        refresh: { effectiveMode: 'nightly' },
      },
    ]);
    expectToFit(protocol.ProjectPage, own.json);
    const first = await call('GET', '/projects?limit=1', { as: administrator });
    const rest = await call('GET', `/projects?cursor=${first.json.nextCursor}`, { as: administrator });
    expect([...first.json.items, ...rest.json.items].map((item) => item.projectId)).toEqual([projectId, second]);
    expect(rest.json.nextCursor).toBeNull();
    expect((await call('GET', '/projects', { as: outsider })).json.items).toEqual([]);
  });

  test('an outsider learns nothing of a project but that it exists', async () => {
    for (const path of ['pending', 'settings/refresh', 'settings/retention']) {
      expect((await call('GET', `/projects/${projectId}/${path}`, { as: outsider })).json.code).toBe('not-member');
      expect((await call('GET', `/projects/${projectId + 1}/${path}`, { as: outsider })).json.code).toBe('not-found');
    }
  });
});

describe('retention', () => {
  const path = () => `/projects/${projectId}/settings/retention`;

  test('a project keeps all runs until it is told for how many days', async () => {
    expect((await call('GET', path())).json).toEqual({ keepDays: null });
    const changed = await call('PUT', path(), { body: { keepDays: 90 } });
    expect(changed.json).toEqual({ keepDays: 90 });
    expectToFit(protocol.RetentionSettings, changed.json);
    expect((await call('GET', path())).json).toEqual({ keepDays: 90 });
    expect((await call('PUT', path(), { body: { keepDays: null } })).json).toEqual({ keepDays: null });
  });

  test.each([{ keepDays: 0 }, { keepDays: 1.5 }, { keepDays: 40_000 }, { keepDays: 'long' }, {}])(
    'what is no number of days is refused: %j',
    async (body) => {
      expect((await call('PUT', path(), { body })).status).toBe(400);
      expect((await call('GET', path())).json).toEqual({ keepDays: null });
    },
  );

  test('the preview says how many runs would go, and deletes none', async () => {
    const testCaseId = await aTestCase(db, projectId);
    const endDate = new Date('2020-01-01');
    await pendingRuns(db, projectId, [
      { testCaseId, executionStatusId: 1, endDate },
      { testCaseId, executionStatusId: 1, endDate },
    ]);
    await db.query(`update test_run set concurrency_date = '2020-01-01' where project_id = $1`, [projectId]);
    const preview = () => call('GET', `/projects/${projectId}/retention-preview?keepDays=30`);
    expect((await preview()).json).toEqual({ keepDays: 30, runs: 0 });
    await call('POST', `/projects/${projectId}/data-tools/refresh-pending/runs`);
    await jobs.drain();
    const { json } = await preview();
    expect(json).toEqual({ keepDays: 30, runs: 1 });
    expectToFit(protocol.RetentionPreview, json);
    expect(await db.query('select from test_run where project_id = $1', [projectId])).toHaveLength(2);
    expect((await call('GET', `/projects/${projectId}/retention-preview?keepDays=0`)).status).toBe(400);
  });
});

describe('refresh settings and schedule', () => {
  test('a system administrator changes what holds for the server; what is not sent stays (DC-5)', async () => {
    const changed = await call('PUT', '/settings/refresh', { as: administrator, body: { mode: 'continuous' } });
    expect(changed.json).toEqual({ mode: 'continuous', rollupsDisabled: false, fixed: [] });
    const off = await call('PUT', '/settings/refresh', { as: administrator, body: { rollupsDisabled: true } });
    expect(off.json).toEqual({ mode: 'continuous', rollupsDisabled: true, fixed: [] });
    expectToFit(protocol.ServerRefreshSettings, off.json);
    expect((await call('GET', `/projects/${projectId}/settings/refresh`)).json.effectiveMode).toBe('disabled');
  });

  test('a project has a mode of its own until it is told null', async () => {
    const path = `/projects/${projectId}/settings/refresh`;
    const own = await call('PUT', path, { body: { mode: 'immediate' } });
    expect(own.json).toEqual({ mode: 'immediate', rollupsDisabled: false, effectiveMode: 'immediate' });
    await call('PUT', path, { body: { rollupsDisabled: true } });
    expect((await call('GET', path)).json).toEqual({
      mode: 'immediate',
      rollupsDisabled: true,
      effectiveMode: 'disabled',
    });
    const back = await call('PUT', path, { body: { mode: null, rollupsDisabled: false } });
    expect(back.json).toEqual({ mode: null, rollupsDisabled: false, effectiveMode: 'nightly' });
    expectToFit(protocol.ProjectRefreshSettings, back.json);
  });

  test('a mode that does not exist is refused with those that do', async () => {
    const answer = await call('PUT', `/projects/${projectId}/settings/refresh`, { body: { mode: 'hourly' } });
    expect([answer.status, answer.json.issues[0].message]).toEqual([
      400,
      'mode must be one of manual, nightly, continuous, immediate',
    ]);
  });

  test('the schedule says when the next round comes and when the last was due', async () => {
    const body = { nightlyHour: 3, timeZone: 'Europe/Vienna' };
    const changed = await call('PUT', '/schedule', { as: administrator, body });
    expect(changed.json).toMatchObject({ ...body, nextRoundAt: '2026-03-03T02:00:00.000Z', fixed: [] });
    expectToFit(protocol.Schedule, changed.json);
    server.clock.advance(24 * 3_600_000);
    await nightly.tick();
    const after = await call('GET', '/schedule');
    expect(after.json).toMatchObject({
      lastRoundAt: '2026-03-03T02:00:00.000Z',
      nextRoundAt: '2026-03-04T02:00:00.000Z',
    });
    const wrong = await call('PUT', '/schedule', { as: administrator, body: { timeZone: 'Mars/Base' } });
    expect([wrong.status, wrong.json.issues[0].field]).toEqual([400, 'timeZone']);
  });

  test('changes are written to the event log with who made them', async () => {
    await call('PUT', '/settings/refresh', { as: administrator, body: { mode: 'manual' } });
    const { json } = await call('GET', '/events?kind=setting', { as: administrator });
    expect(json.items).toMatchObject([
      { login: 'administrator', projectId: null, subject: 'refresh', details: { mode: 'manual' } },
    ]);
  });
});

describe('data tools and jobs', () => {
  const run = (tool: string, options?: Options) =>
    call('POST', `/projects/${projectId}/data-tools/${tool}/runs`, options);

  test('every tool is listed with what it does', async () => {
    const { json } = await call('GET', '/data-tools', { as: outsider });
    expectToFit(protocol.DataToolList, json);
    expect(json.items.map((tool: { name: string }) => tool.name)).toContain('correct-release-indentation');
  });

  test('a project administrator uses a tool and follows its job (DT-4, DT-6)', async () => {
    const started = await run('check-release-indentation');
    expect(started.status).toBe(202);
    expectToFit(protocol.JobList, started.json);
    const [{ jobId }] = started.json.items;
    expect((await run('check-release-indentation')).json.items[0].jobId).toBe(jobId);
    expect((await call('GET', `/jobs/${jobId}`)).json.state).toBe('queued');
    await jobs.drain();
    const done = await call('GET', `/jobs/${jobId}`);
    expect(done.json).toMatchObject({
      state: 'done',
      rowsChanged: 0,
      requestedBy: server.owner.login,
      projectName: 'Library',
      result: { verdict: 'ok' },
    });
    expectToFit(protocol.Job, done.json);
    const { json } = await call('GET', `/events?projectId=${projectId}`);
    expectToFit(protocol.EventPage, json);
    expect(json.items).toMatchObject([
      { kind: 'dataTool', subject: 'check-release-indentation', login: server.owner.login, rowsChanged: 0 },
    ]);
  });

  test('a tool can be limited to a release that exists', async () => {
    const releaseId = await aRelease(db, projectId);
    const { json } = await run('recalculate-releases', { body: { releaseId } });
    expect(json.items[0]).toMatchObject({ releaseId, tool: 'recalculate-releases' });
    expect((await run('recalculate-releases', { body: { releaseId: releaseId + 1 } })).status).toBe(404);
    expect((await run('recalculate-all', { body: { releaseId } })).status).toBe(400);
    expect((await run('recalculate-releases', { body: { releaseId: 'x' } })).status).toBe(400);
  });

  test('unknown tools are 404, system tools in a project 400', async () => {
    expect((await run('constructor')).status).toBe(404);
    expect((await run('refresh-indexes')).status).toBe(400);
  });

  test('a system administrator uses a tool in one, several or all active projects, or on the whole system', async () => {
    const second = await aProject(db);
    const runs = (tool: string, body?: object) =>
      call('POST', `/data-tools/${tool}/runs`, { as: administrator, ...(body ? { body } : {}) });
    const projectsOf = (answer: Awaited<ReturnType<typeof call>>) =>
      answer.json.items.map((job: { projectId: number | null }) => job.projectId);
    expect(projectsOf(await runs('recalculate-all'))).toEqual([projectId, second]);
    expect(projectsOf(await runs('recalculate-folders', { projectIds: [second] }))).toEqual([second]);
    expect(projectsOf(await runs('refresh-indexes'))).toEqual([null]);
    expect((await runs('refresh-indexes', { projectIds: [second] })).status).toBe(400);
    const unknown = await runs('recalculate-all', { projectIds: [projectId, second + 1] });
    expect([unknown.status, unknown.json.issues[0].field]).toEqual([404, 'projectIds[1]']);
    expect((await runs('recalculate-all', { projectIds: [] })).status).toBe(400);
  });

  test('jobs are listed newest first, page by page, and filtered', async () => {
    for (const tool of ['recalculate-all', 'recalculate-folders', 'refresh-pending']) await run(tool);
    const first = await call('GET', '/jobs?limit=2');
    expectToFit(protocol.JobPage, first.json);
    const rest = await call('GET', `/jobs?limit=2&cursor=${first.json.nextCursor}`);
    const tools = [...first.json.items, ...rest.json.items].map((job) => job.tool);
    expect(tools).toEqual(['refresh-pending', 'recalculate-folders', 'recalculate-all']);
    await jobs.drain();
    expect((await call('GET', `/jobs?state=queued&projectId=${projectId}`)).json.items).toEqual([]);
    expect((await call('GET', '/jobs?tool=refresh-pending&state=done')).json.items).toHaveLength(1);
  });

  test('events are paged without loss even where many happened in one moment', async () => {
    await db.query(
      `insert into event (occurred_at, project_id, kind, subject) select '2026-03-02', $1, 'test', i::text from generate_series(1, 7) i`,
      [projectId],
    );
    const subjects: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const { json }: Awaited<ReturnType<typeof call>> = await call(
        'GET',
        `/events?limit=3${cursor && `&cursor=${cursor}`}`,
      );
      subjects.push(...json.items.map((item: { subject: string }) => item.subject));
      cursor = json.nextCursor;
    }
    expect(subjects).toEqual(['7', '6', '5', '4', '3', '2', '1']);
  });

  test('a waiting job is cancelled once; who did it is written down', async () => {
    const [{ jobId }] = (await run('recalculate-all')).json.items;
    const cancelled = await call('POST', `/jobs/${jobId}/cancel`);
    expect([cancelled.status, cancelled.json.state]).toEqual([200, 'cancelled']);
    expect((await call('POST', `/jobs/${jobId}/cancel`)).status).toBe(409);
    const { json } = await call('GET', '/events?kind=jobCancellation');
    expect(json.items).toMatchObject([{ login: server.owner.login, details: { jobId } }]);
  });
});

describe('who may', () => {
  const routes: { method: string; path: () => string; body?: object; needs: 'system' | 'admin' | 'member' }[] = [
    { method: 'PUT', path: () => '/settings/refresh', body: {}, needs: 'system' },
    { method: 'PUT', path: () => '/schedule', body: {}, needs: 'system' },
    { method: 'POST', path: () => '/data-tools/recalculate-all/runs', body: {}, needs: 'system' },
    { method: 'PUT', path: () => `/projects/${projectId}/settings/refresh`, body: {}, needs: 'admin' },
    { method: 'POST', path: () => `/projects/${projectId}/data-tools/recalculate-all/runs`, needs: 'admin' },
    { method: 'GET', path: () => `/projects/${projectId}/settings/refresh`, needs: 'member' },
    { method: 'GET', path: () => `/projects/${projectId}/pending`, needs: 'member' },
  ];

  test('each route is open to those it is for, and to no others', async () => {
    const systemOnly = await server.userWithRole(null);
    await db.query('update app_user set is_admin = true where user_id = $1', [systemOnly.userId]);
    const people = { administrator, systemOnly, owner: server.owner, manager, observer: await member(5), outsider };
    const allowed = {
      system: ['administrator', 'systemOnly'],
      admin: ['administrator', 'owner'],
      member: ['administrator', 'owner', 'manager', 'observer'],
    };
    for (const { method, path, body, needs } of routes) {
      for (const [name, as] of Object.entries(people)) {
        const { status } = await call(method, path(), { as, ...(body ? { body } : {}) });
        const expected = allowed[needs].includes(name) ? [200, 202] : [403];
        expect(expected, `${method} ${path()} by ${name}`).toContain(status);
      }
    }
  });

  test('jobs and events are seen and cancelled by administrators of their project only; for others they do not exist', async () => {
    const { json } = await call('POST', `/projects/${projectId}/data-tools/recalculate-all/runs`);
    const [{ jobId }] = json.items;
    for (const as of [manager, outsider]) {
      expect((await call('GET', `/jobs/${jobId}`, { as })).status).toBe(404);
      expect((await call('POST', `/jobs/${jobId}/cancel`, { as })).status).toBe(404);
      expect((await call('GET', '/jobs', { as })).json.items).toEqual([]);
    }
    await jobs.drain();
    expect((await call('GET', '/events', { as: manager })).json.items).toEqual([]);
    expect((await call('GET', '/events', { as: administrator })).json.items).toHaveLength(1);
    expect((await call('GET', `/jobs/${jobId}`, { as: administrator })).status).toBe(200);
  });
});

describe('the OpenAPI document', () => {
  test('is the one that is checked in (update it with vitest run <file> --update)', async () => {
    const { json } = await call('GET', '/openapi.json', { as: null });
    expect(json.openapi).toBe('3.1.0');
    await expect(`${JSON.stringify(json, null, 2)}\n`).toMatchFileSnapshot('../../../protocol/openapi.json');
  });

  test('describes every route with an operation of its own, and its failures', async () => {
    const { json } = await call('GET', '/openapi.json', { as: null });
    const operations = Object.values<Record<string, { operationId: string; summary: string; responses: object }>>(
      json.paths,
    ).flatMap((path) => Object.values(path));
    expect(operations.length).toBeGreaterThan(14);
    expect(new Set(operations.map((operation) => operation.operationId)).size).toBe(operations.length);
    for (const { operationId, summary, responses } of operations) {
      expect(summary, operationId).toMatch(/\.$/);
      expect(responses, operationId).toHaveProperty(['4XX', 'content', 'application/problem+json']);
    }
  });

  test('refers to schemas by their names only, and every name is there', async () => {
    const { json } = await call('GET', '/openapi.json', { as: null });
    const references = [...JSON.stringify(json).matchAll(/"\$ref":"([^"]+)"/g)].map((match) => match[1] ?? '');
    expect(references.length).toBeGreaterThan(20);
    for (const reference of references) {
      expect(json.components.schemas, reference).toHaveProperty(reference.replace('#/components/schemas/', ''));
    }
  });

  test('has a reference page for people', async () => {
    const page = await server.app.inject({ method: 'GET', url: '/docs/api/' });
    expect([page.statusCode, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    const shown = await server.app.inject({ method: 'GET', url: '/docs/api/json' });
    expect(shown.json().paths).toHaveProperty('/api/v1/me');
  });

  test('does not change with the version of the program', async () => {
    const { json } = await call('GET', '/openapi.json', { as: null });
    expect(JSON.stringify(json.info)).not.toContain(version);
  });
});
