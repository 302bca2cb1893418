import type { BenchProduct } from '../product/create-product.ts';
import { makeRuns, type RunBody } from '../product/run-bodies.ts';
import type { SpiraClient } from '../spira/spira-client.ts';

/** Runs in one call. */
export const BATCH = 500;
/** Different bodies, so that no call repeats the last one; made before the clock runs. */
const BATCHES = 16;

/** Returns the batches of runs that every side of a comparison records in turn. */
export function makeBatches(product: BenchProduct): RunBody[][] {
  return Array.from({ length: BATCHES }, (_, seed) => makeRuns(product, BATCH, seed));
}

/** Returns a function that hands the items out one after the other, again and again. */
export function inRotation<Item>(items: readonly Item[]): () => Item {
  let given = 0;
  return () => items[given++ % items.length]!;
}

/** Where the batches of a product are posted to. */
export const recordMultiplePath = (projectId: number) => `projects/${projectId}/test-runs/record-multiple`;

/** Returns a call of `record-multiple`, which answers with how many runs it recorded. */
export function recordMultiple(
  client: SpiraClient,
  projectId: number,
  batches: readonly RunBody[][],
): () => Promise<number> {
  const path = recordMultiplePath(projectId);
  const nextBody = inRotation(batches.map((batch) => Buffer.from(JSON.stringify(batch))));
  return async () => {
    await client.record(path, nextBody());
    return BATCH;
  };
}
