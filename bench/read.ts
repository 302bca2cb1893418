import { ClosedRunIds, countBlocks } from '../packages/server/src/rollups/count-blocks.ts';
import { generatedLedger } from './ledger/generated-ledger.ts';
import { percentile } from './measure/percentile.ts';
import type { Postgres } from './postgres/postgres.ts';
import { type Question, questionsOf } from './read/questions.ts';
import { atMost, exactly, type Target } from './report/target.ts';
import type { SpiraClient } from './spira/spira-client.ts';
import type { Bench, Suite } from './suite.ts';

/** Calls of each question; the first ones only warm up. */
const CALLS = 21;
const WARM_UP = 1;
/** The size of product that no read may take long on. */
const JUDGED_RUNS = 1_000_000;
const LONGEST_MS = 200;
const GROWTH = 1.5;

/** By the name of a question, the p95 of its calls in milliseconds. */
type Measured = Map<string, number>;

export const read: Suite = {
  name: 'read',
  shows: 'that lists, counts and figures take as long in a long history as in a short one',
  run: async (bench) => {
    const postgres = await bench.postgres.embedded();
    bench.report.usesPostgres(postgres.version);
    const bySize: Measured[] = [];
    for (const runs of bench.options.sizes) bySize.push(await measureSize(bench, postgres, runs));
    compare(bench, bySize);
  },
};

async function measureSize(bench: Bench, postgres: Postgres, runs: number): Promise<Measured> {
  const { options, report } = bench;
  await using ledger = await generatedLedger(postgres, { runs, report });
  const { projectId } = ledger.product;
  report.progress(`${runs} runs: counting blocks ...`);
  const closedBelow = await new ClosedRunIds().below(ledger.db);
  while (await countBlocks(ledger.db, projectId, closedBelow));
  const client = ledger.client(1);
  const measured: Measured = new Map();
  const add = report.under(`${runs} runs`);
  let errors = 0;
  for (const question of await questionsOf({ db: ledger.db, client }, projectId)) {
    const { latencies, failed } = await ask(client, question, options.isShort ? 3 : CALLS);
    errors += failed;
    const name = `${question.group}: ${question.name}`;
    measured.set(name, percentile(latencies, 0.95));
    add(`p95 of ${name}`, percentile(latencies, 0.95), { unit: 'ms', target: longest(runs) });
  }
  add('slowest p95 of all', Math.max(...measured.values()), { unit: 'ms', target: longest(runs) });
  add('errors', errors, { target: exactly(0) });
  return measured;
}

const longest = (runs: number): Target | undefined => (runs === JUDGED_RUNS ? atMost(LONGEST_MS) : undefined);

async function ask(
  client: SpiraClient,
  { method, path, body }: Question,
  calls: number,
): Promise<{ latencies: number[]; failed: number }> {
  const latencies: number[] = [];
  let failed = 0;
  for (let call = 0; call < calls; call += 1) {
    const startedAt = performance.now();
    const { status } = await client.call(method, path, body);
    if (call >= WARM_UP) latencies.push(performance.now() - startedAt);
    if (status !== 200) failed += 1;
  }
  return { latencies, failed };
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
