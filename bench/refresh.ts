import { makeBatches, recordMultiple } from './ingest/recorder.ts';
import { catchUp, setRefresh } from './ledger/figures-of.ts';
import type { GeneratedLedger } from './ledger/generated-ledger.ts';
import { withLedgersOfSizes } from './ledger/ledgers-of-sizes.ts';
import { inTurn } from './measure/in-turn.ts';
import { median } from './measure/percentile.ts';
import { recalculationUnderLoad } from './refresh/recalculation.ts';
import { atMost } from './report/target.ts';
import type { Bench, Suite } from './suite.ts';

/** Refreshes of each size. With seven, the median of three rounds was 1.02 in one run and 1.35 in the next (decision 20). */
const REFRESHES_PER_ROUND = 21;

export const refresh: Suite = {
  name: 'refresh',
  shows: 'that a refresh costs what changed and not what there is, and that a recalculation disturbs nobody',
  run: async (bench) => {
    await withLedgersOfSizes(bench, (ledgers) => refreshBySize(bench, ledgers));
    await recalculationUnderLoad(bench);
  },
};

/** Refreshes after a bulk call of 500 runs of 500 cases, in products of different sizes, in turns. */
async function refreshBySize({ options, report }: Bench, ledgers: ReadonlyMap<number, GeneratedLedger>): Promise<void> {
  const refreshed = async (ledger: GeneratedLedger): Promise<number> => {
    await recordMultipleOf(ledger)();
    return catchUp(ledger.db, ledger.product.projectId);
  };
  const recordMultipleOf = recorders();
  const cold = new Map<number, number>();
  for (const [runs, ledger] of ledgers) {
    await setRefresh(ledger.client(1), ledger.product.projectId, { mode: 'manual' });
    await catchUp(ledger.db, ledger.product.projectId);
    cold.set(runs, await refreshed(ledger));
  }
  const rounds = options.rounds * REFRESHES_PER_ROUND;
  report.progress(`${rounds} refreshes of each size, in turns ...`);
  const sides = Object.fromEntries([...ledgers].map(([runs, ledger]) => [runs, () => refreshed(ledger)]));
  const measured = await inTurn(rounds, sides);
  const warm = (runs: number) => median(measured[runs] ?? []);
  for (const runs of ledgers.keys()) {
    const add = report.under(`${runs} runs, bulk of 500 on 500 cases`);
    add('refresh of what is pending, median', warm(runs), { unit: 'ms' });
    add('the first one', cold.get(runs) ?? Number.NaN, { unit: 'ms' });
  }
  const [smallest = 0, largest = 0] = [Math.min(...ledgers.keys()), Math.max(...ledgers.keys())];
  report.under(`${largest} runs beside ${smallest}`)('refresh : refresh', warm(largest) / warm(smallest), {
    target: atMost(1.2),
  });
}

/** Makes the recorder of each ledger once: its bodies are made before the clock runs. */
function recorders(): (ledger: GeneratedLedger) => () => Promise<number> {
  const made = new Map<GeneratedLedger, () => Promise<number>>();
  return (ledger) => {
    const { product } = ledger;
    const recorder = made.get(ledger) ?? recordMultiple(ledger.client(1), product.projectId, makeBatches(product));
    made.set(ledger, recorder);
    return recorder;
  };
}
