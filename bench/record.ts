import { type BenchLedger, freshLedger } from './ledger/bench-ledger.ts';
import { setRefresh, wrongFigures } from './ledger/figures-of.ts';
import { inTurn } from './measure/in-turn.ts';
import { load, type Round } from './measure/load.ts';
import { median, percentile } from './measure/percentile.ts';
import { createProduct } from './product/create-product.ts';
import { SingleRecorder } from './record/single-recorder.ts';
import { addErrors } from './report/error-figures.ts';
import { atLeast, atMost, exactly } from './report/target.ts';
import type { SpiraClient } from './spira/spira-client.ts';
import type { Bench, Suite } from './suite.ts';

export const record: Suite = {
  name: 'record',
  shows: 'what it costs that a single record answers with exact figures, when everybody records in the same place',
  run: async (bench) => {
    const { report, postgres } = bench;
    const embedded = await postgres.embedded();
    report.usesPostgres(embedded.version);
    report.progress('starting a ledger of two processes and creating two products ...');
    await using ledger = await freshLedger(embedded, { processes: 2 });
    const client = ledger.client(1);
    const fresh = new SingleRecorder(await createProduct(client, bench.options));
    const still = new SingleRecorder(await createProduct(client, bench.options));
    await setRefresh(client, still.projectId, { rollupsDisabled: true });
    await besideNoFigures(bench, ledger, { fresh, still });
    await twoProcesses(bench, ledger, fresh);
    await exactFigures(bench, ledger, fresh);
  },
};

const loads = [
  { lanes: 1, ratio: atLeast(0.15) },
  { lanes: 8, ratio: atLeast(0.2) },
  { lanes: 64, ratio: atLeast(0.5), p99: atMost(250) },
];

/** The same calls in a product that keeps figures and in one that does not, in turns. */
async function besideNoFigures(
  { options, report }: Bench,
  ledger: BenchLedger,
  { fresh, still }: { fresh: SingleRecorder; still: SingleRecorder },
): Promise<void> {
  const client = ledger.client(64);
  for (const { lanes, ratio, p99 } of loads) {
    report.progress(`${lanes} connection(s), ${options.rounds} rounds of 2 sides ...`);
    const side = (recorder: SingleRecorder) => () =>
      load(
        { lanes, seconds: options.seconds },
        recording(recorder, () => client),
      );
    const measured = await inTurn(options.rounds, { fresh: side(fresh), still: side(still) });
    const add = report.under(`${lanes} connection(s)`);
    add('record, figures exact', rateOf(measured.fresh), { unit: 'runs/s' });
    add('record, no figures', rateOf(measured.still), { unit: 'runs/s' });
    add('with : without figures', rateOf(measured.fresh) / rateOf(measured.still), { target: ratio });
    addLatencies(add, measured.fresh, p99);
  }
}

/** All lanes at one process, and half of them at each of two processes on the same database, in turns. */
async function twoProcesses({ options, report }: Bench, ledger: BenchLedger, recorder: SingleRecorder): Promise<void> {
  report.progress('two processes beside one, 64 connections ...');
  const clients = [ledger.client(64, 0), ledger.client(64, 1)] as const;
  const side = (processes: 1 | 2) => () =>
    load(
      { lanes: 64, seconds: options.seconds },
      recording(recorder, (lane) => clients[lane % processes === 0 ? 0 : 1]),
    );
  const measured = await inTurn(options.rounds, { one: side(1), two: side(2) });
  const add = report.under('64 connections, two processes');
  add('record, figures exact', rateOf(measured.two), { unit: 'runs/s' });
  add('two processes : one', rateOf(measured.two) / rateOf(measured.one), { target: atLeast(0.85) });
  addLatencies(add, measured.two);
}

/** Each run is looked for in its case right after its answer, and in the end every figure is counted anew. */
async function exactFigures({ options, report }: Bench, ledger: BenchLedger, recorder: SingleRecorder): Promise<void> {
  report.progress('reading right after the answer, 8 connections at two processes ...');
  const clients = [ledger.client(8, 0), ledger.client(8, 1)] as const;
  let stale = 0;
  const round = await load({ lanes: 8, seconds: options.seconds }, async (lane) => {
    const run = await recorder.record(clients[lane % 2 === 0 ? 0 : 1]);
    // By the other process, so that nothing kept in memory can help.
    if (!(await recorder.isShown(clients[lane % 2 === 0 ? 1 : 0], run))) stale += 1;
    return 1;
  });
  const add = report.under('record, then read from the other process');
  add('runs that were looked for', round.done);
  add('runs that their case did not show', stale, { target: exactly(0) });
  addErrors(add, [round]);
  add('figures that are wrong in the end', await wrongFigures(ledger.db, recorder.projectId, report), {
    target: exactly(0),
  });
}

function recording(
  recorder: SingleRecorder,
  clientOf: (lane: number) => SpiraClient,
): (lane: number) => Promise<number> {
  return async (lane) => {
    await recorder.record(clientOf(lane));
    return 1;
  };
}

const rateOf = (rounds: readonly Round[]): number => median(rounds.map((round) => round.perSecond));

function addLatencies(
  add: ReturnType<Bench['report']['under']>,
  rounds: readonly Round[],
  p99?: ReturnType<typeof atMost>,
): void {
  const latencies = rounds.flatMap((round) => round.latencies);
  add('p50 of a record', percentile(latencies, 0.5), { unit: 'ms' });
  add('p99 of a record', percentile(latencies, 0.99), { unit: 'ms', target: p99 });
  addErrors(add, rounds);
}
