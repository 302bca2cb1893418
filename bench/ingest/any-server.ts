import { load } from '../measure/load.ts';
import { median, percentile } from '../measure/percentile.ts';
import type { AnyServer } from '../options.ts';
import { createProduct } from '../product/create-product.ts';
import { addErrors } from '../report/error-figures.ts';
import { SpiraClient } from '../spira/spira-client.ts';
import type { Bench } from '../suite.ts';
import { makeBatches, recordMultiple } from './recorder.ts';

/** Measures `record-multiple` of any server that speaks the Spira face, by public calls alone. */
export async function anyServer({ options, report }: Bench, server: AnyServer): Promise<void> {
  const client = new SpiraClient({ ...server, connections: 8 });
  try {
    report.progress(`Creating the product on ${server.url} ...`);
    const product = await createProduct(client, { ...options, existing: server.projectId });
    const record = recordMultiple(client, product.projectId, makeBatches(product));
    for (const lanes of [1, 8]) {
      report.progress(`${lanes} connection(s), ${options.rounds} rounds ...`);
      const rounds = [];
      for (let round = 0; round < options.rounds; round += 1) {
        rounds.push(await load({ lanes, seconds: options.seconds }, record));
      }
      const latencies = rounds.flatMap((round) => round.latencies);
      const add = report.under(`${server.url}, ${lanes} connection(s)`);
      add('record-multiple', median(rounds.map((round) => round.perSecond)), { unit: 'runs/s' });
      add('p50 of a call of 500', percentile(latencies, 0.5), { unit: 'ms' });
      add('p99 of a call of 500', percentile(latencies, 0.99), { unit: 'ms' });
      addErrors(add, rounds);
    }
  } finally {
    client.close();
  }
}
