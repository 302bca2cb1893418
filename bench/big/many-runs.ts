import { recordMultiple } from '../ingest/recorder.ts';
import { freshLedger } from '../ledger/bench-ledger.ts';
import { inTurn } from '../measure/in-turn.ts';
import { median } from '../measure/percentile.ts';
import { createProduct } from '../product/create-product.ts';
import { makeRuns } from '../product/run-bodies.ts';
import { exactly } from '../report/target.ts';
import type { Bench } from '../suite.ts';

const RUNS = 5_000;
const USUAL = 500;

/** 5,000 runs in one call beside the same in ten calls, in turns. */
export async function manyRunsInOneCall({ report, postgres, options }: Bench): Promise<void> {
  report.progress(`${RUNS} runs in one call ...`);
  await using ledger = await freshLedger(await postgres.embedded());
  const product = await createProduct(ledger.client(1), options);
  const client = ledger.client(1);
  const runs = makeRuns(product, RUNS, 0);
  const one = recordMultiple(client, product.projectId, [runs]);
  const ten = recordMultiple(
    client,
    product.projectId,
    Array.from({ length: RUNS / USUAL }, (_, part) => runs.slice(part * USUAL, (part + 1) * USUAL)),
  );
  const tenCalls = async () => {
    for (let sent = 0; sent < RUNS; sent += USUAL) await ten();
  };
  await one();
  await tenCalls();
  const measured = await inTurn(options.rounds, { one: () => timeOf(one), ten: () => timeOf(tenCalls) });
  const add = report.under(`${RUNS} runs, one connection`);
  add('in one call', median(measured.one), { unit: 's' });
  add('in calls of 500', median(measured.ten), { unit: 's' });
  add('one call : calls of 500', median(measured.one) / median(measured.ten));
  const [stored] = await ledger.db.query<{ runs: number }>(
    'select count(*) as runs from test_run where project_id = $1',
    [product.projectId],
  );
  const missing = 2 * RUNS * (options.rounds + 1) - (stored?.runs ?? 0);
  add('runs that are not there', missing, { target: exactly(0) });
}

async function timeOf(act: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await act();
  return (performance.now() - startedAt) / 1_000;
}
