import { lockFigures } from '../../packages/server/src/storage/locks.ts';
import { spoilFigures } from '../../packages/server/test/figures/spoil-figures.ts';
import { catchUp, wrongFigures } from '../ledger/figures-of.ts';
import { type GeneratedLedger, generatedLedger } from '../ledger/generated-ledger.ts';
import { load, loadBeside, type Round, watched } from '../measure/load.ts';
import { percentile } from '../measure/percentile.ts';
import { recordSingle } from '../record/single-recorder.ts';
import { addErrors } from '../report/error-figures.ts';
import { atMost, exactly } from '../report/target.ts';
import type { Bench } from '../suite.ts';

/** The product that is recalculated has this many runs, or as many as the largest that was asked for. */
const RUNS = 1_000_000;
const LANES = 8;
const LOOK_MS = 20;
/** Each spoils up to six kinds of figures; after so many hardly one is right. */
const SPOILINGS = 40;

/** Measures a full recalculation, and how single records fare beside it: once with right figures, once with wrong ones. */
export async function recalculationUnderLoad(bench: Bench): Promise<void> {
  const { options, report, postgres } = bench;
  const runs = options.sizes.findLast((size) => size <= RUNS) ?? RUNS;
  await using ledger = await generatedLedger(await postgres.embedded(), { runs, report });
  const { db, product } = ledger;
  await catchUp(db, product.projectId);
  await recalculated(bench, ledger, `${runs} runs, figures right`);
  report.progress('spoiling the figures ...');
  let die = 0;
  for (let spoiled = 0; spoiled < SPOILINGS; spoiled += 1) await spoilFigures(db, product.projectId, () => die++);
  report.under(`${runs} runs`)('figures that were spoilt', await wrongFigures(db, product.projectId));
  await recalculated(bench, ledger, `${runs} runs, figures spoilt`);
  const add = report.under(`${runs} runs`);
  add('figures that are wrong in the end', await wrongFigures(db, product.projectId, report), { target: exactly(0) });
}

async function recalculated({ options, report }: Bench, ledger: GeneratedLedger, where: string): Promise<void> {
  const { db, product } = ledger;
  const call = recordSingle(ledger.client(LANES), product);
  report.progress(`${where}: recording alone, ${options.seconds} s ...`);
  const alone = await load({ lanes: LANES, seconds: options.seconds }, call);
  report.progress(`${where}: recalculating while recording goes on ...`);
  const waits = { look: () => waitForFigures(ledger), pauseMs: LOOK_MS };
  const { seen, result: beside } = await watched(waits, () =>
    loadBeside({ lanes: LANES }, call, () => recalculate(ledger)),
  );
  await catchUp(db, product.projectId);

  const add = report.under(where);
  add('full recalculation', beside.result / 1_000, { unit: 's' });
  add('longest wait for the lock of figures', percentile(seen, 1), { unit: 'ms', target: atMost(200) });
  const p99 = (round: Round) => percentile(round.latencies, 0.99);
  add('p99 of a record alone', p99(alone), { unit: 'ms' });
  add('p99 of a record beside it', p99(beside.round), { unit: 'ms' });
  add('beside : alone', p99(beside.round) / p99(alone), { target: atMost(2) });
  addErrors(add, [alone, beside.round]);
}

/** Returns how many milliseconds a recalculation of all figures took. */
async function recalculate({ client, product }: GeneratedLedger): Promise<number> {
  const startedAt = performance.now();
  // Answers when the job is done.
  await client(1).record(`projects/${product.projectId}/refresh-caches`, Buffer.alloc(0));
  return performance.now() - startedAt;
}

/** Returns how long a refresh that begins now waits until it may write figures. */
async function waitForFigures({ db, product }: GeneratedLedger): Promise<number> {
  return db.transaction(async (transaction) => {
    const startedAt = performance.now();
    await lockFigures(transaction, product.projectId);
    return performance.now() - startedAt;
  });
}
