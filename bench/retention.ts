import { runTables } from '../packages/server/src/storage/run-partitions.ts';
import { bytesOfTables } from './ledger/bytes-of-tables.ts';
import { catchUp, changedFigures, storedFigures, wrongFigures } from './ledger/figures-of.ts';
import { copiedLedger, type GeneratedLedger } from './ledger/generated-ledger.ts';
import { joined, load, loadBeside, type Round } from './measure/load.ts';
import { median, percentile } from './measure/percentile.ts';
import type { BenchOptions } from './options.ts';
import { addErrors } from './report/error-figures.ts';
import type { AddFigure } from './report/report.ts';
import { atMost, exactly, type Target } from './report/target.ts';
import { halfLoad, kindsOfRecording } from './retention/recorders.ts';
import { type Retention, retain } from './retention/retention-job.ts';
import type { Bench, Suite } from './suite.ts';

const RUNS = 1_200_000;
const SHORT_RUNS = 3_000;
/**
 * The product has runs of 120 days, 10,000 a day. With these days nearly all of its first partition is too old, a million
 * runs, and it is rewritten; ...
 */
const KEEP_DAYS = 16;
/** ... then some of the next one, which is still recorded to, so that they are deleted in portions. */
const THEN_KEEP_DAYS = 13;
/** What each way is to rewrite: one that does something else than it says is no measure of it. */
const partitionsToRewrite = { rewriting: 1, deleting: 0 } as const;
const MEBIBYTE = 1_048_576;
/**
 * So many rounds recorders are looked at alone, each time: before, between and after the two ways. About as long as a
 * retention takes: once or twice a minute a checkpoint or a renewal of the planner's statistics makes p99 of a bulk call
 * three times what it is else, and most shorter looks have none.
 */
const ROUNDS_ALONE = 12;

export const retention: Suite = {
  name: 'retention',
  shows: 'that a million old runs go, give their space back, change no figure and do not disturb recorders',
  run: async (bench) => {
    const embedded = await bench.postgres.embedded();
    bench.report.usesPostgres(embedded.version);
    const runs = bench.options.isShort ? SHORT_RUNS : RUNS;
    const onCopy = async (work: (ledger: GeneratedLedger) => Promise<void>) => {
      await using ledger = await copiedLedger(embedded, { runs, report: bench.report });
      await work(ledger);
    };
    await onCopy((ledger) => withNobodyRecording(bench, ledger));
    for (const kind of Object.keys(kindsOfRecording) as Kind[]) await besideRecorders(bench, kind, onCopy);
  },
};

type Kind = keyof typeof kindsOfRecording;
type Way = keyof typeof partitionsToRewrite;

/** How much goes and what is left of it, where nothing else happens. */
async function withNobodyRecording({ options, report }: Bench, ledger: GeneratedLedger): Promise<void> {
  const { db, product } = ledger;
  report.progress('retention with nobody recording ...');
  const figures = await storedFigures(db, product.projectId);
  const bytes = await bytesOfTables(db, runTables);
  const { runs, seconds, partitionsRewritten } = await retain(ledger, KEEP_DAYS);
  const add = report.under('nobody records');
  add('runs that went', runs);
  add('runs deleted', runs / seconds, { unit: 'runs/s' });
  addPartitions(add, partitionsRewritten, { options, way: 'rewriting' });
  add('runs, steps and their indexes before', bytes / MEBIBYTE, { unit: 'MiB' });
  add('runs, steps and their indexes after', (await bytesOfTables(db, runTables)) / MEBIBYTE, { unit: 'MiB' });
  const left = await db.query<{ runs: number }>('select count(*) as runs from test_run where project_id = $1', [
    product.projectId,
  ]);
  const share = 1 - runs / (runs + (left[0]?.runs ?? 0));
  add('share of the runs that is left', share);
  add('share of the space that is left', (await bytesOfTables(db, runTables)) / bytes);
  add('figures', figures.size);
  const changed = changedFigures(figures, await storedFigures(db, product.projectId));
  add('figures that changed', changed, { target: exactly(0) });
  add('figures that are wrong in the end', await wrongFigures(db, product.projectId, report), { target: exactly(0) });
}

/** What recorders at half of their rate saw without retention and beside each of the two, in each round. */
interface Seen {
  callsPerSecond: number[];
  alone: Round[];
  /** The look alone between the two ways, held against those before and after it: what nothing at all would show. */
  between: Look[];
  beside: Record<Way, Beside[]>;
  wrong: number;
}

/** Recorders in some round, and the same ones alone right before and right after it. */
interface Look {
  round: Round;
  alone: Round;
}

/** Recorders beside one retention. */
interface Beside extends Look {
  retention: Retention;
}

async function besideRecorders(
  { options, report }: Bench,
  kind: Kind,
  onCopy: (work: (ledger: GeneratedLedger) => Promise<void>) => Promise<void>,
): Promise<void> {
  const seen: Seen = { callsPerSecond: [], alone: [], between: [], beside: { rewriting: [], deleting: [] }, wrong: 0 };
  for (let round = 0; round < options.rounds; round += 1) {
    report.progress(`retention beside ${kind}, round ${round + 1} ...`);
    await onCopy((ledger) => recordedBeside(ledger, { kind, seconds: options.seconds, seen }));
  }
  const add = report.under(`${kind}, 8 connections`);
  add('calls at half of the full rate', median(seen.callsPerSecond), { unit: 'calls/s' });
  add('p50 of a call without retention', medianOf(seen.alone, 0.5), { unit: 'ms' });
  add('p99 of a call without retention', medianOf(seen.alone, 0.99), { unit: 'ms' });
  addRatio(add, 'p99 without : without before and after', seen.between, { share: 0.99 });
  for (const way of ['rewriting', 'deleting'] as const) {
    addBeside(report.under(`${kind}, beside ${way}`), seen, { options, way });
  }
  addErrors(add, seen.alone);
  add('figures that are wrong in the end', seen.wrong, { target: exactly(0) });
}

async function recordedBeside(
  ledger: GeneratedLedger,
  { kind, seconds, seen }: { kind: Kind; seconds: number; seen: Seen },
): Promise<void> {
  const { db, product } = ledger;
  const record = kindsOfRecording[kind](ledger);
  const half = await halfLoad(record, seconds);
  seen.callsPerSecond.push(half.callsPerSecond);
  const lookAlone = async (): Promise<Round> => {
    // What waits for a refresh would be refreshed by the retention, and be taken for its cost.
    await catchUp(db, product.projectId);
    const round = await load({ ...half, seconds: seconds * ROUNDS_ALONE }, record);
    await catchUp(db, product.projectId);
    return round;
  };
  const alone = [await lookAlone()];
  for (const [way, keepDays] of [
    ['rewriting', KEEP_DAYS],
    ['deleting', THEN_KEEP_DAYS],
  ] as const) {
    const { result: retention, round } = await loadBeside(half, record, () => retain(ledger, keepDays));
    alone.push(await lookAlone());
    seen.beside[way].push({ retention, round, alone: joined(alone.slice(-2)) });
  }
  const [before, between, after] = alone as [Round, Round, Round];
  seen.between.push({ round: between, alone: joined([before, after]) });
  seen.alone.push(...alone);
  seen.wrong += await wrongFigures(db, product.projectId);
}

function addBeside(add: AddFigure, seen: Seen, { options, way }: { options: BenchOptions; way: Way }): void {
  const looks = seen.beside[way];
  const rounds = looks.map(({ round }) => round);
  const retentions = looks.map(({ retention }) => retention);
  add('runs that went', median(retentions.map(({ runs }) => runs)));
  add('runs deleted', median(retentions.map(({ runs, seconds }) => runs / seconds)), { unit: 'runs/s' });
  addPartitions(add, median(retentions.map(({ partitionsRewritten }) => partitionsRewritten)), { options, way });
  add('calls', joined(rounds).latencies.length);
  add('p50 of a call', medianOf(rounds, 0.5), { unit: 'ms' });
  add('p99 of a call', medianOf(rounds, 0.99), { unit: 'ms' });
  add('longest call', percentile(joined(rounds).latencies, 1), { unit: 'ms' });
  addRatio(add, 'p95 beside : without', looks, { share: 0.95 });
  addRatio(add, 'p99 beside : without', looks, { share: 0.99, target: atMost(1.25) });
  addErrors(add, rounds);
}

/** Alone, p99 moves by half within minutes: each look is held against its neighbours only. */
function addRatio(
  add: AddFigure,
  name: string,
  looks: readonly Look[],
  { share, target }: { share: number; target?: Target },
): void {
  const ratios = looks.map(
    ({ round, alone }) => percentile(round.latencies, share) / percentile(alone.latencies, share),
  );
  add(name, median(ratios), { target });
  add(`${name}, highest round`, Math.max(...ratios));
}

const medianOf = (rounds: readonly Round[], share: number): number =>
  median(rounds.map(({ latencies }) => percentile(latencies, share)));

/** A short run has too few runs for a rewrite. */
function addPartitions(add: AddFigure, rewritten: number, { options, way }: { options: BenchOptions; way: Way }): void {
  const target = options.isShort ? undefined : exactly(partitionsToRewrite[way]);
  add('partitions rewritten', rewritten, { target });
}
