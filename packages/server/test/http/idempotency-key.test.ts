import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { FigureRefresh } from '../../src/commands/context.ts';
import { aMember, aProject, aTestCase } from '../support/builders.ts';
import { keyedCalls, newKey, type Sent } from '../support/keyed-calls.ts';
import { spiraServer } from '../support/spira-server.ts';

// Issue: a repeat with the same Idempotency-Key gets the first answer (draft-ietf-httpapi-idempotency-key-header).

const { db, server, own, automated, manual, sendAs, record, storedRuns, keptKeys } = await keyedCalls();

describe('what is the same request', () => {
  test('with and without quotes, gzip or not, whatever the version, with the credentials anywhere', async () => {
    const key = crypto.randomUUID();
    const first = await record(`"${key}"`);
    const { login, apiKey } = server.owner;
    const text = JSON.stringify(automated());
    const gzip = { 'content-encoding': 'gzip', 'content-type': 'application/json' };
    const path = `projects/${own.projectId}/test-runs/record?username=${login}&api-key=${encodeURIComponent(apiKey)}`;
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
    const path = `projects/${own.projectId}/test-runs`;
    expect((await sendAs(['PUT', `${path}?end_date=2026-03-05T00:00:00Z`, [manual()]], key)).status).toBe(200);
    expect((await sendAs(['PUT', path, [manual()]], key)).status).toBe(409);
    expect((await sendAs(['POST', `${path}/record-multiple`, [automated()]], key)).status).toBe(409);
    expect(await storedRuns()).toBe(1);
  });

  test('a key belongs to a user and a product: others use the same one for themselves', async () => {
    const key = newKey();
    const tester = await server.userWithRole(null);
    await aMember(db, own.projectId, { userId: tester.userId, roleId: 4 });
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
    expect((await sendAs(['GET', `projects/${own.projectId}/test-runs`, undefined], '""')).status).toBe(200);
  });

  test('may be sent by browsers, which may read the mark of a repeat', async () => {
    const preflight = await server.app.inject({
      method: 'OPTIONS',
      url: `/Services/v7_0/RestService.svc/projects/${own.projectId}/test-runs/record`,
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
  const cases: [string, () => Sent][] = [
    ['with the project in the path', () => ['POST', `projects/${own.projectId}/test-runs/record`, automated()]],
    ['without', () => ['POST', 'test-runs/record', automated()]],
  ];
  test.each(cases)(
    '%s: a role that may no longer record, and no membership, are 403; a revoked key is 401',
    async (_what, requestOf) => {
      const key = newKey();
      const tester = await server.userWithRole(null);
      await aMember(db, own.projectId, { userId: tester.userId, roleId: 4 });
      const request = requestOf();
      const repeat = () => sendAs(request, key, { as: tester });
      const first = await repeat();
      expect(first.status).toBe(200);
      const where = [own.projectId, tester.userId];
      await db.query('update project_member set role_id = 5 where project_id = $1 and user_id = $2', where);
      expect((await repeat()).status).toBe(403);
      await db.query('delete from project_member where project_id = $1 and user_id = $2', where);
      expect((await repeat()).status).toBe(403);
      await aMember(db, own.projectId, { userId: tester.userId, roleId: 4 });
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
    expect((await server.call('DELETE', `projects/${own.projectId}/test-cases/${own.testCaseId}`)).status).toBe(200);
    const repeat = await sendAs(request, key);
    expect([repeat.status, repeat.text]).toEqual([200, first.text]);
  });

  test('the product is deleted for good: 404, and its keys are gone', async () => {
    const key = newKey();
    await record(key);
    const administrator = await server.userWithRole(null);
    await db.query('update app_user set is_admin = true where user_id = $1', [administrator.userId]);
    expect((await server.call('DELETE', `projects/${own.projectId}`, { as: administrator })).status).toBe(200);
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

test('a product that nobody knows has no keys', async () => {
  const unknown = (await aProject(db)) + 1_000;
  expect((await sendAs(['POST', `projects/${unknown}/test-runs/record`, automated()], newKey())).status).toBe(404);
});
