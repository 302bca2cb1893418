import { makeBatches, recordMultiple } from '../ingest/recorder.ts';
import type { GeneratedLedger } from '../ledger/generated-ledger.ts';
import { load, loadBeside, type Round } from '../measure/load.ts';
import { recordSingle } from '../record/single-recorder.ts';

const LANES = 8;

/** One call of a recorder. */
export type Recording = () => Promise<number>;

export const kindsOfRecording = {
  'record-multiple, 500 a call': ({ client, product }: GeneratedLedger): Recording =>
    recordMultiple(client(LANES), product.projectId, makeBatches(product)),
  'record, figures exact': ({ client, product }: GeneratedLedger): Recording => recordSingle(client(LANES), product),
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
export function recordBeside<Result>(
  record: Recording,
  callsPerSecond: number,
  work: () => Promise<Result>,
): Promise<{ result: Result; round: Round }> {
  return loadBeside({ lanes: LANES, callsPerSecond }, record, work);
}
