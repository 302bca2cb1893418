import type { Bench } from '../suite.ts';
import { type GeneratedLedger, generatedLedger } from './generated-ledger.ts';

/** Does something with ledgers of all sizes that were asked for, all running at once, so that they can take turns. */
export async function withLedgersOfSizes(
  { options, report, postgres }: Bench,
  work: (ledgers: ReadonlyMap<number, GeneratedLedger>) => Promise<void>,
): Promise<void> {
  const embedded = await postgres.embedded();
  report.usesPostgres(embedded.version);
  await using stack = new AsyncDisposableStack();
  const ledgers = new Map<number, GeneratedLedger>();
  for (const runs of options.sizes) ledgers.set(runs, stack.use(await generatedLedger(embedded, { runs, report })));
  await work(ledgers);
}
