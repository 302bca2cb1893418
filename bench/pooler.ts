import { hasPgBouncer, startPgBouncer } from '../packages/server/test/support/pgbouncer.ts';
import { inRotation, makeBatches, recordMultiple } from './ingest/recorder.ts';
import { freshLedger } from './ledger/bench-ledger.ts';
import { inTurn } from './measure/in-turn.ts';
import { load, type Round } from './measure/load.ts';
import { median, percentile } from './measure/percentile.ts';
import { serverBehind } from './pooler/server-behind.ts';
import type { Postgres } from './postgres/postgres.ts';
import { type BenchProduct, createProduct } from './product/create-product.ts';
import { makeRuns } from './product/run-bodies.ts';
import { addErrors } from './report/error-figures.ts';
import type { SpiraClient } from './spira/spira-client.ts';
import type { Bench, Suite } from './suite.ts';

/** Sessions of PostgreSQL behind the pooler, fewer than there are recorders. */
const POOL_SIZE = 6;
const LANES = 8;

export const pooler: Suite = {
  name: 'pooler',
  shows: 'what PgBouncer in transaction mode costs, with and without prepared statements',
  run: async (bench) => {
    const postgres = (await bench.postgres.external()) ?? (await bench.postgres.embedded());
    bench.report.usesPostgres(postgres.version);
    if (hasPgBouncer) return behindPgBouncer(bench, postgres);
    bench.report.note('PgBouncer is not installed, so there is nothing to measure.');
  },
};

/** One way from a server to the same database. */
type Way = 'direct' | 'auto' | 'off';

async function behindPgBouncer(bench: Bench, postgres: Postgres): Promise<void> {
  const { report } = bench;
  report.progress('starting three servers on one ledger, two of them behind PgBouncer ...');
  await using ledger = await freshLedger(postgres);
  await using pgBouncer = await startPgBouncer(ledger.databaseUrl, { poolSize: POOL_SIZE });
  const where = { postgres, connectionString: pgBouncer.connectionString, key: ledger.servers[0]?.key ?? '' };
  await using auto = await serverBehind({ ...where, preparedStatements: 'auto', connections: LANES });
  await using off = await serverBehind({ ...where, preparedStatements: 'off', connections: LANES });
  const clients = { direct: ledger.client(LANES), auto: auto.client, off: off.client };
  const product = await createProduct(clients.direct, { isShort: bench.options.isShort });
  await compare(bench, { clients, product, call: 'record', calling: recordOne });
  const batches = makeBatches(product);
  const bulk = (client: SpiraClient) => recordMultiple(client, product.projectId, batches);
  await compare(bench, { clients, product, call: 'record-multiple', calling: bulk });
}

function recordOne(client: SpiraClient, product: BenchProduct): () => Promise<number> {
  const path = `projects/${product.projectId}/test-runs/record`;
  const nextBody = inRotation(makeRuns(product, 200, 1).map((run) => Buffer.from(JSON.stringify(run))));
  return async () => {
    await client.record(path, nextBody());
    return 1;
  };
}

interface Comparison {
  clients: Readonly<Record<Way, SpiraClient>>;
  product: BenchProduct;
  call: string;
  calling: (client: SpiraClient, product: BenchProduct) => () => Promise<number>;
}

async function compare({ options, report }: Bench, { clients, product, call, calling }: Comparison): Promise<void> {
  report.progress(`${call}, ${LANES} connections, ${options.rounds} rounds of 3 sides ...`);
  const side = (way: Way) => {
    const work = calling(clients[way], product);
    return () => load({ lanes: LANES, seconds: options.seconds }, work);
  };
  const measured = await inTurn(options.rounds, { direct: side('direct'), auto: side('auto'), off: side('off') });
  const add = report.under(`${call}, ${LANES} connections, ${POOL_SIZE} sessions`);
  const rate = (way: Way) => median(measured[way].map((round) => round.perSecond));
  for (const way of ['direct', 'auto', 'off'] as const) {
    const latencies = measured[way].flatMap((round: Round) => round.latencies);
    add(`${names[way]}`, rate(way), { unit: 'runs/s' });
    add(`${names[way]}: p99`, percentile(latencies, 0.99), { unit: 'ms' });
    addErrors(add, measured[way], `${names[way]}: errors`);
  }
  add('behind PgBouncer, auto : direct', rate('auto') / rate('direct'));
  add('behind PgBouncer, off : direct', rate('off') / rate('direct'));
}

const names: Readonly<Record<Way, string>> = {
  direct: 'direct',
  auto: 'behind PgBouncer, auto',
  off: 'behind PgBouncer, off',
};
