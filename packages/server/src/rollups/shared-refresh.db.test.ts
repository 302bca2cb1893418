import { afterAll, expect, test } from 'vitest';
import { aProject } from '../../test/support/builders.ts';
import { testConnection, testDatabaseWithUrl } from '../../test/support/database.ts';
import { appendChange } from '../changes/change-log.ts';
import type { RefreshReport } from './refresh-round.ts';
import { type RefreshPolicy, SharedRefresh } from './shared-refresh.ts';

const { db, connectionString } = await testDatabaseWithUrl({ poolSize: 20 });
/** As another process has it. */
const another = testConnection(connectionString);
afterAll(() => another.close());

const atOnce: RefreshPolicy = { isEnabled: true, bulkAtOnce: false, includeBulk: false };

function aRefresh(policy: RefreshPolicy = atOnce, longestWaitMs?: number) {
  const rounds: RefreshReport[] = [];
  const failures: unknown[] = [];
  const refresh = new SharedRefresh({
    db,
    policyOf: async () => policy,
    onFailure: (_projectId, error) => failures.push(error),
    onRound: (_projectId, report) => rounds.push(report),
    ...(longestWaitMs === undefined ? {} : { longestWaitMs }),
  });
  return { refresh, rounds, failures };
}

const changeOf = (projectId: number) =>
  db.transaction((transaction) => appendChange(transaction, projectId, { kind: 'cases', testCaseIds: [1] }));

const pendingOf = async (projectId: number) => {
  const [row] = await db.query<{ count: number }>('select count(*) as count from change where project_id = $1', [
    projectId,
  ]);
  return row?.count;
};

test('a hundred callers at once share rounds, and each finds its change covered', async () => {
  const projectId = await aProject(db);
  const { refresh, rounds } = aRefresh();
  await Promise.all(
    Array.from({ length: 100 }, async () => {
      await changeOf(projectId);
      await refresh.afterCommit(projectId, 'facts');
    }),
  );
  expect(await pendingOf(projectId)).toBe(0);
  expect(rounds.length).toBeLessThan(100);
});

test('a caller never joins the round that already runs: its change may have come too late for it', async () => {
  const projectId = await aProject(db);
  const { refresh, rounds } = aRefresh();
  const locked = Promise.withResolvers<void>();
  const mayUnlock = Promise.withResolvers<void>();
  const holder = db.transaction(async (transaction) => {
    await transaction.query('select pg_advisory_xact_lock(71, $1)', [projectId]);
    locked.resolve();
    await mayUnlock.promise;
  });
  await locked.promise;
  const first = refresh.afterCommit(projectId, 'facts');
  const others = [refresh.afterCommit(projectId, 'facts'), refresh.afterCommit(projectId, 'facts')];
  mayUnlock.resolve();
  await Promise.all([holder, first, ...others]);
  expect(rounds.length).toBeLessThanOrEqual(2);
});

test('bulk waits for nothing unless the policy wants bulk at once', async () => {
  const projectId = await aProject(db);
  const deferred = aRefresh();
  await deferred.refresh.afterCommit(projectId, 'bulk');
  expect(deferred.rounds).toEqual([]);
  const immediate = aRefresh({ isEnabled: true, bulkAtOnce: true, includeBulk: true });
  await immediate.refresh.afterCommit(projectId, 'bulk');
  expect(immediate.rounds).toHaveLength(1);
});

test('with roll-ups disabled nothing is refreshed', async () => {
  const projectId = await aProject(db);
  const { refresh, rounds } = aRefresh({ ...atOnce, isEnabled: false });
  await changeOf(projectId);
  await refresh.afterCommit(projectId, 'facts');
  expect(rounds).toEqual([]);
  expect(await pendingOf(projectId)).toBe(1);
});

test('a refresh that fails is told and does not fail the call; the next one makes up for it', async () => {
  const projectId = await aProject(db);
  await changeOf(projectId);
  await db.query('alter table change rename to change_away');
  const { refresh, failures } = aRefresh();
  await refresh.afterCommit(projectId, 'facts');
  await db.query('alter table change_away rename to change');
  expect(failures).toHaveLength(1);
  await refresh.afterCommit(projectId, 'facts');
  await refresh.drain();
  expect(await pendingOf(projectId)).toBe(0);
});

test('a caller does not wait for ever: it is answered, and its figures follow', async () => {
  const projectId = await aProject(db);
  const { refresh, rounds, failures } = aRefresh(atOnce, 50);
  await another.transaction(async (transaction) => {
    await transaction.query('select pg_advisory_xact_lock(71, $1)', [projectId]);
    await changeOf(projectId);
    await refresh.afterCommit(projectId, 'facts');
    expect(rounds).toEqual([]);
    expect(String(failures)).toMatch(/not up to date within 50 ms; they follow later/);
  });
  await refresh.drain();
  expect(await pendingOf(projectId)).toBe(0);
  expect(failures).toHaveLength(1);
});
