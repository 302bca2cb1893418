import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { aProject } from '../../test/support/builders.ts';
import { testConnection, testDatabaseWithUrl } from '../../test/support/database.ts';
import { DomainError } from '../domain/errors.ts';
import type { Database } from '../storage/database.ts';
import { deleteExpiredKeys, projectsWithExpiredKeys } from '../storage/idempotency-keys.ts';
import { RefreshSettings } from '../storage/settings.ts';
import { exactlyOnce, type OnceRequest } from './exactly-once.ts';
import type { JobContext } from './job-signals.ts';

const { db, connectionString } = await testDatabaseWithUrl({ poolSize: 12 });
/** As another process would have it. */
const elsewhere = testConnection(connectionString, { poolSize: 12 });
afterAll(() => elsewhere.close());

/** What commands do after their commit, in the order in which it happened. */
const signals: string[] = [];

const contextOn = (database: Database): JobContext => ({
  db: database,
  now: () => new Date(),
  figures: {
    afterCommit: async (projectId, changed) => {
      signals.push(`figures ${projectId} ${changed}`);
    },
  },
  jobs: {
    queued: () => signals.push('queued'),
    cancelRequested: (jobId) => signals.push(`cancel ${jobId}`),
    ended: () => Promise.reject(new Error('Nobody waits for a job here')),
    nextNightlyRound: (_settings, now) => now,
  },
  refreshSettings: new RefreshSettings(database, { keptMs: 0, onForget: () => signals.push('forget') }),
});
const context = contextOn(db);
const other = contextOn(elsewhere);

const fingerprint = (text: string) => createHash('sha256').update(text).digest();
const aRequest = (more: Partial<OnceRequest> = {}): OnceRequest => ({
  projectId: 0,
  userId: 1,
  key: crypto.randomUUID(),
  fingerprint: fingerprint('a request'),
  ...more,
});

/** Makes a project, as a fact that can be counted, and answers with its id. */
const making = (name: string) => async (inside: JobContext) => {
  const projectId = await inside.db.transaction(async (transaction) => {
    const row = await transaction.kysely
      .insertInto('project')
      .values({ name })
      .returning('projectId')
      .executeTakeFirstOrThrow();
    return row.projectId;
  });
  await inside.figures.afterCommit(projectId, 'facts');
  return { status: 201, text: JSON.stringify({ projectId }) };
};
/** Counts as others see it, so also while a transaction is open here. */
const made = async (name: string) => (await elsewhere.query('select 1 from project where name = $1', [name])).length;

test('what commands do after their commit is done after the commit of the whole, once, and the refresh for a repeat, too', async () => {
  const request = aRequest();
  const name = request.key;
  signals.length = 0;
  const first = await exactlyOnce(context, request, async (inside) => {
    inside.jobs.queued();
    inside.jobs.queued();
    inside.jobs.cancelRequested(7);
    inside.refreshSettings.forget();
    const answer = await making(name)(inside);
    expect([signals, await made(name)]).toEqual([[], 0]);
    return answer;
  });
  const { projectId } = JSON.parse(first.text);
  expect(signals).toEqual(['queued', 'forget', 'cancel 7', `figures ${projectId} facts`]);
  signals.length = 0;
  const repeat = await exactlyOnce(context, request, () => Promise.reject(new Error('This is not done again')));
  expect(repeat).toEqual({ ...first, isRepeat: true });
  expect(signals).toEqual([`figures ${projectId} facts`]);
});

test('what is read inside sees what was written inside; nothing can be sent beside the transaction', async () => {
  await exactlyOnce(context, aRequest(), async (inside) => {
    const projectId = await aProject(inside.db);
    const rows = await inside.db.query('select 1 from project where project_id = $1', [projectId]);
    expect(rows).toHaveLength(1);
    expect(() => inside.db.snapshot(async () => {})).toThrow('A transaction is open here');
    expect(() => inside.db.pool).toThrow('A transaction is open here');
    await expect(db.query('select 1')).rejects.toThrow('A transaction is open here');
    await expect(inside.jobs.ended(1)).rejects.toThrow('cannot end');
    return { status: 200, text: '' };
  });
});

test('settings are read inside as they were changed inside, and not kept', async () => {
  const settings = new RefreshSettings(db, { keptMs: 3_600_000, fixed: { timeZone: 'Europe/Vienna' } });
  const { nightlyHour } = await settings.server();
  const set = `insert into setting (key, value) values ('refresh', '{"nightlyHour": 23}')`;
  const failing = exactlyOnce({ ...context, refreshSettings: settings }, aRequest(), async (inside) => {
    await inside.db.query(set);
    expect(await inside.refreshSettings.server()).toMatchObject({ nightlyHour: 23, timeZone: 'Europe/Vienna' });
    throw new Error('taken back');
  });
  await expect(failing).rejects.toThrow('taken back');
  expect((await settings.server()).nightlyHour).toBe(nightlyHour);
});

test('a failure frees the key, whatever was done before it', async () => {
  const request = aRequest();
  const name = request.key;
  const failing = exactlyOnce(context, request, async (inside) => {
    await making(name)(inside);
    throw new DomainError('invalid', 'refused at the end');
  });
  await expect(failing).rejects.toThrow('refused at the end');
  expect(await made(name)).toBe(0);
  expect(await exactlyOnce(context, { ...request, fingerprint: fingerprint('mended') }, making(name))).toMatchObject({
    status: 201,
    isRepeat: false,
  });
  expect(await made(name)).toBe(1);
});

test('a repeat waits for the first; when that fails, the repeat does the work', async () => {
  const request = aRequest();
  const name = request.key;
  const started = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  const first = exactlyOnce(context, request, async () => {
    started.resolve();
    await gate.promise;
    throw new Error('the first fails');
  });
  await started.promise;
  const repeat = exactlyOnce(other, request, making(name));
  await untilSomebodyWaits();
  gate.resolve();
  await expect(first).rejects.toThrow('the first fails');
  expect(await repeat).toMatchObject({ status: 201, isRepeat: false });
  expect(await made(name)).toBe(1);
});

/** Resolves when a transaction waits for another. */
async function untilSomebodyWaits(): Promise<void> {
  for (;;) {
    const waiting = await db.query(`select 1 from pg_locks l join pg_stat_activity a using (pid)
      where not l.granted and a.datname = current_database()`);
    if (waiting.length > 0) return;
  }
}

test('a repeat is not kept waiting for ever: it is told to come again', async () => {
  const request = aRequest({ longestWaitMs: 50 });
  const started = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  const first = exactlyOnce(context, request, async (inside) => {
    started.resolve();
    await gate.promise;
    return making(request.key)(inside);
  });
  await started.promise;
  const repeat = exactlyOnce(other, request, making(request.key));
  await expect(repeat).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringMatching(/still being worked on/),
  });
  gate.resolve();
  const { text } = await first;
  expect(await exactlyOnce(other, request, making(request.key))).toEqual({ status: 201, text, isRepeat: true });
});

test('an answer with a secret lies sealed: only the same API key, in any spelling, opens it', async () => {
  const request = aRequest({ apiKey: '{0F0E8A3B-1111-2222-3333-444455556666}' });
  const secret = JSON.stringify({ key: 'not to be found in the table' });
  await exactlyOnce(context, request, async () => ({ status: 201, text: secret }));
  const [row] = await db.query<{ answer: Buffer }>('select answer from idempotency_key where key = $1', [request.key]);
  expect(row?.answer.includes('not to be found')).toBe(false);
  const repeat = (apiKey: string) =>
    exactlyOnce(context, { ...request, apiKey }, () => Promise.reject(new Error('This is not done again')));
  expect(await repeat('0f0e8a3b-1111-2222-3333-444455556666')).toEqual({ status: 201, text: secret, isRepeat: true });
  await expect(repeat('{0F0E8A3B-1111-2222-3333-444455557777}')).rejects.toMatchObject({ code: 'keyReused' });
});

test('old keys are deleted in portions, each project by itself', async () => {
  const projectId = await aProject(db);
  const answer = async () => ({ status: 200, text: '' });
  for (let count = 0; count < 5; count += 1) await exactlyOnce(context, aRequest({ projectId }), answer);
  await db.query(`update idempotency_key set created_at = now() - interval '25 hours' where project_id = $1`, [
    projectId,
  ]);
  await exactlyOnce(context, aRequest({ projectId }), answer);
  expect(await projectsWithExpiredKeys(db)).toContain(projectId);
  const portions = [await deleteExpiredKeys(db, projectId, 3), await deleteExpiredKeys(db, projectId, 3)];
  expect(portions).toEqual([3, 2]);
  expect(await projectsWithExpiredKeys(db)).not.toContain(projectId);
  expect(await db.query('select 1 from idempotency_key where project_id = $1', [projectId])).toHaveLength(1);
});

/** One request among several: which of a few keys, which of two bodies, from which process, and whether it fails. */
const attempts = fc.array(
  fc.record({
    key: fc.integer({ min: 0, max: 2 }),
    body: fc.constantFrom('one', 'other'),
    process: fc.constantFrom(context, other),
    fails: fc.boolean(),
    ticks: fc.integer({ min: 0, max: 5 }),
  }),
  { minLength: 2, maxLength: 12 },
);

test('however requests overlap, each key has one body and one answer, and its work was done once', async () => {
  await fc.assert(
    fc.asyncProperty(attempts, async (all) => {
      const round = crypto.randomUUID();
      const outcomes = await Promise.all(
        all.map(async ({ key, body, process, fails, ticks }) => {
          for (let tick = 0; tick < ticks; tick += 1) await new Promise(setImmediate);
          const request = aRequest({ key: `${round}-${key}`, fingerprint: fingerprint(body) });
          const work = async (inside: JobContext) => {
            const answer = await making(`${request.key} ${body}`)(inside);
            if (fails) throw new Error('fails');
            return answer;
          };
          const outcome = await exactlyOnce(process, request, work).catch((error: Error) => error);
          return { key: request.key, body, fails, outcome };
        }),
      );
      for (const [key, group] of Map.groupBy(outcomes, (one) => one.key)) {
        const answered = group.filter((one) => !(one.outcome instanceof Error));
        const answers = new Set(answered.map(({ outcome }) => (outcome as { text: string }).text));
        const bodies = new Set(answered.map((one) => one.body));
        expect(answers.size).toBe(bodies.size);
        expect(bodies.size).toBeLessThanOrEqual(1);
        // Whoever does not fail by itself either is answered or came with another body.
        for (const { fails, body, outcome } of group) {
          if (!(outcome instanceof Error)) continue;
          const isReuse = outcome instanceof DomainError && outcome.code === 'keyReused';
          expect(isReuse ? !bodies.has(body) : fails).toBe(true);
        }
        const count = (await made(`${key} one`)) + (await made(`${key} other`));
        expect(count).toBe(bodies.size);
        const fresh = answered.filter(({ outcome }) => !(outcome as { isRepeat: boolean }).isRepeat);
        expect(fresh).toHaveLength(bodies.size);
      }
    }),
    { numRuns: 60 },
  );
}, 120_000);
