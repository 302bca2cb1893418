import { appendChange } from '../packages/server/src/changes/change-log.ts';
import { actualMinutes } from '../packages/server/src/domain/duration.ts';
import { Database } from '../packages/server/src/storage/database.ts';
import { insertTestRuns, type TestRunRow } from '../packages/server/src/storage/test-runs.ts';
import { aFreshLedger } from '../packages/server/test/support/ledger-process.ts';
import { load, median, percentile, type Round } from './measure.ts';
import { type BenchProduct, createProduct } from './product.ts';
import { report } from './report.ts';
import { makeRuns, type RunBody } from './runs.ts';
import { SpiraClient } from './spira-client.ts';

const BATCH = 500;
/** Different bodies, so that no call repeats the last one; made before the clock runs. */
const BODIES = 16;

/**
 * `record-multiple`, 500 runs a call, on 1 and 8 connections, beside the same rows inserted by the same statements
 * (runs and change row, one transaction a batch) straight from this process, without HTTP, decoding and checks. Both
 * sides take turns round by round; the ratio is that of the medians.
 */
export async function benchIngest({ seconds, rounds }: { seconds: number; rounds: number }): Promise<void> {
  await using ledger = await aFreshLedger(process.env['DATABASE_URL']);
  const client = new SpiraClient({ url: ledger.url, user: 'administrator', key: ledger.key, connections: 8 });
  const db = new Database({ connectionString: ledger.databaseUrl, poolSize: 8 });
  try {
    console.log('Creating the product ...');
    const product = await createProduct(client);
    const batches = Array.from({ length: BODIES }, (_, seed) => makeRuns(product, BATCH, seed));
    const rows = [];
    for (const connections of [1, 8]) {
      rows.push(await compare({ connections, seconds, rounds, sides: sidesOf({ client, db, product, batches }) }));
    }
    const [version] = await db.query<{ version: string }>('select version()');
    console.log(`Written to ${report({ suite: 'ingest', postgres: version?.version ?? 'unknown', rows })}`);
  } finally {
    client.close();
    await db.close();
  }
}

type Side = (lane: number) => Promise<number>;

interface Sides {
  http: Side;
  ceiling: Side;
}

function sidesOf({
  client,
  db,
  product,
  batches,
}: {
  client: SpiraClient;
  db: Database;
  product: BenchProduct;
  batches: RunBody[][];
}): Sides {
  const bodies = batches.map((batch) => Buffer.from(JSON.stringify(batch)));
  const storedRows = batches.map((batch) => batch.map(asStored));
  const path = `projects/${product.projectId}/test-runs/record-multiple`;
  let call = 0;
  const next = <Item>(items: readonly Item[]): Item => items[call++ % items.length]!;
  return {
    http: async () => {
      await client.send(path, next(bodies));
      return BATCH;
    },
    ceiling: async () => {
      const rows = next(storedRows);
      await db.transaction(async (transaction) => {
        const runIds = await insertTestRuns(transaction, product.projectId, rows);
        await appendChange(transaction, product.projectId, { kind: 'bulk', runIds });
      });
      return BATCH;
    },
  };
}

/** The row that the server makes of a body. */
function asStored(run: RunBody): TestRunRow {
  const startDate = new Date(run.StartDate);
  const endDate = new Date(run.EndDate);
  return {
    testCaseId: run.TestCaseId,
    releaseId: run.ReleaseId,
    testSetId: run.TestSetId,
    testSetTestCaseId: run.TestSetTestCaseId,
    buildId: null,
    testConfigurationId: null,
    testerId: 1,
    testRunTypeId: 2,
    executionStatusId: run.ExecutionStatusId,
    name: `Case ${run.TestCaseId}`,
    startDate,
    endDate,
    estimatedDuration: null,
    actualDuration: actualMinutes(startDate, endDate),
    tags: null,
    customProperties: null,
    automationHostId: null,
    automationEngineId: null,
    automationAttachmentId: null,
    testRunFormatId: 1,
    runnerName: run.RunnerName,
    runnerTestName: run.RunnerTestName,
    runnerAssertCount: 0,
    runnerMessage: run.RunnerMessage,
    runnerStackTrace: run.RunnerStackTrace ?? '',
    parameters: null,
    concurrencyDate: new Date(),
  };
}

async function compare({
  connections,
  seconds,
  rounds,
  sides,
}: {
  connections: number;
  seconds: number;
  rounds: number;
  sides: Sides;
}) {
  const http: Round[] = [];
  const ceiling: Round[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    console.log(`${connections} connection(s), round ${round} of ${rounds} ...`);
    http.push(await load({ lanes: connections, seconds }, sides.http));
    ceiling.push(await load({ lanes: connections, seconds }, sides.ceiling));
  }
  const rate = (measured: Round[]) => median(measured.map((round) => round.perSecond));
  const latencies = http.flatMap((round) => round.latencies);
  return {
    connections,
    'record-multiple runs/s': Math.round(rate(http)),
    'same rows without HTTP runs/s': Math.round(rate(ceiling)),
    ratio: Number((rate(http) / rate(ceiling)).toFixed(3)),
    'p50 ms': Math.round(percentile(latencies, 0.5)),
    'p99 ms': Math.round(percentile(latencies, 0.99)),
    'max ms': Math.round(percentile(latencies, 1)),
  };
}
