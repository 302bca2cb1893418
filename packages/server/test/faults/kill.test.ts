import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { verifyFigures } from '../../src/rollups/verify.ts';
import { Database } from '../../src/storage/database.ts';
import { clusterDirectory } from '../../src/storage/engines/data-directory.ts';
import { startEmbedded } from '../../src/storage/engines/embedded.ts';
import { aDataDirectory, type LedgerProcess, startLedger } from '../support/ledger-process.ts';

const ROUNDS = 10;
const RECORDERS = 3;
const BATCH = 50;

const directory = await aDataDirectory();
afterAll(() => rm(directory, { recursive: true, force: true }));

/** What a recorder knows of a batch: sent, and then acknowledged or not. */
interface Batch {
  name: string;
  isAcknowledged: boolean;
}

const victims = ['server', 'database', 'both'] as const;

test('kill -9 of server and database under bulk recording, ten times: nothing acknowledged is lost, no batch is half there', async () => {
  let ledger = await startLedger(directory);
  const product = await aProduct(ledger);
  const batches: Batch[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const recorders = Array.from({ length: RECORDERS }, (_, lane) =>
      recordUntilItFails(ledger, product, { name: `${round}-${lane}`, batches }),
    );
    await untilAcknowledged(batches, round);
    await kill(victims[round % victims.length] ?? 'both', ledger);
    await Promise.all(recorders);
    // The next start needs no hand: no file is removed, nothing is repaired here.
    ledger = await startLedger(directory);
    expect(await call(ledger, 'GET', `projects/${product.projectId}`)).toMatchObject({ status: 200 });
  }
  expect(batches.filter((batch) => batch.isAcknowledged).length).toBeGreaterThanOrEqual(ROUNDS);
  expect(await call(ledger, 'POST', `projects/${product.projectId}/refresh-caches`)).toMatchObject({ status: 200 });
  expect(await ledger.stop()).toBe(0);
  await expectWholeBatches(product.projectId, batches);
}, 240_000);

interface Product {
  projectId: number;
  testCaseId: number;
}

async function aProduct(ledger: LedgerProcess): Promise<Product> {
  const project = await call(ledger, 'POST', 'projects', { Name: 'Killed now and then' });
  const projectId = project.json.ProjectId;
  const testCase = await call(ledger, 'POST', `projects/${projectId}/test-cases`, { Name: 'Survives' });
  return { projectId, testCaseId: testCase.json.TestCaseId };
}

async function call(ledger: LedgerProcess, method: string, target: string, body?: unknown) {
  const response = await fetch(`${ledger.url}/Services/v7_0/RestService.svc/${target}`, {
    method,
    headers: { username: 'administrator', 'api-key': ledger.key, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  // biome-ignore lint/suspicious/noExplicitAny: answers of several shapes.
  return { status: response.status, json: (text === '' ? undefined : JSON.parse(text)) as any };
}

/** Posts batches, each under a name of its own, until the server no longer answers them with 200. */
async function recordUntilItFails(
  ledger: LedgerProcess,
  product: Product,
  { name, batches }: { name: string; batches: Batch[] },
): Promise<void> {
  for (let number = 0; ; number += 1) {
    const batch: Batch = { name: `batch-${name}-${number}`, isAcknowledged: false };
    batches.push(batch);
    const run = {
      TestCaseId: product.testCaseId,
      ExecutionStatusId: 2,
      StartDate: '2026-02-03T10:00:00Z',
      EndDate: '2026-02-03T10:00:01Z',
      RunnerName: 'Killed',
      RunnerTestName: batch.name,
      RunnerMessage: '',
      RunnerStackTrace: '',
    };
    try {
      const answer = await call(
        ledger,
        'POST',
        `projects/${product.projectId}/test-runs/record-multiple`,
        Array(BATCH).fill(run),
      );
      if (answer.status !== 200) return;
      batch.isAcknowledged = true;
    } catch {
      return;
    }
  }
}

/** Resolves when this round has acknowledged batches, so that the kill comes in the middle of recording. */
async function untilAcknowledged(batches: Batch[], round: number): Promise<void> {
  const wanted = 5 + ((round * 7) % 11);
  const acknowledged = () =>
    batches.filter((batch) => batch.isAcknowledged && batch.name.startsWith(`batch-${round}-`)).length;
  while (acknowledged() < wanted) await new Promise((resolve) => setTimeout(resolve, 1));
}

async function kill(victim: (typeof victims)[number], ledger: LedgerProcess): Promise<void> {
  const gone = new Promise((resolve) => ledger.process.once('exit', resolve));
  if (victim !== 'server') process.kill(await postmasterPid(), 'SIGKILL');
  // A server whose database is killed keeps running (it starts the database again); here the machine dies with it.
  ledger.process.kill('SIGKILL');
  await gone;
}

async function postmasterPid(): Promise<number> {
  const lines = await readFile(path.join(clusterDirectory(directory), 'postmaster.pid'), 'utf8');
  return Number(lines.split('\n')[0]);
}

async function expectWholeBatches(projectId: number, batches: readonly Batch[]): Promise<void> {
  const embedded = await startEmbedded({ dataDirectory: directory, isServer: false });
  const db = new Database({ connectionString: embedded.connectionString });
  try {
    const rows = await db.query<{ name: string; count: number }>(
      'select runner_test_name as name, count(*) as count from test_run where project_id = $1 group by 1',
      [projectId],
    );
    const stored = new Map(rows.map((row) => [row.name, row.count]));
    expect(batches.filter((batch) => batch.isAcknowledged && !stored.has(batch.name))).toEqual([]);
    expect(rows.filter((row) => row.count !== BATCH)).toEqual([]);
    const verification = await verifyFigures(db, projectId);
    expect(verification).toMatchObject({ differences: [], orphans: [], pending: 0 });
  } finally {
    await db.close();
    await embedded.close();
  }
}
