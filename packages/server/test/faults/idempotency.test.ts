import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { Database, type Transaction } from '../../src/storage/database.ts';
import { type EmbeddedDatabase, startEmbedded } from '../../src/storage/engines/embedded.ts';
import { lockFigures, lockReferences } from '../../src/storage/locks.ts';
import { aProject, aTestCase } from '../support/builders.ts';
import { aDataDirectory, type LedgerProcess, startLedger } from '../support/ledger-process.ts';

// Exactly once, with servers that are killed at the moments that matter. Locks held by the test are the gates.

const directory = await aDataDirectory();
let embedded: EmbeddedDatabase;
let db: Database;
let ledger: LedgerProcess;
let projectId: number;
let run: object;

beforeAll(async () => {
  embedded = await startEmbedded({ dataDirectory: directory, isServer: false });
  db = new Database({ connectionString: embedded.connectionString });
  ledger = await start();
}, 120_000);

afterAll(async () => {
  await ledger.stop();
  await db.close();
  await embedded.close();
  await rm(directory, { recursive: true, force: true });
});

beforeEach(async () => {
  projectId = await aProject(db);
  run = { TestCaseId: await aTestCase(db, projectId), ExecutionStatusId: 2, RunnerName: 'CI', RunnerTestName: 'once' };
});

const start = () => startLedger(directory, { databaseUrl: embedded.connectionString });

async function record(to: LedgerProcess, key: string): Promise<{ status: number; runId: number; isRepeat: boolean }> {
  const response = await fetch(`${to.url}/Services/v7_0/RestService.svc/projects/${projectId}/test-runs/record`, {
    method: 'POST',
    headers: {
      username: 'administrator',
      'api-key': to.key,
      'content-type': 'application/json',
      'idempotency-key': `"${key}"`,
    },
    body: JSON.stringify(run),
  });
  const { TestRunId: runId } = (await response.json()) as { TestRunId: number };
  return { status: response.status, runId, isRepeat: response.headers.has('idempotent-replayed') };
}

async function kill(victim: LedgerProcess): Promise<void> {
  const gone = new Promise((resolve) => victim.process.once('exit', resolve));
  victim.process.kill('SIGKILL');
  await gone;
}

const storedRuns = async () => {
  const rows = await db.query<{ id: number }>('select test_run_id as id from test_run where project_id = $1', [
    projectId,
  ]);
  return rows.map((row) => row.id);
};

/** Does something while a lock is held; whoever needs the lock waits for it to end. */
async function whileLocked(
  lock: (transaction: Transaction, projectId: number) => Promise<void>,
  work: () => Promise<void>,
): Promise<void> {
  const isHeld = Promise.withResolvers<void>();
  const isDone = Promise.withResolvers<void>();
  const holding = db.transaction(async (transaction) => {
    await lock(transaction, projectId);
    isHeld.resolve();
    await isDone.promise;
  });
  await isHeld.promise;
  try {
    await work();
  } finally {
    isDone.resolve();
    await holding;
  }
}

/** Resolves when so many transactions wait for others. */
async function untilWaiting(count: number): Promise<void> {
  for (;;) {
    const [row] = await db.query<{ count: number }>('select count(*) from pg_locks where not granted');
    if ((row?.count ?? 0) >= count) return;
  }
}

test('killed after the commit and before the answer: the repeat gets the run that is stored', async () => {
  const key = crypto.randomUUID();
  await whileLocked(lockFigures, async () => {
    const lost = record(ledger, key).catch(() => 'cut off');
    // It has committed, since the refresh comes after.
    await untilWaiting(1);
    await kill(ledger);
    expect(await lost).toBe('cut off');
  });
  const stored = await storedRuns();
  expect(stored).toHaveLength(1);
  ledger = await start();
  expect(await record(ledger, key)).toEqual({ status: 200, runId: stored[0], isRepeat: true });
  expect(await storedRuns()).toEqual(stored);
}, 60_000);

test('killed before the commit: nothing is stored, and the repeat stores it once', async () => {
  const key = crypto.randomUUID();
  await whileLocked(lockReferences, async () => {
    const lost = record(ledger, key).catch(() => 'cut off');
    await untilWaiting(1);
    await kill(ledger);
    expect(await lost).toBe('cut off');
  });
  ledger = await start();
  const repeat = await record(ledger, key);
  expect(repeat).toMatchObject({ status: 200, isRepeat: false });
  expect(await storedRuns()).toEqual([repeat.runId]);
  expect(await record(ledger, key)).toEqual({ ...repeat, isRepeat: true });
}, 60_000);

test('two servers with ten repeats each, the one that works on the first is killed: one run, one id for all', async () => {
  const key = crypto.randomUUID();
  const second = await start();
  try {
    const many = (to: LedgerProcess) => Array.from({ length: 10 }, () => record(to, key).catch(() => undefined));
    let atSecond: ReturnType<typeof many> = [];
    await whileLocked(lockReferences, async () => {
      const atFirst = many(ledger);
      await untilWaiting(2);
      atSecond = many(second);
      await untilWaiting(10);
      await kill(ledger);
      expect(await Promise.all(atFirst)).toEqual(Array(10).fill(undefined));
    });
    ledger = await start();
    const answers = await Promise.all([...atSecond, ...many(ledger)]);
    const stored = await storedRuns();
    expect(stored).toHaveLength(1);
    expect(answers.map((answer) => [answer?.status, answer?.runId])).toEqual(Array(20).fill([200, stored[0]]));
    expect(answers.filter((answer) => !answer?.isRepeat)).toHaveLength(1);
  } finally {
    await second.stop();
  }
}, 60_000);
