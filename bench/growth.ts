import { makeBatches, recordMultiple } from './ingest/recorder.ts';
import { catchUp, countFullBlocks, setRefresh } from './ledger/figures-of.ts';
import type { GeneratedLedger } from './ledger/generated-ledger.ts';
import { withLedgersOfSizes } from './ledger/ledgers-of-sizes.ts';
import { type CpuOfCall, cpuOfCalls } from './measure/cpu-of-calls.ts';
import { inTurn } from './measure/in-turn.ts';
import { load, type Round } from './measure/load.ts';
import { median, percentile } from './measure/percentile.ts';
import { recordSingle } from './record/single-recorder.ts';
import { addCpu } from './report/cpu-figures.ts';
import { addErrors } from './report/error-figures.ts';
import type { Bench, Suite } from './suite.ts';

const LANES = 8;

export const growth: Suite = {
  name: 'growth',
  shows: 'that recording does not become slower with what is recorded already',
  run: (bench) => withLedgersOfSizes(bench, (ledgers) => recordingBySize(bench, ledgers)),
};

/** The same loads on products of different sizes, in turns. */
async function recordingBySize(
  { options, report }: Bench,
  ledgers: ReadonlyMap<number, GeneratedLedger>,
): Promise<void> {
  for (const { product, client } of ledgers.values()) {
    await setRefresh(client(1), product.projectId, { mode: 'manual' });
  }
  await catchUpAll(ledgers);
  report.progress(`record-multiple and record, ${LANES} connections, ${options.rounds} rounds of each size ...`);
  const bulk = await inTurn(options.rounds, sidesOf(ledgers, options.seconds, bulkCall));
  // A single record also brings the pending bulk runs of its case up to date; they are not to be counted here.
  await catchUpAll(ledgers);
  const single = await inTurn(options.rounds, sidesOf(ledgers, options.seconds, singleCall));
  const smallest = String(Math.min(...ledgers.keys()));
  for (const runs of Object.keys(bulk)) {
    const add = report.under(`${runs} runs, ${LANES} connections`);
    add('record-multiple', rateOf(bulk[runs]), { unit: 'runs/s' });
    add('p99 of a call of 500', p99Of(bulk[runs]), { unit: 'ms' });
    addCpu(add, 'record-multiple', bulk[runs] ?? []);
    add('counting the full blocks afterwards : recording', countingOf(bulk[runs]));
    add('record', rateOf(single[runs]), { unit: 'runs/s' });
    add('p99 of a record', p99Of(single[runs]), { unit: 'ms' });
    addCpu(add, 'record', single[runs] ?? []);
    addErrors(add, [...(bulk[runs] ?? []), ...(single[runs] ?? [])]);
    if (runs === smallest) continue;
    add(`record-multiple : that at ${smallest}`, rateOf(bulk[runs]) / rateOf(bulk[smallest]));
    add(`record : that at ${smallest}`, rateOf(single[runs]) / rateOf(single[smallest]));
    add(`p99 of a record : that at ${smallest}`, p99Of(single[runs]) / p99Of(single[smallest]));
  }
}

async function catchUpAll(ledgers: ReadonlyMap<number, GeneratedLedger>): Promise<void> {
  for (const { db, product } of ledgers.values()) await catchUp(db, product.projectId);
}

type Calling = (ledger: GeneratedLedger) => () => Promise<number>;

interface Turn extends Round {
  cpu: CpuOfCall | undefined;
  countingMs: number;
}

/**
 * Returns the turns of all sizes. Each ends with nothing left to do for its server: while somebody records, blocks are
 * counted with long rests, and what was left of one turn would be done, without rests, beside the turn of another size.
 */
function sidesOf(
  ledgers: ReadonlyMap<number, GeneratedLedger>,
  seconds: number,
  calling: Calling,
): Record<string, () => Promise<Turn>> {
  return Object.fromEntries(
    [...ledgers].map(([runs, ledger]) => {
      const { db, product, servers } = ledger;
      const call = calling(ledger);
      const turn = async () => {
        const called = { db, pid: servers[0]?.process.pid };
        const round = await cpuOfCalls(called, call, (counted) => load({ lanes: LANES, seconds }, counted));
        return { ...round, countingMs: await countFullBlocks(db, product.projectId) };
      };
      return [runs, turn];
    }),
  );
}

const bulkCall: Calling = ({ client, product }) =>
  recordMultiple(client(LANES), product.projectId, makeBatches(product));

const singleCall: Calling = ({ client, product }) => recordSingle(client(LANES), product);

const rateOf = (turns: readonly Turn[] = []): number => median(turns.map((turn) => turn.perSecond));
const p99Of = (turns: readonly Turn[] = []): number =>
  percentile(
    turns.flatMap((turn) => turn.latencies),
    0.99,
  );
/** Of the time of recording, how long counting took that was left at its end; on a machine with nothing else to do. */
const countingOf = (turns: readonly Turn[] = []): number =>
  median(turns.map(({ countingMs, done, perSecond }) => countingMs / ((done / perSecond) * 1_000)));
