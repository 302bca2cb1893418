import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { appendChange } from '../../src/changes/change-log.ts';
import { verifyFigures } from '../../src/rollups/verify.ts';
import { lockFigures } from '../../src/storage/locks.ts';
import { knownMigrations } from '../../src/storage/migrate.ts';
import { aMember, anApiKey, aProject, aRelease, aTestCase, aTestSet, aTestSetRow, aUser } from '../support/builders.ts';
import { emptyTestDatabase, testDatabaseWithUrl } from '../support/database.ts';
import { aDataDirectory, type LedgerProcess, startLedger } from '../support/ledger-process.ts';
import { pendingRuns } from '../support/runs.ts';

const COUNT = 3;

/**
 * Starts processes that come up at the same moment, with one key file and each with its own name in the database. They are
 * stopped, and the key file goes, when they are disposed.
 */
async function startTogether(databaseUrl: string): Promise<AsyncDisposable & { processes: LedgerProcess[] }> {
  await using stack = new AsyncDisposableStack();
  const directory = await aDataDirectory();
  stack.defer(() => rm(directory, { recursive: true, force: true }));
  const processes = await Promise.all(
    Array.from({ length: COUNT }, (_, number) => {
      const named = new URL(databaseUrl);
      named.searchParams.set('application_name', `ledger-${number}`);
      return startLedger(directory, { databaseUrl: named.href });
    }),
  );
  stack.defer(() => Promise.all(processes.map((ledger) => ledger.stop())).then(() => {}));
  const started = stack.move();
  return { processes, [Symbol.asyncDispose]: () => started.disposeAsync() };
}

/** Calls a process: paths of the Spira face, or of our own when they begin with `/api`. */
async function call(
  ledger: LedgerProcess,
  method: string,
  path: string,
  { body, user = 'administrator', key = ledger.key }: { body?: unknown; user?: string; key?: string } = {},
) {
  const target = path.startsWith('/') ? path : `/Services/v7_0/RestService.svc/${path}`;
  const response = await fetch(ledger.url + target, {
    method,
    headers: { username: user, 'api-key': key, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  // biome-ignore lint/suspicious/noExplicitAny: answers of several shapes.
  return { status: response.status, json: (text === '' ? undefined : JSON.parse(text)) as any };
}

test('three processes that start together on an empty database set it up once', async () => {
  const { db, connectionString } = await emptyTestDatabase();
  await using together = await startTogether(connectionString);
  const { processes } = together;
  const steps = await db.query<{ number: number }>('select number from schema_migration order by number');
  expect(steps.map((step) => step.number)).toEqual((await knownMigrations()).map((migration) => migration.number));
  const [counts] = await db.query(
    `select (select count(*) from role) as roles, (select count(*) from app_user) as users,
            (select count(*) from api_key) as keys, (select count(*) from project) as projects`,
  );
  expect(counts).toEqual({ roles: 7, users: 1, keys: 1, projects: 0 });
  const answers = await Promise.all(processes.map((ledger) => call(ledger, 'GET', 'projects')));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
}, 120_000);

describe('three processes on one ledger', () => {
  let db: Awaited<ReturnType<typeof testDatabaseWithUrl>>['db'];
  let together: Awaited<ReturnType<typeof startTogether>>;
  let processes: LedgerProcess[];
  /** Had bulk results pending when a nightly round was due and no process ran. */
  let nightlyProjects: number[];

  beforeAll(async () => {
    const database = await testDatabaseWithUrl();
    db = database.db;
    nightlyProjects = await Promise.all([1, 2, 3, 4].map(() => aProjectWithPendingRuns()));
    await db.query(`insert into setting (key, value) values ('nightly', '{"dueAt": "2026-01-01T02:00:00Z"}')`);
    together = await startTogether(database.connectionString);
    processes = together.processes;
  }, 120_000);

  afterAll(() => together[Symbol.asyncDispose]());

  async function aProjectWithPendingRuns(): Promise<number> {
    const projectId = await aProject(db);
    const testCaseId = await aTestCase(db, projectId);
    await db.transaction((transaction) =>
      appendChange(transaction, projectId, { kind: 'cases', testCaseIds: [testCaseId] }),
    );
    await pendingRuns(db, projectId, [{ testCaseId, executionStatusId: 2 }]);
    return projectId;
  }

  async function aProduct() {
    const projectId = await aProject(db);
    const releaseId = await aRelease(db, projectId);
    const testSetId = await aTestSet(db, projectId);
    const testCaseIds = await Promise.all(Array.from({ length: 10 }, () => aTestCase(db, projectId)));
    const rowIds = [];
    for (const testCaseId of testCaseIds) rowIds.push(await aTestSetRow(db, projectId, { testSetId, testCaseId }));
    return { projectId, releaseId, testSetId, testCaseIds, rowIds };
  }

  const uses = async (projectId: number) =>
    db.query<{ state: string }>(
      `select details ->> 'state' as state from event where kind = 'dataTool' and project_id = $1`,
      [projectId],
    );

  test('a nightly round that is due is worked off once by all of them together (DC-5)', async () => {
    await vi.waitFor(
      async () => {
        for (const projectId of nightlyProjects) expect(await uses(projectId)).toEqual([{ state: 'done' }]);
      },
      { timeout: 50_000, interval: 200 },
    );
    for (const projectId of nightlyProjects) {
      expect(await db.query('select from change where project_id = $1', [projectId])).toEqual([]);
      expect(await db.query('select attempts from job where project_id = $1', [projectId])).toEqual([{ attempts: 1 }]);
    }
  });

  test('single and bulk results that all record at once on one release and set leave no figure wrong', async () => {
    const { projectId, releaseId, testSetId, testCaseIds, rowIds } = await aProduct();
    const run = (position: number, second: number) => ({
      TestCaseId: testCaseIds[position % 10],
      ReleaseId: releaseId,
      TestSetId: testSetId,
      TestSetTestCaseId: rowIds[position % 10],
      ExecutionStatusId: 1 + (second % 2),
      StartDate: '2026-03-04T10:00:00Z',
      EndDate: new Date(Date.UTC(2026, 2, 4, 11, 0, second)).toISOString(),
      RunnerName: 'Three',
      RunnerTestName: `T${position}`,
      RunnerMessage: '',
      RunnerStackTrace: '',
    });
    const ROUNDS = 12;
    const recorders = processes.flatMap((ledger, number) => [
      ...[0, 1, 2].map(async (lane) => {
        for (let round = 0; round < ROUNDS; round += 1) {
          const path = `projects/${projectId}/test-runs/record`;
          const { status } = await call(ledger, 'POST', path, { body: run(round + lane, round * 7 + number) });
          expect(status).toBe(200);
        }
        return ROUNDS;
      }),
      (async () => {
        for (let round = 0; round < ROUNDS; round += 1) {
          const body = testCaseIds.map((_, position) => run(position, round * 5 + number));
          const { status } = await call(ledger, 'POST', `projects/${projectId}/test-runs/record-multiple`, { body });
          expect(status).toBe(200);
        }
        return ROUNDS * 10;
      })(),
    ]);
    const recorded = (await Promise.all(recorders)).reduce((sum, runs) => sum + runs, 0);
    const [{ count } = { count: 0 }] = await db.query<{ count: number }>(
      'select count(*) as count from test_run where project_id = $1',
      [projectId],
    );
    expect(count).toBe(recorded);
    // Single results were in the figures when they were answered; the pending bulk results are in them after a refresh.
    const refreshes = processes.map((ledger) => call(ledger, 'POST', `projects/${projectId}/refresh-caches`));
    expect((await Promise.all(refreshes)).map(({ status }) => status)).toEqual([200, 200, 200]);
    const verification = await verifyFigures(db, projectId);
    expect(verification).toMatchObject({ differences: [], orphans: [], pending: 0, runs: recorded });
    expect(verification.compared).toBeGreaterThan(20);
  }, 120_000);

  test('what one process changes of rights, all others know with the next call', async () => {
    const { projectId } = await aProduct();
    const userId = await aUser(db, { login: 'tess' });
    await aMember(db, projectId, { userId, roleId: 4 });
    const key = await anApiKey(db, userId);
    const [one, ...others] = processes as [LedgerProcess, ...LedgerProcess[]];
    const asked = async () => {
      const path = `projects/${projectId}/test-cases`;
      const answers = await Promise.all(others.map((ledger) => call(ledger, 'GET', path, { user: 'tess', key })));
      return answers.map(({ status }) => status);
    };
    expect(await asked()).toEqual([200, 200]);
    const member = `projects/${projectId}/users/${userId}`;
    expect((await call(one, 'DELETE', member)).status).toBeLessThan(300);
    expect(await asked()).toEqual([403, 403]);
    const [apiKey] = await db.query<{ id: number }>('select api_key_id as id from api_key where user_id = $1', [
      userId,
    ]);
    expect((await call(one, 'DELETE', `/api/v1/users/${userId}/api-keys/${apiKey?.id}`)).status).toBeLessThan(300);
    expect(await asked()).toEqual([401, 401]);
  });

  test('a refresh mode that one process is told, the others follow within moments', async () => {
    const { projectId, testCaseIds } = await aProduct();
    const [one, other] = processes as [LedgerProcess, LedgerProcess];
    const record = async () => {
      const body = [
        {
          TestCaseId: testCaseIds[0],
          ExecutionStatusId: 2,
          StartDate: '2026-03-04T10:00:00Z',
          RunnerName: 'Three',
          RunnerTestName: 'Mode',
        },
      ];
      expect((await call(other, 'POST', `projects/${projectId}/test-runs/record-multiple`, { body })).status).toBe(200);
      return (await db.query('select from change where project_id = $1', [projectId])).length;
    };
    expect(await record()).toBeGreaterThan(0);
    const settings = `/api/v1/projects/${projectId}/settings/refresh`;
    expect((await call(one, 'PUT', settings, { body: { mode: 'immediate' } })).status).toBe(200);
    // The mode is kept for a second.
    await vi.waitFor(async () => expect(await record()).toBe(0), { timeout: 10_000, interval: 100 });
  });

  test('a job whose process is killed is taken over by another and ends once', async () => {
    const projectId = await aProjectWithPendingRuns();
    const started = Promise.withResolvers<number>();
    const free = Promise.withResolvers<void>();
    const [first] = processes as [LedgerProcess];
    const holding = db.transaction(async (transaction) => {
      await lockFigures(transaction, projectId);
      const path = `/api/v1/projects/${projectId}/data-tools/refresh-pending/runs`;
      expect((await call(first, 'POST', path, { body: {} })).status).toBeLessThan(300);
      // Whichever process works on it waits for the lock now.
      const running = await vi.waitFor(
        async () => {
          // In a transaction pg_stat_activity would stay as it was at the first look.
          await transaction.query('select pg_stat_clear_snapshot()');
          const [waiting] = await transaction.query<{ name: string }>(
            `select application_name as name from pg_stat_activity
            where wait_event = 'advisory' and application_name like 'ledger-%' and datname = current_database()`,
          );
          expect(waiting).toBeDefined();
          return Number(waiting?.name.slice('ledger-'.length));
        },
        { timeout: 30_000, interval: 50 },
      );
      started.resolve(running);
      await free.promise;
    });
    holding.catch(started.reject);
    const killed = processes[await started.promise];
    const gone = new Promise((resolve) => killed?.process.once('exit', resolve));
    killed?.process.kill('SIGKILL');
    await gone;
    free.resolve();
    await holding;
    // The half minute after which a silent process is given up has passed.
    await db.query(`update job set heartbeat_at = heartbeat_at - interval '31 s' where project_id = $1`, [projectId]);
    await vi.waitFor(async () => expect(await uses(projectId)).toEqual([{ state: 'done' }]), {
      timeout: 30_000,
      interval: 100,
    });
    expect(await db.query('select state, attempts from job where project_id = $1', [projectId])).toEqual([
      { state: 'done', attempts: 2 },
    ]);
    expect(await db.query('select from change where project_id = $1', [projectId])).toEqual([]);
    expect(await verifyFigures(db, projectId)).toMatchObject({ differences: [] });
  }, 120_000);

  test('with all of that done, the nightly round was still queued once', async () => {
    for (const projectId of nightlyProjects) expect(await uses(projectId)).toHaveLength(1);
  });
});
