import { againstCeilings } from './ingest/against-ceilings.ts';
import { anyServer } from './ingest/any-server.ts';
import { refreshModes } from './ingest/refresh-modes.ts';
import { freshLedger } from './ledger/bench-ledger.ts';
import type { Postgres } from './postgres/postgres.ts';
import { createProduct } from './product/create-product.ts';
import type { Bench, Suite } from './suite.ts';

export const ingest: Suite = {
  name: 'ingest',
  shows: 'how near record-multiple, 500 runs a call, comes to what the database alone can store',
  measuresAnyServer: true,
  run: async (bench) => {
    const { options, report, postgres } = bench;
    if (options.server) return anyServer(bench, options.server);
    await ingestOn(bench, await postgres.embedded());
    const external = await postgres.external();
    if (external) await ingestOn(bench, external);
    else report.note('There is no external PostgreSQL: name one with --database-url, or install one.');
  },
};

async function ingestOn(bench: Bench, postgres: Postgres): Promise<void> {
  const { options, report } = bench;
  report.usesPostgres(postgres.version);
  report.progress(`${postgres.kind}: starting a ledger and creating the product ...`);
  await using ledger = await freshLedger(postgres);
  const product = await createProduct(ledger.client(1), options);
  await againstCeilings(bench, { ledger, product, where: postgres.kind });
  await refreshModes(bench, { ledger, product, where: postgres.kind });
}
