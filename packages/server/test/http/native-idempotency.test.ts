import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { aMember, anApiKey, aProject } from '../support/builders.ts';
import { testConnection, testDatabaseWithUrl } from '../support/database.ts';
import { type SpiraServer, spiraServer } from '../support/spira-server.ts';

// Every write of the own face takes an Idempotency-Key.

const { db, connectionString } = await testDatabaseWithUrl({ poolSize: 12 });
const server = await spiraServer(db);
const elsewhere = testConnection(connectionString, { poolSize: 12 });
afterAll(() => elsewhere.close());
const second = await spiraServer(elsewhere);
const administrator = { userId: 1, apiKey: await anApiKey(db, 1) };
let projectId: number;

beforeEach(async () => {
  for (const table of ['job', 'event', 'setting', 'idempotency_key']) await db.query(`delete from ${table}`);
  await db.query('update project set is_active = false');
  projectId = await aProject(db);
});

interface Request {
  path: string;
  method: string;
  body?: object;
}
interface Write extends Omit<Request, 'method'> {
  /** The same with another body, query or path. */
  other: Partial<Request>;
  /** Counts what the write leaves behind. */
  count: string;
}

/** Makes what the write needs, and says what it is. By the operation ids of the OpenAPI document. */
const writes: Record<string, () => Promise<Write>> = {
  changeServerRefreshSettings: async () => ({
    path: '/settings/refresh',
    body: { mode: 'continuous' },
    other: { body: { mode: 'manual' } },
    count: `select count(*) from event where kind = 'setting'`,
  }),
  changeSchedule: async () => ({
    path: '/schedule',
    body: { nightlyHour: 4 },
    other: { body: { nightlyHour: 5 } },
    count: `select count(*) from event where kind = 'setting'`,
  }),
  changeProjectRefreshSettings: async () => ({
    path: `/projects/${projectId}/settings/refresh`,
    body: { mode: 'immediate' },
    other: { body: { mode: null } },
    count: `select count(*) from event where kind = 'setting'`,
  }),
  changeRetentionSettings: async () => ({
    path: `/projects/${projectId}/settings/retention`,
    body: { keepDays: 30 },
    other: { body: { keepDays: 60 } },
    count: `select count(*) from event where kind = 'setting'`,
  }),
  runDataTool: async () => ({
    path: '/data-tools/recalculate-all/runs',
    body: { projectIds: [projectId] },
    other: { path: '/data-tools/recalculate-folders/runs' },
    count: 'select count(*) from job',
  }),
  runProjectDataTool: async () => ({
    path: `/projects/${projectId}/data-tools/recalculate-all/runs`,
    body: {},
    other: { path: `/projects/${projectId}/data-tools/recalculate-folders/runs` },
    count: 'select count(*) from job',
  }),
  cancelJob: async () => ({
    path: `/jobs/${await aJob()}/cancel`,
    other: { path: `/jobs/${await aJob('recalculate-folders')}/cancel` },
    count: `select count(*) from event where kind = 'jobCancellation'`,
  }),
  createApiKey: async () => ({
    path: '/users/1/api-keys',
    body: { label: 'laptop' },
    other: { body: { label: 'desktop' } },
    count: 'select count(*) from api_key',
  }),
  revokeApiKey: async () => ({
    path: `/users/1/api-keys/${await aKeyId()}`,
    other: { path: `/users/1/api-keys/${await aKeyId()}` },
    count: 'select count(*) from api_key where revoked_at is not null',
  }),
};

async function aJob(tool = 'recalculate-all'): Promise<number> {
  const { json } = await call({ method: 'POST', path: `/projects/${projectId}/data-tools/${tool}/runs` });
  return json.items[0].jobId;
}

async function aKeyId(): Promise<number> {
  const { json } = await call({ method: 'POST', path: '/users/1/api-keys', body: {} });
  return json.apiKeyId;
}

interface CallOptions {
  key?: string;
  to?: SpiraServer;
  as?: { apiKey: string };
}

async function call({ method, path, body }: Request, { key, to = server, as = administrator }: CallOptions = {}) {
  const response = await to.app.inject({
    method: method as 'GET',
    url: `/api/v1${path}`,
    headers: { authorization: `Bearer ${as.apiKey}`, ...(key === undefined ? {} : { 'idempotency-key': key }) },
    ...(body === undefined ? {} : { payload: body }),
  });
  const { statusCode: status, body: text, headers } = response;
  return { status, text, json: text === '' ? undefined : JSON.parse(text), headers };
}

interface Operation {
  operationId: string;
  parameters?: { in: string; name: string }[];
  responses: Record<string, { description: string }>;
}
const document = (await call({ method: 'GET', path: '/openapi.json' })).json;
const declared = Object.values<Record<string, Operation>>(document.paths).flatMap((path) =>
  Object.entries(path).map(([method, operation]) => ({ method: method.toUpperCase(), ...operation })),
);
const declaredWrites = declared.filter(({ method }) => method !== 'GET');
const counted = async ({ count }: Write) => (await db.query<{ count: number }>(count))[0]?.count ?? 0;

test('every write is tried here', () => {
  expect(declaredWrites.map(({ operationId }) => operationId).toSorted()).toEqual(Object.keys(writes).toSorted());
});

test('the OpenAPI document shows the header and the 409 at writes, and nowhere else', () => {
  for (const { operationId, method, parameters = [], responses } of declared) {
    const takesKey = parameters.some(({ in: place, name }) => place === 'header' && name === 'Idempotency-Key');
    expect(takesKey, operationId).toBe(method !== 'GET');
    expect(/Idempotency-Key/.test(responses['409']?.description ?? ''), operationId).toBe(method !== 'GET');
  }
});

describe.each(declaredWrites)('$operationId', ({ operationId, method }) => {
  const aWrite = async () => {
    const write = await writes[operationId]!();
    return { ...write, method };
  };

  test('a repeat gets the first answer with its status, and nothing is done again', async () => {
    const write = await aWrite();
    const key = crypto.randomUUID();
    const before = await counted(write);
    const first = await call(write, { key });
    expect([200, 201, 202, 204]).toContain(first.status);
    expect((await counted(write)) - before).toBe(1);
    const repeat = await call(write, { key: `"${key}"`, to: second });
    expect([repeat.status, repeat.text]).toEqual([first.status, first.text]);
    expect(repeat.headers['content-type']).toBe(first.headers['content-type']);
    expect([first, repeat].map(({ headers }) => headers['idempotent-replayed'])).toEqual([undefined, 'true']);
    expect((await counted(write)) - before).toBe(1);
  });

  test('20 of the same moment over two servers are done once, with one answer', async () => {
    const write = await aWrite();
    const key = crypto.randomUUID();
    const before = await counted(write);
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => call(write, { key, to: [server, second][index % 2]! })),
    );
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(answers[0]?.status).toBeLessThan(300);
    expect((await counted(write)) - before).toBe(1);
  });

  test('another request under the same key is 409 and says so', async () => {
    const { other, ...write } = await aWrite();
    const key = crypto.randomUUID();
    expect((await call(write, { key })).status).toBeLessThan(300);
    const refused = await call({ ...write, ...other }, { key });
    expect([refused.status, refused.json.code]).toEqual([409, 'idempotency-key-reused']);
    expect(refused.json.detail).toMatch(/Idempotency-Key was used for another request/);
  });

  test('a key that is none is 400, and nothing is done', async () => {
    const write = await aWrite();
    const before = await counted(write);
    const refused = await call(write, { key: 'x'.repeat(256) });
    expect([refused.status, refused.json.code]).toEqual([400, 'malformed']);
    expect(await counted(write)).toBe(before);
  });
});

test('a refused request leaves its key free', async () => {
  const key = crypto.randomUUID();
  const path = `/projects/${projectId}/data-tools/recalculate-releases/runs`;
  expect((await call({ method: 'POST', path, body: { releaseId: 1 } }, { key })).status).toBe(404);
  expect((await call({ method: 'POST', path, body: {} }, { key })).status).toBe(202);
});

test('the answer is of the first moment: what has changed since is not in it', async () => {
  const key = crypto.randomUUID();
  const write = { method: 'PUT', path: '/settings/refresh', body: { mode: 'continuous' } };
  const first = await call(write, { key });
  expect(first.json.mode).toBe('continuous');
  await call({ ...write, body: { mode: 'manual' } });
  expect((await call(write, { key })).json).toEqual(first.json);
  expect((await call({ method: 'GET', path: '/settings/refresh' })).json.mode).toBe('manual');
});

test('settings that were changed under a key hold at once', async () => {
  const path = `/projects/${projectId}/settings/refresh`;
  const changed = await call({ method: 'PUT', path, body: { mode: 'immediate' } }, { key: crypto.randomUUID() });
  expect(changed.json).toMatchObject({ mode: 'immediate', effectiveMode: 'immediate' });
  expect((await call({ method: 'GET', path })).json).toEqual(changed.json);
});

describe('permissions hold for a repeat as for the first', () => {
  test('an administrator of the product who is none any more gets 403, a former system administrator, too', async () => {
    const person = await server.userWithRole(null);
    await aMember(db, projectId, { userId: person.userId, roleId: 1 });
    const inProject = { method: 'PUT', path: `/projects/${projectId}/settings/refresh`, body: {} };
    const onServer = { method: 'PUT', path: '/settings/refresh', body: {} };
    await db.query('update app_user set is_admin = true where user_id = $1', [person.userId]);
    const options = { key: crypto.randomUUID(), as: person };
    expect((await call(inProject, options)).status).toBe(200);
    expect((await call(onServer, options)).status).toBe(200);
    await db.query('update app_user set is_admin = false where user_id = $1', [person.userId]);
    await db.query('delete from project_member where project_id = $1', [projectId]);
    expect((await call(inProject, options)).status).toBe(403);
    expect((await call(onServer, options)).status).toBe(403);
  });

  test('keys of others, and jobs of others, are not there for who may not handle them any more', async () => {
    const person = await server.userWithRole(null);
    await db.query('update app_user set is_admin = true where user_id = $1', [person.userId]);
    const create = { method: 'POST', path: '/users/1/api-keys', body: {} };
    const cancel = { method: 'POST', path: `/jobs/${await aJob()}/cancel` };
    const options = { as: person };
    const keys = [crypto.randomUUID(), crypto.randomUUID()] as const;
    expect((await call(create, { ...options, key: keys[0] })).status).toBe(201);
    expect((await call(cancel, { ...options, key: keys[1] })).status).toBe(200);
    await db.query('update app_user set is_admin = false where user_id = $1', [person.userId]);
    expect((await call(create, { ...options, key: keys[0] })).status).toBe(404);
    expect((await call(cancel, { ...options, key: keys[1] })).status).toBe(404);
  });
});

test('a new API key is repeated to whoever sends the same API key, and lies sealed in the database', async () => {
  const key = crypto.randomUUID();
  const write = { method: 'POST', path: '/users/1/api-keys', body: { label: 'ci' } };
  const first = await call(write, { key });
  const [row] = await db.query<{ answer: Buffer }>('select answer from idempotency_key where key = $1', [key]);
  expect(row?.answer.includes(first.json.key)).toBe(false);
  expect((await call(write, { key })).json).toEqual(first.json);
  const asNew = await call(write, { key, as: { apiKey: first.json.key } });
  expect([asNew.status, asNew.json.detail]).toEqual([409, expect.stringMatching(/holds a secret/)]);
});

test('a cancelled job is told to the process that works on it after the commit', async () => {
  const jobId = await aJob();
  const cancelled = await call({ method: 'POST', path: `/jobs/${jobId}/cancel` }, { key: crypto.randomUUID() });
  expect(cancelled.json.state).toBe('cancelled');
  expect(await server.background.jobs.drain()).toBe(0);
});
