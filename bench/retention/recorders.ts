import { makeBatches, recordMultiple } from '../ingest/recorder.ts';
import type { GeneratedLedger } from '../ledger/generated-ledger.ts';
import { type LoadOptions, load } from '../measure/load.ts';
import { recordSingle } from '../record/single-recorder.ts';

const LANES = 8;

/** One call of a recorder. */
export type Recording = () => Promise<number>;

export const kindsOfRecording = {
  'record-multiple, 500 a call': ({ client, product }: GeneratedLedger): Recording =>
    recordMultiple(client(LANES), product.projectId, makeBatches(product)),
  'record, figures exact': ({ client, product }: GeneratedLedger): Recording => recordSingle(client(LANES), product),
} as const satisfies Record<string, (ledger: GeneratedLedger) => Recording>;

/** Records as fast as it goes and returns the load that is half of it. */
export async function halfLoad(
  record: Recording,
  seconds: number,
): Promise<Required<Pick<LoadOptions, 'lanes' | 'callsPerSecond'>>> {
  const { latencies } = await load({ lanes: LANES, seconds }, record);
  return { lanes: LANES, callsPerSecond: latencies.length / seconds / 2 };
}
