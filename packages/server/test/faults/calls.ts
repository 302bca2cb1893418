import { randomBytes } from 'node:crypto';
import type { CallWords } from './caller.ts';
import type { FaultProduct } from './product.ts';

/** One record, a list of records, or a list of manual runs. */
export type CallKind = 'single' | 'bulk' | 'manual';

/** A call as its client knows it. */
export interface Call {
  product: FaultProduct;
  kind: CallKind;
  /** In the name of each of its runs, so that they are found again. */
  name: string;
  /** Sent again until it is acknowledged, with its name as Idempotency-Key. */
  isRepeated: boolean;
  isAcknowledged: boolean;
  /** As acknowledged. */
  runIds: number[];
  /** Of its run, where it is a single one. */
  deletion: 'none' | 'asked' | 'acknowledged';
}

/** How many runs a call has, and how many steps each of them. */
export const shapes: Readonly<Record<CallKind, { runs: number; steps: number }>> = {
  single: { runs: 1, steps: 1 },
  bulk: { runs: 20, steps: 0 },
  manual: { runs: 2, steps: 2 },
};

/** Returns what is sent. */
export function wordsOf(call: Call, messageBytes: number): CallWords {
  const { kind, product, name, isRepeated } = call;
  const runs = Array.from({ length: shapes[kind].runs }, (_, position) => ({
    Name: name,
    TestCaseId: product.testCaseIds[(name.length + position) % product.testCaseIds.length],
    ReleaseId: product.releaseId,
    StartDate: '2026-02-03T10:00:00Z',
    EndDate: '2026-02-03T10:00:01Z',
    TestRunSteps: Array.from({ length: shapes[kind].steps }, (_step, index) => ({
      ExecutionStatusId: index === 0 ? 2 : 1,
      Position: index + 1,
    })),
    ...(kind === 'manual' ? {} : automated(position, messageBytes)),
  }));
  const path = `projects/${product.projectId}/test-runs`;
  const headers: Record<string, string> = isRepeated ? { 'idempotency-key': `fault-${product.projectId}-${name}` } : {};
  if (kind === 'manual') return { method: 'PUT', path, body: runs, headers };
  if (kind === 'bulk') return { method: 'POST', path: `${path}/record-multiple`, body: runs, headers };
  return { method: 'POST', path: `${path}/record`, body: runs[0], headers };
}

/** Returns what is sent to delete the run of a single call. */
export function deletionOf({ product, runIds }: Call): CallWords {
  return { method: 'DELETE', path: `projects/${product.projectId}/test-runs/${runIds[0]}` };
}

function automated(position: number, messageBytes: number) {
  return {
    ExecutionStatusId: position % 7 === 0 ? 1 : 2,
    RunnerName: 'Faults',
    RunnerTestName: `case ${position}`,
    RunnerMessage: messageBytes > 0 ? randomBytes(messageBytes / 2).toString('hex') : '',
    RunnerStackTrace: '',
  };
}
