import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, test } from 'vitest';
import type { FigureRefresh } from '../../src/commands/context.ts';
import { aMember, aProject, aTestCase, aTestStep } from '../support/builders.ts';
import { testConnection, testDatabaseWithUrl } from '../support/database.ts';
import { type CallOptions, spiraServer } from '../support/spira-server.ts';

// Issue: a repeat with the same Idempotency-Key gets the first answer (draft-ietf-httpapi-idempotency-key-header).

const { db, connectionString } = await testDatabaseWithUrl({ poolSize: 12 });
const server = await spiraServer(db);
let projectId: number;
let testCaseId: number;
let testStepId: number;

beforeEach(async () => {
  projectId = await server.ownProject();
  testCaseId = await aTestCase(db, projectId);
  testStepId = await aTestStep(db, projectId, { testCaseId });
});

const automated = (more: object = {}) => ({
  TestCaseId: testCaseId,
  ExecutionStatusId: 2,
  RunnerName: 'PyTest',
  RunnerTestName: 'test_login',
  EndDate: '2026-03-02T11:10:00Z',
  ...more,
});
const manual = () => ({
  TestCaseId: testCaseId,
  StartDate: '2026-03-02T11:00:00Z',
  EndDate: '2026-03-02T11:10:00Z',
  TestRunSteps: [{ TestStepId: testStepId, Position: 1, ExecutionStatusId: 2 }],
});

/** Every operation of the Spira face that takes a key: verb, path, body. */
const operations: [string, () => [method: string, path: string, body: unknown]][] = [
  ['record', () => ['POST', `projects/${projectId}/test-runs/record`, automated()]],
  ['record of a list of one', () => ['POST', `projects/${projectId}/test-runs/record`, [automated()]]],
  ['record-multiple', () => ['POST', `projects/${projectId}/test-runs/record-multiple`, [automated(), automated()]]],
  ['record without a project', () => ['POST', 'test-runs/record', automated()]],
  ['record-multiple without a project', () => ['POST', 'test-runs/record-multiple', [automated(), automated()]]],
  ['PUT of manual runs', () => ['PUT', `projects/${projectId}/test-runs`, [manual()]]],
];

const newKey = () => `"${crypto.randomUUID()}"`;
const sendAs = (
  [method, path, body]: readonly [string, string, unknown],
  key: string,
  { headers = {}, ...options }: CallOptions = {},
) => server.call(method, path, { body, ...options, headers: { 'idempotency-key': key, ...headers } });
const record = (key: string, body: unknown = automated(), options: CallOptions = {}) =>
  sendAs(['POST', `projects/${projectId}/test-runs/record`, body], key, options);
const storedRuns = async () => {
  const [row] = await db.query<{ count: number }>('select count(*) from test_run where project_id = $1', [projectId]);
  return row?.count;
};
const keptKeys = async () =>
  (await db.query('select 1 from idempotency_key where project_id = $1', [projectId])).length;

describe.each(operations)('%s', (_name, requestOf) => {
  test.each(['v5_0', 'v6_0', 'v7_0'])(
    'a repeat over %s gets the first answer, and nothing is stored again',
    async (version) => {
      const request = requestOf();
      const key = newKey();
      const first = await sendAs(request, key, { version });
      expect(first.status).toBe(200);
      const runs = await storedRuns();
      const repeat = await sendAs(request, key, { version });
      expect([repeat.status, repeat.text]).toEqual([200, first.text]);
      expect([first, repeat].map((answer) => answer.headers['idempotent-replayed'])).toEqual([undefined, 'true']);
      expect(await storedRuns()).toBe(runs);
    },
  );

  test('the repeat is answered in the format that it asks for, whichever the first had', async () => {
    const request = requestOf();
    const xml = { headers: { accept: 'application/xml' } };
    const [one, other] = [newKey(), newKey()];
    const firstXml = await sendAs(request, one, xml);
    const firstJson = await sendAs(request, other);
    const ids = (text: string) => [...text.matchAll(/TestRunId(?:>|":)(\d+)/g)].map(([, id]) => id);
    expect((await sendAs(request, one, xml)).text).toBe(firstXml.text);
    expect(firstXml.headers['content-type']).toMatch(/^application\/xml/);
    expect((await sendAs(request, other, xml)).text.replace(/\d+/g, '')).toBe(firstXml.text.replace(/\d+/g, ''));
    expect(ids((await sendAs(request, one)).text)).toEqual(ids(firstXml.text));
    expect((await sendAs(request, other)).text).toBe(firstJson.text);
    expect(ids(firstJson.text)).not.toEqual(ids(firstXml.text));
  });

  test('another body under the same key is 409 and says so; nothing is stored', async () => {
    const [method, path, body] = requestOf();
    const key = newKey();
    expect((await sendAs([method, path, body], key)).status).toBe(200);
    const runs = await storedRuns();
    const changed = JSON.parse(JSON.stringify(body).replace('2026-03-02', '2026-03-03'));
    const refused = await sendAs([method, path, changed], key);
    expect([refused.status, refused.json.Type]).toEqual([409, 'IdempotencyKeyFault']);
    expect(refused.json.Message).toMatch(/Idempotency-Key was used for another request/);
    expect(await storedRuns()).toBe(runs);
  });

  test('a refused request stores nothing under the key: with the fault mended it goes through', async () => {
    const [method, path, body] = requestOf();
    const key = newKey();
    const wrong = JSON.parse(JSON.stringify(body).replaceAll(/"ExecutionStatusId":2/g, '"ExecutionStatusId":77'));
    expect((await sendAs([method, path, wrong], key)).status).toBe(400);
    expect(await keptKeys()).toBe(0);
    const mended = await sendAs([method, path, body], key);
    expect([mended.status, mended.headers['idempotent-replayed']]).toEqual([200, undefined]);
  });

  test('20 of the same moment over two servers on one database: 20 times the same ids, stored once', async () => {
    const elsewhere = testConnection(connectionString, { poolSize: 12 });
    const second = await spiraServer(elsewhere);
    try {
      const [method, path, body] = requestOf();
      const headers = { 'idempotency-key': newKey() };
      const options = { body, headers, as: server.owner };
      const before = await storedRuns();
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, index) => [server, second][index % 2]!.call(method, path, options)),
      );
      expect(new Set(answers.map((answer) => answer.text)).size).toBe(1);
      expect(answers.map((answer) => answer.status)).toEqual(Array(20).fill(200));
      expect(answers.filter((answer) => !answer.headers['idempotent-replayed'])).toHaveLength(1);
      const count = [body].flat().length;
      expect((await storedRuns())! - before!).toBe(count);
    } finally {
      await second.app.close();
      await elsewhere.close();
    }
  });
});

test('a call that is so large that it goes portion by portion is repeated like any other', async () => {
  const RunnerStackTrace = 'at booking/seats.spec.ts:21\n'.repeat(4_000);
  const body = JSON.stringify(Array(50).fill(automated({ RunnerStackTrace })));
  expect(body.length).toBeGreaterThan(5_000_000);
  for (const path of [`projects/${projectId}/test-runs/record-multiple`, 'test-runs/record-multiple']) {
    const before = await storedRuns();
    const key = newKey();
    const first = await sendAs(['POST', path, body], key);
    expect([first.status, first.json.length]).toEqual([200, 50]);
    const repeat = await sendAs(['POST', path, body], key);
    expect(repeat.text === first.text).toBe(true);
    expect([first, repeat].map((answer) => answer.headers['idempotent-replayed'])).toEqual([undefined, 'true']);
    expect((await storedRuns())! - before!).toBe(50);
    expect((await sendAs(['POST', path, body.replace('seats', 'seams')], key)).status).toBe(409);
  }
});

describe('what is the same request', () => {
  test('with and without quotes, gzip or not, whatever the version, with the credentials anywhere', async () => {
    const key = crypto.randomUUID();
    const first = await record(`"${key}"`);
    const { login, apiKey } = server.owner;
    const text = JSON.stringify(automated());
    const gzip = { 'content-encoding': 'gzip', 'content-type': 'application/json' };
    const path = `projects/${projectId}/test-runs/record?username=${login}&api-key=${encodeURIComponent(apiKey)}`;
    const repeats = [
      await record(key),
      await record(key, gzipSync(text), { headers: gzip }),
      await record(key, text, { version: 'v5_0' }),
      await sendAs(['POST', path, automated()], key, { as: null }),
    ];
    expect(repeats.map((answer) => answer.text)).toEqual(Array(4).fill(first.text));
  });

  test('another operation, another query are others: 409', async () => {
    const key = newKey();
    const path = `projects/${projectId}/test-runs`;
    expect((await sendAs(['PUT', `${path}?end_date=2026-03-05T00:00:00Z`, [manual()]], key)).status).toBe(200);
    expect((await sendAs(['PUT', path, [manual()]], key)).status).toBe(409);
    expect((await sendAs(['POST', `${path}/record-multiple`, [automated()]], key)).status).toBe(409);
    expect(await storedRuns()).toBe(1);
  });

  test('a key belongs to a user and a product: others use the same one for themselves', async () => {
    const key = newKey();
    const tester = await server.userWithRole(null);
    await aMember(db, projectId, { userId: tester.userId, roleId: 4 });
    const first = await record(key);
    const asOther = await record(key, automated(), { as: tester });
    const otherId = await server.ownProject();
    const otherCase = { ...automated(), TestCaseId: await aTestCase(db, otherId) };
    const elsewhere = await sendAs(['POST', `projects/${otherId}/test-runs/record`, otherCase], key);
    expect([first, asOther, elsewhere].map((answer) => answer.status)).toEqual([200, 200, 200]);
    expect(new Set([first, asOther, elsewhere].map((answer) => answer.json.TestRunId)).size).toBe(3);
  });
});

describe('the header', () => {
  test.each([
    ['empty', ''],
    ['an empty string', '""'],
    ['of more than 255 characters', `"${'x'.repeat(256)}"`],
    ['two in one', '"a", "b"'],
  ])('%s is 400, and nothing is stored', async (_what, key) => {
    const answer = await record(key);
    expect([answer.status, answer.json.Type]).toEqual([400, 'ValidationFaultMessage']);
    expect(answer.json.Message).toMatch(/Idempotency-Key/);
    expect(await storedRuns()).toBe(0);
  });

  test('is read after the credentials, and ignored by operations that do not take it', async () => {
    expect((await record('', automated(), { as: null })).status).toBe(401);
    expect((await sendAs(['GET', `projects/${projectId}/test-runs`, undefined], '""')).status).toBe(200);
  });

  test('may be sent by browsers, which may read the mark of a repeat', async () => {
    const preflight = await server.app.inject({
      method: 'OPTIONS',
      url: `/Services/v7_0/RestService.svc/projects/${projectId}/test-runs/record`,
      headers: { origin: 'https://ci.example.com', 'access-control-request-method': 'POST' },
    });
    expect(preflight.headers['access-control-allow-headers']).toMatch(/\bidempotency-key\b/);
    const answer = await record(newKey(), automated(), { headers: { origin: 'https://ci.example.com' } });
    expect(answer.headers['access-control-expose-headers']).toMatch(/\bidempotent-replayed\b/);
  });
});

describe('after 24 hours by the clock of the database', () => {
  const age = (key: string, interval: string) =>
    db.query(`update idempotency_key set created_at = now() - $2::interval where key = $1`, [
      key.replaceAll('"', ''),
      interval,
    ]);

  test('a key begins anew, also before the nightly round has deleted it; up to then it holds', async () => {
    const key = newKey();
    const first = await record(key);
    await age(key, '23 hours 59 minutes');
    expect((await record(key)).text).toBe(first.text);
    await age(key, '24 hours 1 minute');
    const anew = await record(key, automated({ RunnerTestName: 'another' }));
    expect([anew.status, anew.headers['idempotent-replayed']]).toEqual([200, undefined]);
    expect(anew.json.TestRunId).toBeGreaterThan(first.json.TestRunId);
    expect((await record(key, automated({ RunnerTestName: 'another' }))).text).toBe(anew.text);
  });

  test('the nightly round deletes old keys of every product and none, and leaves the others', async () => {
    const old = [newKey(), newKey()] as const;
    await record(old[0]);
    await sendAs(['POST', 'test-runs/record', automated()], old[1]);
    for (const key of old) await age(key, '25 hours');
    const kept = newKey();
    await record(kept);
    const { nightly } = server.background;
    await nightly.tick();
    server.clock.advance(86_400_000);
    await nightly.tick();
    const left = await db.query<{ key: string }>('select key from idempotency_key where key = any($1)', [
      [...old, kept].map((key) => key.replaceAll('"', '')),
    ]);
    expect(left.map((row) => `"${row.key}"`)).toEqual([kept]);
  });
});

describe('permissions hold for a repeat as for the first', () => {
  const cases: [string, () => readonly [string, string, unknown]][] = [
    ['with the project in the path', () => ['POST', `projects/${projectId}/test-runs/record`, automated()]],
    ['without', () => ['POST', 'test-runs/record', automated()]],
  ];
  test.each(cases)(
    '%s: a role that may no longer record, and no membership, are 403; a revoked key is 401',
    async (_what, requestOf) => {
      const key = newKey();
      const tester = await server.userWithRole(null);
      await aMember(db, projectId, { userId: tester.userId, roleId: 4 });
      const request = requestOf();
      const repeat = () => sendAs(request, key, { as: tester });
      const first = await repeat();
      expect(first.status).toBe(200);
      const where = [projectId, tester.userId];
      await db.query('update project_member set role_id = 5 where project_id = $1 and user_id = $2', where);
      expect((await repeat()).status).toBe(403);
      await db.query('delete from project_member where project_id = $1 and user_id = $2', where);
      expect((await repeat()).status).toBe(403);
      await aMember(db, projectId, { userId: tester.userId, roleId: 4 });
      expect((await repeat()).text).toBe(first.text);
      await db.query('update api_key set revoked_at = now() where user_id = $1', [tester.userId]);
      expect((await repeat()).status).toBe(401);
    },
  );
});

describe('what changed in between does not change the answer', () => {
  test('the case is deleted, and with it the only sign of the product', async () => {
    const request = ['POST', 'test-runs/record', automated()] as const;
    const key = newKey();
    const first = await sendAs(request, key);
    expect((await server.call('DELETE', `projects/${projectId}/test-cases/${testCaseId}`)).status).toBe(200);
    const repeat = await sendAs(request, key);
    expect([repeat.status, repeat.text]).toEqual([200, first.text]);
  });

  test('the product is deleted for good: 404, and its keys are gone', async () => {
    const key = newKey();
    await record(key);
    const administrator = await server.userWithRole(null);
    await db.query('update app_user set is_admin = true where user_id = $1', [administrator.userId]);
    expect((await server.call('DELETE', `projects/${projectId}`, { as: administrator })).status).toBe(200);
    expect((await record(key)).status).toBe(404);
    expect(await keptKeys()).toBe(0);
  });
});

describe('figures', () => {
  test('a repeat in immediate mode is answered when the figures are exact, though the first was cut off before', async () => {
    const asked: string[] = [];
    let isCutOff = true;
    const figures: FigureRefresh = {
      afterCommit: async (id, changed) => {
        asked.push(`${id} ${changed}`);
        if (isCutOff) throw new Error('The process ends here');
      },
    };
    const cut = await spiraServer(db, { figures });
    await aMember(db, cut.projectId, { userId: server.owner.userId, roleId: 1 });
    const inCut = { ...automated(), TestCaseId: await aTestCase(db, cut.projectId) };
    const path = `projects/${cut.projectId}/test-runs/record-multiple`;
    const options = { body: [inCut], headers: { 'idempotency-key': newKey() } };
    expect((await cut.call('POST', path, options)).status).toBe(500);
    isCutOff = false;
    const repeat = await cut.call('POST', path, options);
    expect([repeat.status, repeat.headers['idempotent-replayed']]).toEqual([200, 'true']);
    expect(asked).toEqual([`${cut.projectId} bulk`, `${cut.projectId} bulk`]);
  });
});

test('without the header not one statement more is sent; with it two', async () => {
  const statements: string[] = [];
  const watched = testConnection(connectionString, { poolSize: 1 });
  watched.pool.on('connect', (client) => {
    const query = client.query.bind(client) as (...sent: unknown[]) => unknown;
    const noted = (...sent: unknown[]) => {
      const [statement] = sent as [string | { text: string }];
      statements.push((typeof statement === 'string' ? statement : statement.text).trim().slice(0, 40));
      return query(...sent);
    };
    client.query = noted as typeof client.query;
  });
  const counting = await spiraServer(watched);
  const path = `projects/${projectId}/test-runs/record-multiple`;
  const sent = async (headers: Record<string, string>) => {
    statements.length = 0;
    const answer = await counting.call('POST', path, { body: [automated()], headers, as: server.owner });
    expect(answer.status).toBe(200);
    return [...statements];
  };
  try {
    await sent({});
    const plain = await sent({});
    const keyed = await sent({ 'idempotency-key': newKey() });
    expect(plain.some((text) => text.includes('idempotency_key'))).toBe(false);
    expect(keyed.filter((text) => !text.includes('idempotency_key'))).toEqual(plain);
    expect(keyed).toHaveLength(plain.length + 2);
  } finally {
    await counting.app.close();
    await watched.close();
  }
});

test('a product that nobody knows has no keys', async () => {
  const unknown = (await aProject(db)) + 1_000;
  expect((await sendAs(['POST', `projects/${unknown}/test-runs/record`, automated()], newKey())).status).toBe(404);
});
