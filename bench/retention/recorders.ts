import { makeBatches, recordMultiple } from '../ingest/recorder.ts';
import type { GeneratedLedger } from '../ledger/generated-ledger.ts';
import { load, type Round } from '../measure/load.ts';
import { SingleRecorder } from '../record/single-recorder.ts';

const LANES = 8;
const ROUND_SECONDS = 0.25;

/** One call of a recorder. */
export type Recording = () => Promise<number>;

export const kindsOfRecording = {
  'record-multiple, 500 a call': ({ client, product }: GeneratedLedger): Recording =>
    recordMultiple(client(LANES), product.projectId, makeBatches(product)),
  'record, figures exact': ({ client, product }: GeneratedLedger): Recording => {
    const recorder = new SingleRecorder(product);
    const connection = client(LANES);
    return async () => {
      await recorder.record(connection);
      return 1;
    };
  },
} as const satisfies Record<string, (ledger: GeneratedLedger) => Recording>;

/** Records as fast as it goes and returns half of the calls that were answered each second. */
export async function halfRate(record: Recording, seconds: number): Promise<number> {
  const { latencies } = await load({ lanes: LANES, seconds }, record);
  return latencies.length / seconds / 2;
}

/** Records at a rate for some time. */
export function recordFor(record: Recording, seconds: number, callsPerSecond: number): Promise<Round> {
  return load({ lanes: LANES, seconds, callsPerSecond }, record);
}

/** Records at a rate from before the work until after it, and returns what the work gave and what was recorded. */
export async function recordBeside<Result>(
  record: Recording,
  callsPerSecond: number,
  work: () => Promise<Result>,
): Promise<{ result: Result; round: Round }> {
  let isOver = false;
  const working = work().finally(() => {
    isOver = true;
  });
  const rounds: Round[] = [];
  while (!isOver) {
    rounds.push(await load({ lanes: LANES, seconds: ROUND_SECONDS, warmUpCalls: 0, callsPerSecond }, record));
  }
  return { result: await working, round: joined(rounds) };
}

/** Returns several rounds as one; its rate is not told. */
export function joined(rounds: readonly Round[]): Round {
  return {
    perSecond: Number.NaN,
    done: rounds.reduce((sum, { done }) => sum + done, 0),
    latencies: rounds.flatMap(({ latencies }) => latencies),
    errors: rounds.flatMap(({ errors }) => errors),
  };
}
