import { describe, expect, test } from 'vitest';
import { testConnection } from '../support/database.ts';
import { keyedCalls, newKey } from '../support/keyed-calls.ts';
import { spiraServer } from '../support/spira-server.ts';

// Issue: a repeat with the same Idempotency-Key gets the first answer (draft-ietf-httpapi-idempotency-key-header).

const { connectionString, server, own, automated, manual, sendAs, storedRuns, keptKeys } = await keyedCalls();

/** Every operation of the Spira face that takes a key: verb, path, body. */
const operations: [string, () => [method: string, path: string, body: unknown]][] = [
  ['record', () => ['POST', `projects/${own.projectId}/test-runs/record`, automated()]],
  ['record of a list of one', () => ['POST', `projects/${own.projectId}/test-runs/record`, [automated()]]],
  [
    'record-multiple',
    () => ['POST', `projects/${own.projectId}/test-runs/record-multiple`, [automated(), automated()]],
  ],
  ['record without a project', () => ['POST', 'test-runs/record', automated()]],
  ['record-multiple without a project', () => ['POST', 'test-runs/record-multiple', [automated(), automated()]]],
  ['PUT of manual runs', () => ['PUT', `projects/${own.projectId}/test-runs`, [manual()]]],
];

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
  for (const path of [`projects/${own.projectId}/test-runs/record-multiple`, 'test-runs/record-multiple']) {
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
  const path = `projects/${own.projectId}/test-runs/record-multiple`;
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
