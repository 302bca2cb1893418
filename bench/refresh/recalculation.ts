import { lockFigures } from '../../packages/server/src/storage/locks.ts';
import { spoilFigures } from '../../packages/server/test/figures/spoil-figures.ts';
import { catchUp, wrongFigures } from '../ledger/figures-of.ts';
import { type GeneratedLedger, generatedLedger } from '../ledger/generated-ledger.ts';
import { load, type Round, watched } from '../measure/load.ts';
import { percentile } from '../measure/percentile.ts';
import { SingleRecorder } from '../record/single-recorder.ts';
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
  const recorder = new SingleRecorder(product);
  const client = ledger.client(LANES);
  const call = async () => {
    await recorder.record(client);
    return 1;
  };
  report.progress(`${where}: recording alone, ${options.seconds} s ...`);
  const alone = await load({ lanes: LANES, seconds: options.seconds }, call);
  report.progress(`${where}: recalculating while recording goes on ...`);
  const waits = { look: () => waitForFigures(ledger), pauseMs: LOOK_MS };
  const { seen, result } = await watched(waits, () => besideRecalculation(ledger, call));
  await catchUp(db, product.projectId);

  const add = report.under(where);
  add('full recalculation', result.tookMs / 1_000, { unit: 's' });
  add('longest wait for the lock of figures', percentile(seen, 1), { unit: 'ms', target: atMost(200) });
  const p99 = (round: Round) => percentile(round.latencies, 0.99);
  add('p99 of a record alone', p99(alone), { unit: 'ms' });
  add('p99 of a record beside it', p99(result.round), { unit: 'ms' });
  add('beside : alone', p99(result.round) / p99(alone), { target: atMost(2) });
  add('errors', alone.errors.length + result.round.errors.length, { target: exactly(0) });
}

/** Records from before the recalculation until after it, and returns what was recorded while it ran. */
async function besideRecalculation(
  ledger: GeneratedLedger,
  call: () => Promise<number>,
): Promise<{ tookMs: number; round: Round }> {
  let isOver = false;
  const recalculation = (async () => {
    const startedAt = performance.now();
    try {
      // Answers when the job is done.
      await ledger.client(1).record(`projects/${ledger.product.projectId}/refresh-caches`, Buffer.alloc(0));
      return performance.now() - startedAt;
    } finally {
      isOver = true;
    }
  })();
  const rounds: Round[] = [];
  while (!isOver) rounds.push(await load({ lanes: LANES, seconds: 0.25, warmUpCalls: 0 }, call));
  const round = {
    perSecond: Number.NaN,
    done: rounds.reduce((sum, { done }) => sum + done, 0),
    latencies: rounds.flatMap(({ latencies }) => latencies),
    errors: rounds.flatMap(({ errors }) => errors),
  };
  return { tookMs: await recalculation, round };
}

/** Returns how long a refresh that begins now waits until it may write figures. */
async function waitForFigures({ db, product }: GeneratedLedger): Promise<number> {
  return db.transaction(async (transaction) => {
    const startedAt = performance.now();
    await lockFigures(transaction, product.projectId);
    return performance.now() - startedAt;
  });
}
