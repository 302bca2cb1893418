import { beforeEach, expect, test } from 'vitest';
import { aProject, aTestCase } from '../../test/support/builders.ts';
import { fixedClock } from '../../test/support/clock.ts';
import { testDatabase } from '../../test/support/database.ts';
import { appendChange } from '../changes/change-log.ts';
import { changeServerRefresh } from '../commands/change-refresh-settings.ts';
import type { RefreshMode } from '../domain/refresh-mode.ts';
import { ordinaryLimits } from '../rollups/refresh-round.ts';
import { RefreshSettings } from '../storage/settings.ts';
import { BackgroundLoop } from './background-loop.ts';
import { backgroundWork } from './background-work.ts';

const db = await testDatabase();
const silent = { info: () => {}, warn: () => {}, error: () => {} };
const HOUR_MS = 3_600_000;

/** The background work of one process, at 12:00 with the nightly round at 02:00. */
function aProcess(clock = fixedClock()) {
  const refreshSettings = new RefreshSettings(db, { keptMs: 0 });
  const command = { db, figures: { afterCommit: async () => {} }, now: clock.now };
  return {
    clock,
    context: { ...command, refreshSettings },
    ...backgroundWork(command, { refreshSettings, log: silent }),
  };
}

/** A project in a mode that has runs of a bulk call pending. */
async function aStaleProject(refreshMode: RefreshMode | null, kind: 'bulk' | 'runs' = 'bulk', ageMs = 0) {
  const projectId = await aProject(db, { refreshMode });
  const testCaseId = await aTestCase(db, projectId);
  await db.transaction(async (transaction) => {
    await appendChange(transaction, projectId, { kind: 'cases', testCaseIds: [testCaseId] });
    await appendChange(transaction, projectId, { kind, runIds: [1] });
  });
  await db.query(`update change set recorded_at = now() - $2 * interval '1 millisecond' where project_id = $1`, [
    projectId,
    ageMs,
  ]);
  return projectId;
}

const isStale = async (projectId: number) =>
  (await db.query('select from change where project_id = $1', [projectId])).length > 0;
const pendingKinds = async (projectId: number) =>
  (await db.query<{ kind: string }>('select kind from change where project_id = $1 order by kind', [projectId])).map(
    (row) => row.kind,
  );
const queued = async () =>
  (
    await db.query<{ projectId: number }>(
      `select project_id as "projectId" from job where tool = 'refresh-pending' order by project_id`,
    )
  ).map((row) => row.projectId);

beforeEach(async () => {
  for (const table of ['job', 'change', 'setting']) await db.query(`delete from ${table}`);
});

test('the very first look at the clock starts the count; the first round comes at the next hour set (DC-5)', async () => {
  const { nightly, clock } = aProcess();
  const projectId = await aStaleProject(null);
  expect(await nightly.tick()).toEqual([]);
  clock.advance(13 * HOUR_MS);
  expect(await nightly.tick()).toEqual([]);
  clock.advance(HOUR_MS);
  expect(await nightly.tick()).toHaveLength(1);
  expect(await queued()).toEqual([projectId]);
});

test('the nightly round takes projects in nightly mode that have something pending, and no others (DC-5)', async () => {
  const { nightly, jobs, clock } = aProcess();
  await nightly.tick();
  const own = await aStaleProject('nightly');
  const inherited = await aStaleProject(null);
  for (const mode of ['manual', 'continuous', 'immediate'] as const) await aStaleProject(mode);
  const disabled = await aStaleProject('nightly');
  await db.query('update project set rollups_disabled = true where project_id = $1', [disabled]);
  const inactive = await aStaleProject('nightly');
  await db.query('update project set is_active = false where project_id = $1', [inactive]);
  await aProject(db, { refreshMode: 'nightly' });
  clock.advance(24 * HOUR_MS);
  await nightly.tick();
  expect(await queued()).toEqual([own, inherited]);
  await jobs.drain();
  expect(await Promise.all([own, inherited, disabled].map(isStale))).toEqual([false, false, true]);
});

test('the nightly round deletes old runs of the products that do not keep all, after the refresh', async () => {
  const { nightly, clock } = aProcess();
  await nightly.tick();
  const projectId = await aStaleProject('nightly');
  const unchanged = await aProject(db, { settings: JSON.stringify({ keepRunsDays: 90 }) });
  await aProject(db, { settings: JSON.stringify({ keepRunsDays: 90 }), isActive: false });
  await db.query(`update project set settings = '{"keepRunsDays": 30}' where project_id = $1`, [projectId]);
  clock.advance(24 * HOUR_MS);
  await nightly.tick();
  const jobs = await db.query('select tool, project_id as "projectId" from job order by run_after, job_id');
  expect(jobs).toEqual([
    { tool: 'refresh-pending', projectId },
    { tool: 'apply-retention', projectId },
    { tool: 'apply-retention', projectId: unchanged },
  ]);
  await db.query('update project set settings = default');
});

test('of many processes that see the round due at once, one queues it', async () => {
  const first = aProcess();
  await first.nightly.tick();
  await aStaleProject('nightly');
  first.clock.advance(24 * HOUR_MS);
  const processes = [first, ...Array.from({ length: 5 }, () => aProcess(first.clock))];
  const rounds = await Promise.all(processes.map((process) => process.nightly.tick()));
  expect(rounds.filter((jobIds) => jobIds.length > 0)).toHaveLength(1);
  expect((await Promise.all(processes.map((process) => process.nightly.tick()))).flat()).toEqual([]);
});

test('a round missed while no process ran is made up for once', async () => {
  const { nightly, clock } = aProcess();
  await nightly.tick();
  await aStaleProject('nightly');
  clock.advance(5 * 24 * HOUR_MS);
  expect(await nightly.tick()).toHaveLength(1);
  await db.query('delete from job');
  expect(await nightly.tick()).toEqual([]);
});

test('a new hour holds from now on: an hour that has passed today starts nothing today', async () => {
  const { nightly, jobs, context, clock } = aProcess();
  await nightly.tick();
  await aStaleProject('nightly');
  await changeServerRefresh({ ...context, jobs, actor: null }, { nightlyHour: 9, timeZone: 'Europe/Vienna' });
  expect(await nightly.tick()).toEqual([]);
  clock.advance(20 * HOUR_MS);
  expect(await nightly.tick()).toHaveLength(1);
});

test('in continuous mode rounds work off everything pending, single and bulk (BK-8)', async () => {
  const { continuous } = aProcess();
  const projectId = await aStaleProject('continuous');
  const runIds = Array.from({ length: ordinaryLimits.ids + 1 }, (_, run) => run + 1);
  await db.transaction((transaction) => appendChange(transaction, projectId, { kind: 'bulk', runIds }));
  expect(await continuous.round(), 'a round is limited').toBe(true);
  expect(await isStale(projectId)).toBe(true);
  await continuous.drain();
  expect(await isStale(projectId)).toBe(false);
});

test('other modes keep bulk results pending, but single changes left behind are caught up with (BK-5)', async () => {
  const { continuous } = aProcess();
  const fresh = await aStaleProject('nightly', 'runs');
  const left = await aStaleProject('nightly', 'bulk', HOUR_MS);
  const manual = await aStaleProject('manual', 'runs', HOUR_MS);
  const immediate = await aStaleProject('immediate', 'bulk', HOUR_MS);
  await continuous.drain();
  expect(await Promise.all([fresh, left, manual, immediate].map(pendingKinds))).toEqual([
    ['cases', 'runs'],
    ['bulk'],
    [],
    [],
  ]);
});

test('with roll-ups disabled nothing is refreshed until asked for (5.9)', async () => {
  const { continuous, context, jobs } = aProcess();
  const projectId = await aStaleProject('continuous', 'runs', HOUR_MS);
  await changeServerRefresh({ ...context, jobs, actor: null }, { rollupsDisabled: true });
  await continuous.drain();
  expect(await isStale(projectId)).toBe(true);
});

test('a project whose figures cannot be refreshed does not hold up the others', async () => {
  const { continuous } = aProcess();
  const broken = await aStaleProject('continuous');
  const sound = await aStaleProject('continuous');
  await db.query(
    `create function refuse() returns trigger language plpgsql as $$ begin raise exception 'broken on purpose'; end $$`,
  );
  await db.query(
    `create trigger refuse before delete on change for each row when (old.project_id = ${broken}) execute function refuse()`,
  );
  await continuous.drain();
  expect(await Promise.all([broken, sound].map(isStale))).toEqual([true, false]);
  await db.query('drop trigger refuse on change');
});

test('what the configuration fixes wins over what is stored, and cannot be changed', async () => {
  const { context, jobs } = aProcess();
  const refreshSettings = new RefreshSettings(db, { keptMs: 0, fixed: { mode: 'continuous' } });
  const fixed = { ...context, refreshSettings, jobs, actor: null };
  await expect(changeServerRefresh(fixed, { mode: 'manual' })).rejects.toThrow(
    'configuration of this server fixes mode',
  );
  await changeServerRefresh(fixed, { nightlyHour: 5 });
  expect(await refreshSettings.server()).toMatchObject({ mode: 'continuous', nightlyHour: 5 });
  expect(await refreshSettings.modeOf(await aProject(db))).toBe('continuous');
});

test('stored settings that make no sense are the defaults', async () => {
  await db.query(
    `insert into setting values ('refresh', '{"mode": "hourly", "nightlyHour": 99, "timeZone": "Mars", "rollupsDisabled": "no"}')`,
  );
  const settings = await new RefreshSettings(db).server();
  expect(settings).toEqual({ mode: 'nightly', nightlyHour: 2, timeZone: 'UTC', rollupsDisabled: false });
});

test('started loops work by themselves and stop cleanly', async () => {
  const work = aProcess();
  const projectId = await aStaleProject('continuous');
  const refreshed = Promise.withResolvers<void>();
  const watch = new BackgroundLoop({
    pauseMs: 5,
    round: async () => {
      if (!(await isStale(projectId))) refreshed.resolve();
      return false;
    },
    onFailure: refreshed.reject,
  });
  watch.start();
  work.start();
  await refreshed.promise;
  await Promise.all([watch.stop(), work.stop()]);
  expect(db.pool.idleCount).toBe(db.pool.totalCount);
});

test('a loop tells of failing rounds once, goes on, and tells again after a success', async () => {
  const outcomes = ['fails', 'fails', 'works', 'fails', 'ends'];
  const told: unknown[] = [];
  const ended = Promise.withResolvers<void>();
  const loop = new BackgroundLoop({
    pauseMs: 1,
    round: async () => {
      const outcome = outcomes.shift();
      if (outcome === 'fails') throw new Error(outcome);
      if (outcome === 'ends') ended.resolve();
      return outcome === 'works';
    },
    onFailure: (error) => told.push(error),
  });
  loop.start();
  await ended.promise;
  await loop.stop();
  expect(told).toHaveLength(2);
});

test('a loop rests after a round although there is more to do, until it is woken', async () => {
  const [resting, again] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let rounds = 0;
  const loop = new BackgroundLoop({
    pauseMs: 1,
    round: async () => {
      rounds += 1;
      if (rounds === 2) again.resolve();
      return rounds < 2;
    },
    restAfterRound: () => {
      resting.resolve();
      return 1e9;
    },
    onFailure: again.reject,
  });
  loop.start();
  await resting.promise;
  await new Promise(setImmediate);
  expect(rounds).toBe(1);
  loop.wake();
  await again.promise;
  await loop.stop();
});
