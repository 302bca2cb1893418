import { findBlockExtent } from '../packages/server/src/storage/run-blocks.ts';
import { countFullBlocks } from './ledger/figures-of.ts';
import type { GeneratedLedger } from './ledger/generated-ledger.ts';
import { withLedgersOfSizes } from './ledger/ledgers-of-sizes.ts';
import { inTurn } from './measure/in-turn.ts';
import { median, percentile } from './measure/percentile.ts';
import { type Question, questionsOf } from './read/questions.ts';
import { addErrors } from './report/error-figures.ts';
import { atMost, type Target } from './report/target.ts';
import type { SpiraClient } from './spira/spira-client.ts';
import type { Bench, Suite } from './suite.ts';

/** How often each side is asked a question in a round, after one call that only warms up. */
interface Turn {
  /** At least so many calls ... */
  calls: number;
  /** ... and more until so many milliseconds are over: of few short calls, p95 would be what disturbed one of them. */
  ms: number;
}
const WHOLE_TURN: Turn = { calls: 40, ms: 750 };
const SHORT_TURN: Turn = { calls: 3, ms: 0 };
/** Progress is told once in so many questions. */
const QUESTIONS_TOLD = 20;
/** The size of product that no read may take long on. */
const JUDGED_RUNS = 1_000_000;
const LONGEST_MS = 200;
const GROWTH = 1.5;

/** By the name of a question, the p95 of its calls in milliseconds: the median of its rounds, as of all that takes turns. */
type Measured = Map<string, number>;

export const read: Suite = {
  name: 'read',
  shows: 'that lists, counts and figures take as long in a long history as in a short one',
  run: (bench) => withLedgersOfSizes(bench, (ledgers) => readsBySize(bench, ledgers)),
};

/** Asks the same questions in products of different sizes, in turns. */
async function readsBySize(bench: Bench, ledgers: ReadonlyMap<number, GeneratedLedger>): Promise<void> {
  const { report } = bench;
  const sides = new Map<number, Side>();
  for (const [runs, ledger] of ledgers) {
    report.progress(`${runs} runs: counting blocks ...`);
    sides.set(runs, await sideOf(ledger));
  }
  await askInTurn(bench, sides);
  for (const [runs, { measured, errors, uncountedRuns }] of sides) {
    const add = report.under(`${runs} runs`);
    for (const [name, ms] of measured) add(`p95 of ${name}`, ms, { unit: 'ms', target: longest(runs) });
    add('runs in no counted block yet', uncountedRuns);
    add('slowest p95 of all', Math.max(...measured.values()), { unit: 'ms', target: longest(runs) });
    addErrors(add, [{ errors }]);
  }
  compare(
    bench,
    [...sides.values()].map(({ measured }) => measured),
  );
}

/**
 * Asks each question on all sides, and again when all questions were asked: the rounds of a question are minutes apart, so
 * that what disturbs the machine for some seconds strikes one of them.
 */
async function askInTurn({ options, report }: Bench, bySize: ReadonlyMap<number, Side>): Promise<void> {
  const turn = options.isShort ? SHORT_TURN : WHOLE_TURN;
  const sides = [...bySize.values()];
  const names = [...(sides[0]?.questions.keys() ?? [])];
  let asked = 0;
  const askedByName = Object.fromEntries(
    names.map((name) => [
      name,
      () => {
        if (asked++ % QUESTIONS_TOLD === 0) {
          report.progress(`question ${asked} of ${names.length * options.rounds}, ${name} ...`);
        }
        return askAll(sides, name, turn);
      },
    ]),
  );
  const rounds = await inTurn(options.rounds, askedByName);
  for (const name of names) {
    for (const [position, side] of sides.entries()) {
      const latencies = (rounds[name] ?? []).map((round) => round[position] ?? []);
      side.measured.set(name, median(latencies.map((ofRound) => percentile(ofRound, 0.95))));
    }
  }
}

/** A product that is asked, and what it has answered so far. */
interface Side {
  /** How many runs at its end are in no counted block: reads look at these themselves. */
  uncountedRuns: number;
  client: SpiraClient;
  questions: ReadonlyMap<string, Question>;
  measured: Measured;
  /** One text for each call that failed. */
  errors: string[];
}

/** Counts the blocks of a ledger, so that all sizes are in the state that they are read in, and prepares the questions. */
async function sideOf({ db, client, product: { projectId } }: GeneratedLedger): Promise<Side> {
  await countFullBlocks(db, projectId);
  const { countedBelow, span } = await findBlockExtent(db, projectId);
  const [uncounted] = await db.query<{ runs: number }>(
    'select count(*) as runs from test_run where project_id = $1 and test_run_id >= $2',
    [projectId, countedBelow * span],
  );
  const reader = client(1);
  const questions = await questionsOf({ db, client: reader }, projectId);
  return {
    uncountedRuns: uncounted?.runs ?? 0,
    client: reader,
    questions: new Map(questions.map((question) => [`${question.group}: ${question.name}`, question])),
    measured: new Map(),
    errors: [],
  };
}

const longest = (runs: number): Target | undefined => (runs === JUDGED_RUNS ? atMost(LONGEST_MS) : undefined);

/**
 * Asks all sides the same question, call by call in turns, and returns the latencies of each in milliseconds. A side that
 * is asked forty times within a second can be the only one that something strikes; p95 then tells of that.
 */
async function askAll(sides: readonly Side[], name: string, turn: Turn): Promise<number[][]> {
  for (const side of sides) await ask(side, name);
  const latencies: number[][] = sides.map(() => []);
  const endsAt = performance.now() + turn.ms;
  for (let calls = 0; calls < turn.calls || performance.now() < endsAt; calls += 1) {
    for (const [position, side] of sides.entries()) latencies[position]?.push(await ask(side, name));
  }
  return latencies;
}

/** Returns how many milliseconds the answer took. */
async function ask({ client, questions, errors }: Side, name: string): Promise<number> {
  const { method, path, body } = questions.get(name)!;
  const startedAt = performance.now();
  const answer = await client.call(method, path, body);
  const ms = performance.now() - startedAt;
  if (answer.status !== 200) errors.push(`${name} answered ${answer.status}: ${answer.text.slice(0, 300)}`);
  return ms;
}

/** Holds the longest history against the shortest. */
function compare({ options, report }: Bench, bySize: readonly Measured[]): void {
  const [shortest, longestHistory] = [bySize[0], bySize.at(-1)];
  if (!shortest || !longestHistory || shortest === longestHistory) return;
  const add = report.under(`${options.sizes.at(-1)} runs : ${options.sizes[0]} runs`);
  const ratios = [...longestHistory].map(([name, ms]) => [name, ms / (shortest.get(name) ?? Number.NaN)] as const);
  for (const [name, ratio] of ratios) add(name, ratio, { target: atMost(GROWTH) });
  add('questions that grow', ratios.filter(([, ratio]) => ratio > GROWTH).length);
}
