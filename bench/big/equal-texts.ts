import { hash } from 'node:crypto';
import { freshLedger } from '../ledger/bench-ledger.ts';
import { bytesOfTables } from '../ledger/bytes-of-tables.ts';
import { createProduct } from '../product/create-product.ts';
import { makeRuns } from '../product/run-bodies.ts';
import { exactly } from '../report/target.ts';
import type { Bench } from '../suite.ts';
import { MEBIBYTE } from './peak-memory.ts';

const TEXTS = 20;
const TEXT_LENGTH = 50_000;
const RUNS_PER_CALL = 200;

/** Traces of 50 KB that come again and again, and what they take on disk. */
export async function equalLongTexts({ report, postgres, options }: Bench): Promise<void> {
  report.progress('equal traces of 50 KB ...');
  await using ledger = await freshLedger(await postgres.embedded());
  const { db } = ledger;
  const client = ledger.client(1);
  const product = await createProduct(client, options);
  const traces = Array.from({ length: TEXTS }, (_, number) => incompressible(number));
  const calls = options.isShort ? 1 : 10;
  const bytes = () => bytesOfTables(db, ['test_run', 'long_text']);
  const before = await bytes();
  for (let call = 0; call < calls; call += 1) {
    const runs = makeRuns(product, RUNS_PER_CALL, call).map((run, at) => ({
      ...run,
      RunnerStackTrace: traces[at % TEXTS],
    }));
    await client.record(`projects/${product.projectId}/test-runs/record-multiple`, Buffer.from(JSON.stringify(runs)));
  }
  const sum = calls * RUNS_PER_CALL * TEXT_LENGTH;
  const added = (await bytes()) - before;
  const [stored] = await db.query<{ texts: number }>('select count(*) as texts from long_text where project_id = $1', [
    product.projectId,
  ]);
  const add = report.under(`${calls * RUNS_PER_CALL} runs with one of ${TEXTS} traces of 50 KB`);
  add('all traces together', sum / MEBIBYTE, { unit: 'MiB' });
  add('runs and traces on disk', added / MEBIBYTE, { unit: 'MiB' });
  add('on disk : together', added / sum);
  add('traces that are stored', stored?.texts ?? 0, { target: exactly(TEXTS) });
}

/** Hexadecimal digits of hashes: no compression takes them below half, so that it is not taken for what is measured. */
function incompressible(number: number): string {
  let text = '';
  for (let part = 0; text.length < TEXT_LENGTH; part += 1) text += hash('sha256', `${number} ${part}`, 'hex');
  return text.slice(0, TEXT_LENGTH);
}
