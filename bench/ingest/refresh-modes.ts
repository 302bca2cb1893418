import { setTimeout as delay } from 'node:timers/promises';
import type { BenchLedger } from '../ledger/bench-ledger.ts';
import { catchUp, lagMs, setRefresh, wrongFigures } from '../ledger/figures-of.ts';
import { inTurn } from '../measure/in-turn.ts';
import { load, type Round, watched } from '../measure/load.ts';
import { median, percentile } from '../measure/percentile.ts';
import type { BenchProduct } from '../product/create-product.ts';
import { addErrors } from '../report/error-figures.ts';
import { atLeast, atMost, exactly } from '../report/target.ts';
import type { SpiraClient } from '../spira/spira-client.ts';
import type { Bench } from '../suite.ts';
import { BATCH, makeBatches, recordMultiple } from './recorder.ts';

const LANES = 8;
/** How often the lag is looked at. */
const LOOK_MS = 50;

interface Place {
  ledger: BenchLedger;
  client: SpiraClient;
  projectId: number;
  record: () => Promise<number>;
}

/** Measures what fresh figures cost in each refresh mode, and how far behind they are in `continuous` mode. */
export async function refreshModes(
  bench: Bench,
  { ledger, product, where }: { ledger: BenchLedger; product: BenchProduct; where: string },
): Promise<void> {
  const { projectId } = product;
  const client = ledger.client(LANES);
  const place = { ledger, client, projectId, record: recordMultiple(client, projectId, makeBatches(product)) };
  await catchUp(ledger.db, projectId);
  const fullRate = await immediateBesideDeferred(bench, place, where);
  await continuous(bench, place, { where, fullRate });
  const wrong = await wrongFigures(ledger.db, projectId, bench.report);
  bench.report.under(where)('figures that are wrong in the end', wrong, { target: exactly(0) });
}

/** Returns the rate at which runs are stored while their figures wait. */
async function immediateBesideDeferred({ options, report }: Bench, place: Place, where: string): Promise<number> {
  report.progress(`${where}: deferred beside immediate, ${options.rounds} rounds ...`);
  const { seconds, rounds } = options;
  const measured = await inTurn(rounds, {
    deferred: () => sustained(place, { mode: 'manual', seconds }),
    immediate: () => sustained(place, { mode: 'immediate', seconds }),
  });
  const rate = (side: keyof typeof measured) => median(measured[side].map(({ perSecond }) => perSecond));
  const fullRate = median(measured.deferred.map(({ whileLoading }) => whileLoading));
  const add = report.under(`${where}, ${LANES} connections`);
  add('deferred, while loading', fullRate, { unit: 'runs/s' });
  add('deferred, its refresh counted', rate('deferred'), { unit: 'runs/s' });
  add('immediate', rate('immediate'), { unit: 'runs/s' });
  add('immediate : deferred', rate('immediate') / rate('deferred'), { target: atLeast(0.55) });
  addErrors(add, [...measured.deferred, ...measured.immediate]);
  return fullRate;
}

/** Loads, and refreshes what is pending then; the time of both counts. */
async function sustained(
  { ledger, client, projectId, record }: Place,
  { mode, seconds }: { mode: 'manual' | 'immediate'; seconds: number },
): Promise<Pick<Round, 'perSecond' | 'errors'> & { whileLoading: number }> {
  await setRefresh(client, projectId, { mode });
  const startedAt = performance.now();
  const { done, perSecond, errors } = await load({ lanes: LANES, seconds, warmUpCalls: 0 }, record);
  await catchUp(ledger.db, projectId);
  return { perSecond: (done * 1_000) / (performance.now() - startedAt), whileLoading: perSecond, errors };
}

async function continuous(
  { options, report }: Bench,
  { ledger, client, projectId, record }: Place,
  { where, fullRate }: { where: string; fullRate: number },
): Promise<void> {
  await setRefresh(client, projectId, { mode: 'continuous' });
  const seconds = options.seconds * 4;
  const lag = { look: () => lagMs(ledger.db, projectId), pauseMs: LOOK_MS };
  const add = report.under(`${where}, ${LANES} connections, continuous`);

  report.progress(`${where}: continuous at half of the full rate, ${seconds} s ...`);
  const callsPerSecond = fullRate / BATCH / 2;
  const half = await watched(lag, () => load({ lanes: LANES, seconds, callsPerSecond }, record));
  add('at half of the full rate', half.result.perSecond, { unit: 'runs/s' });
  add('p99 of the lag then', percentile(half.seen, 0.99), { unit: 'ms', target: atMost(2_000) });
  await untilNothingIsPending(ledger, projectId);

  report.progress(`${where}: continuous at the full rate, ${seconds} s ...`);
  const full = await watched(lag, () => load({ lanes: LANES, seconds, warmUpCalls: 0 }, record));
  const restMs = await untilNothingIsPending(ledger, projectId);
  add('at the full rate', full.result.perSecond, { unit: 'runs/s' });
  add('longest lag then', percentile(full.seen, 1), { unit: 'ms' });
  add('longest lag in the first half of the time', percentile(full.seen.slice(0, full.seen.length / 2), 1), {
    unit: 'ms',
  });
  add('time to work it off : loading time', restMs / (seconds * 1_000), { target: atMost(0.15) });
  addErrors(add, [half.result, full.result]);
}

/** Returns after how many milliseconds the server's own loop has worked everything off. */
async function untilNothingIsPending({ db }: BenchLedger, projectId: number): Promise<number> {
  const startedAt = performance.now();
  while ((await lagMs(db, projectId)) > 0) await delay(LOOK_MS);
  return performance.now() - startedAt;
}
