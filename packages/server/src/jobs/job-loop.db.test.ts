import { beforeEach, expect, test } from 'vitest';
import { aProject } from '../../test/support/builders.ts';
import { NOON } from '../../test/support/clock.ts';
import { testDatabase } from '../../test/support/database.ts';
import { requestCancel } from '../commands/request-cancel.ts';
import { type DataToolRequest, requestDataTool } from '../commands/request-data-tool.ts';
import { RefreshSettings } from '../storage/settings.ts';
import { JobLoop, type JobLoopOptions } from './job-loop.ts';
import type { ToolWork } from './tool-work.ts';

const db = await testDatabase();
const silent = { info: () => {}, warn: () => {}, error: () => {} };
const base = {
  db,
  figures: { afterCommit: async () => {} },
  now: () => NOON,
  refreshSettings: new RefreshSettings(db, { keptMs: 0 }),
};

function aLoop(tools: Record<string, ToolWork>, options: Partial<JobLoopOptions> = {}): JobLoop {
  return new JobLoop({ context: base, log: silent, tools, retryPauseMs: 0, pollMs: 5, ...options });
}

const request = (loop: JobLoop, asked: Partial<DataToolRequest> & { projectIds: number[] }) =>
  requestDataTool({ ...base, jobs: loop, actor: null }, { tool: 'recalculate-all', ...asked });

/** Work that waits at a gate: `reached` resolves when it has begun, `open` lets it end. */
function gate() {
  const reached = Promise.withResolvers<void>();
  const open = Promise.withResolvers<void>();
  const work: ToolWork = async () => {
    reached.resolve();
    await open.promise;
    return { rowsChanged: 1 };
  };
  return { work, reached: reached.promise, open: open.resolve };
}

interface StoredJob {
  state: string;
  attempts: number;
  error: string | null;
  result: { rowsChanged: number } | null;
  progress: object;
}

async function stored(jobId: number): Promise<StoredJob> {
  const [job] = await db.query<StoredJob>(
    'select state, attempts, error, result, progress from job where job_id = $1',
    [jobId],
  );
  if (!job) throw new Error(`There is no job ${jobId}`);
  return job;
}

const silence = (jobId: number) =>
  db.query(`update job set heartbeat_at = now() - interval '1 hour' where job_id = $1`, [jobId]);

let projectId: number;
beforeEach(async () => {
  await db.query('delete from job');
  await db.query('delete from event');
  projectId = await aProject(db);
});

test('the same tool for the same project that still waits is joined (DT-4)', async () => {
  const loop = aLoop({ 'recalculate-all': async () => ({ rowsChanged: 0 }) });
  const [first] = await request(loop, { projectIds: [projectId] });
  const [second] = await request(loop, { projectIds: [projectId] });
  expect(second).toBe(first);
  expect(await loop.drain()).toBe(1);
});

test('other tools, projects and parameters are jobs of their own (DT-4)', async () => {
  const loop = aLoop({});
  const [other] = [await aProject(db)];
  const ids = [
    ...(await request(loop, { projectIds: [projectId, other] })),
    ...(await request(loop, { projectIds: [projectId], tool: 'recalculate-folders' })),
  ];
  expect(new Set(ids).size).toBe(3);
});

test('a job that already runs is not joined but followed by one more, which waits for its end (DT-4, CC-4)', async () => {
  const { work, reached, open } = gate();
  const loop = aLoop({ 'recalculate-all': work });
  const [running] = await request(loop, { projectIds: [projectId] });
  const first = loop.runNext();
  await reached;
  const [following] = await request(loop, { projectIds: [projectId] });
  const [joining] = await request(loop, { projectIds: [projectId] });
  expect(following).not.toBe(running);
  expect(joining).toBe(following);
  expect(await aLoop({}).runNext(), 'another process finds nothing it may run beside it').toBe(false);
  open();
  await first;
  expect(await loop.drain()).toBe(1);
  expect([(await stored(running!)).state, (await stored(following!)).state]).toEqual(['done', 'done']);
});

test('jobs of different projects run beside each other', async () => {
  const { work, reached, open } = gate();
  const blocked = aLoop({ 'recalculate-all': work });
  await request(blocked, { projectIds: [projectId] });
  const first = blocked.runNext();
  await reached;
  await request(blocked, { projectIds: [await aProject(db)] });
  expect(await aLoop({ 'recalculate-all': async () => ({ rowsChanged: 0 }) }).runNext()).toBe(true);
  open();
  await first;
});

test('ten processes that look at once run each job once', async () => {
  const ran: number[] = [];
  const tools: Record<string, ToolWork> = {
    'recalculate-all': async ({ job }) => {
      ran.push(job.jobId);
      return { rowsChanged: 0 };
    },
  };
  const projects = await Promise.all(Array.from({ length: 12 }, () => aProject(db)));
  const ids = await request(aLoop(tools), { projectIds: projects });
  await Promise.all(Array.from({ length: 10 }, () => aLoop(tools).drain()));
  expect(ran.toSorted((a, b) => a - b)).toEqual(ids);
});

test('a job whose process is silent is taken over, and the process that comes back cannot end it', async () => {
  const { work, reached, open } = gate();
  const stalled = aLoop({ 'recalculate-all': work });
  const [jobId] = await request(stalled, { projectIds: [projectId] });
  const late = stalled.runNext();
  await reached;
  await silence(jobId!);
  const successor = aLoop({ 'recalculate-all': async () => ({ rowsChanged: 42 }) });
  expect(await successor.runNext()).toBe(true);
  open();
  await late;
  expect(await stored(jobId!)).toMatchObject({ state: 'done', attempts: 2, result: { rowsChanged: 42 } });
  expect(await db.query('select from event')).toHaveLength(1);
});

test('a job that shows signs of life is not taken over', async () => {
  const { work, reached, open } = gate();
  const loop = aLoop({ 'recalculate-all': work });
  await request(loop, { projectIds: [projectId] });
  const running = loop.runNext();
  await reached;
  expect(await aLoop({}).runNext()).toBe(false);
  open();
  await running;
});

test('a job that takes its process down again and again fails in the end', async () => {
  const loop = aLoop({ 'recalculate-all': async () => ({ rowsChanged: 0 }) }, { mostAttempts: 3 });
  const [jobId] = await request(loop, { projectIds: [projectId] });
  await db.query(`update job set state = 'running', attempts = 3, heartbeat_at = null where job_id = $1`, [jobId]);
  await loop.drain();
  expect(await stored(jobId!)).toMatchObject({ state: 'failed', error: expect.stringContaining('never ended') });
});

test('a stopped process gives its job back, and the next one takes it up at once', async () => {
  const reached = Promise.withResolvers<void>();
  const untilAborted: ToolWork = ({ signal }) => {
    reached.resolve();
    return new Promise((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason));
    });
  };
  const leaving = aLoop({ 'recalculate-all': untilAborted });
  const [jobId] = await request(leaving, { projectIds: [projectId] });
  leaving.start();
  await reached.promise;
  await leaving.stop();
  expect((await stored(jobId!)).state).toBe('running');
  await aLoop({ 'recalculate-all': async () => ({ rowsChanged: 7 }) }).drain();
  expect(await stored(jobId!)).toMatchObject({ state: 'done', attempts: 2, result: { rowsChanged: 7 } });
});

test('a job that is claimed while the process is told to stop is given back, too', async () => {
  const loop = aLoop({
    'recalculate-all': ({ signal }) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
  });
  const [jobId] = await request(loop, { projectIds: [projectId] });
  const claiming = loop.runNext();
  await loop.stop();
  await claiming;
  await aLoop({ 'recalculate-all': async () => ({ rowsChanged: 7 }) }).drain();
  expect(await stored(jobId!)).toMatchObject({ state: 'done', result: { rowsChanged: 7 } });
});

test('a waiting job that is cancelled never runs', async () => {
  const loop = aLoop({
    'recalculate-all': async () => {
      throw new Error('It ran');
    },
  });
  const [jobId] = await request(loop, { projectIds: [projectId] });
  await requestCancel({ ...base, jobs: loop, actor: null }, jobId!);
  expect(await loop.drain()).toBe(0);
  expect((await stored(jobId!)).state).toBe('cancelled');
});

test('a running job that is cancelled stops, whether its own process is told or another one', async () => {
  const elsewhere = aLoop({});
  for (const told of ['own', 'other'] as const) {
    const reached = Promise.withResolvers<void>();
    const loop = aLoop(
      {
        'recalculate-all': ({ signal }) => {
          reached.resolve();
          return new Promise((_, reject) => {
            signal.addEventListener('abort', () => reject(signal.reason));
          });
        },
      },
      { heartbeatMs: 5 },
    );
    const [jobId] = await request(loop, { projectIds: [projectId] });
    const running = loop.runNext();
    await reached.promise;
    await requestCancel({ ...base, jobs: told === 'own' ? loop : elsewhere, actor: null }, jobId!);
    await running;
    expect((await stored(jobId!)).state).toBe('cancelled');
  }
});

test('a job that has ended cannot be cancelled', async () => {
  const loop = aLoop({ 'recalculate-all': async () => ({ rowsChanged: 0 }) });
  const [jobId] = await request(loop, { projectIds: [projectId] });
  await loop.drain();
  await expect(requestCancel({ ...base, jobs: loop, actor: null }, jobId!)).rejects.toThrow('already ended');
});

test('a transient fault is tried again, and only what lasts fails the job (DT-5)', async () => {
  let tries = 0;
  const fault = (code: string) => Object.assign(new Error('deadlock detected'), { code });
  const loop = aLoop({
    'recalculate-all': async () => {
      tries += 1;
      if (tries < 3) throw fault('40P01');
      return { rowsChanged: 5 };
    },
    'recalculate-folders': async () => {
      throw fault('42P01');
    },
  });
  const [mended] = await request(loop, { projectIds: [projectId] });
  const [broken] = await request(loop, { projectIds: [projectId], tool: 'recalculate-folders' });
  await loop.drain();
  expect(tries).toBe(3);
  expect(await stored(mended!)).toMatchObject({ state: 'done', attempts: 1, result: { rowsChanged: 5 } });
  expect(await stored(broken!)).toMatchObject({
    state: 'failed',
    error: 'The job met an unexpected fault; the log of the server says more',
  });
});

test('progress is stored while the job runs, at most a few times a second', async () => {
  const seen: object[] = [];
  const loop = aLoop({
    'recalculate-all': async ({ job, progress }) => {
      for (let done = 1; done <= 200; done += 1) await progress({ phase: 'counting', done, total: 200 });
      seen.push((await stored(job.jobId)).progress);
      return { rowsChanged: 0 };
    },
  });
  await request(loop, { projectIds: [projectId] });
  await loop.drain();
  expect(seen).toEqual([{ phase: 'counting', done: 1, total: 200 }]);
});

test('each use is written to the event log: who, tool, project, start, duration, rows changed (DT-6)', async () => {
  const loop = aLoop({ 'recalculate-all': async () => ({ rowsChanged: 12 }) });
  const actor = { userId: 1, login: 'administrator', isSystemAdmin: true };
  await requestDataTool({ ...base, jobs: loop, actor }, { tool: 'recalculate-all', projectIds: [projectId] });
  await loop.drain();
  const [event] = await db.query<{ startedAt: Date; occurredAt: Date; durationMs: number }>(
    `select e.user_id as "userId", e.project_id as "projectId", e.kind, e.subject, e.rows_changed as "rowsChanged",
            e.duration_ms as "durationMs", e.occurred_at as "occurredAt", j.started_at as "startedAt"
       from event e join job j on j.job_id = (e.details ->> 'jobId')::bigint`,
  );
  expect(event).toMatchObject({ userId: 1, projectId, kind: 'dataTool', subject: 'recalculate-all', rowsChanged: 12 });
  expect(event?.occurredAt).toEqual(event?.startedAt);
  expect(event?.durationMs).toBeGreaterThanOrEqual(0);
});

test('whoever waits for a job learns its end from the loop of the process', async () => {
  const loop = aLoop({ 'recalculate-all': async () => ({ rowsChanged: 3 }) });
  loop.start();
  const [jobId] = await request(loop, { projectIds: [projectId] });
  expect(await loop.ended(jobId!)).toEqual({ jobId, state: 'done', error: null, rowsChanged: 3 });
  await loop.stop();
});

test('whoever waits for a job that another process runs learns its end, too', async () => {
  const { work, reached, open } = gate();
  const other = aLoop({ 'recalculate-all': work });
  const [jobId] = await request(other, { projectIds: [projectId] });
  const running = other.runNext();
  await reached;
  const waiting = aLoop({});
  waiting.start();
  const ended = waiting.ended(jobId!);
  open();
  expect((await ended).state).toBe('done');
  await Promise.all([running, waiting.stop()]);
});

test('where no loop is started, whoever waits for a job works the queue', async () => {
  const loop = aLoop({ 'recalculate-all': async () => ({ rowsChanged: 0 }) });
  const [jobId] = await request(loop, { projectIds: [projectId] });
  expect((await loop.ended(jobId!)).state).toBe('done');
});
