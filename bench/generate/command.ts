import type { Command } from 'commander';
import { read } from '../arguments.ts';
import { preparedDatabase } from '../ledger/bench-ledger.ts';
import { countFrom } from '../options.ts';
import { generateProduct } from './generate-product.ts';

interface GivenOptions {
  runs: number;
  days: number;
  databaseUrl: string;
  name: string;
}

/** `generate`: puts a product with many runs into the database of a ledger, for people who want to look at one. */
export function addGenerate(program: Command): void {
  program
    .command('generate')
    .description('Generate a product with many runs, straight into a database of a ledger.')
    .requiredOption('--database-url <url>', 'the database; it is brought to the schema of this version')
    .option('--runs <count>', 'such as 10k, 100k, 1M or 10M', read(countFrom), 100_000)
    .option('--days <count>', 'over how many days until now', read(countFrom), 120)
    .option('--name <name>', 'of the product', 'Generated')
    .action(generate);
}

async function generate({ runs, days, databaseUrl, name }: GivenOptions): Promise<void> {
  const startedAt = performance.now();
  const onProgress = (text: string) =>
    console.log(`${((performance.now() - startedAt) / 1_000).toFixed(1).padStart(7)} s  ${text}`);
  const db = await preparedDatabase(databaseUrl);
  try {
    const projectId = await generateProduct(db, { runs, days, name, onProgress });
    onProgress(`product ${projectId} is ready`);
  } finally {
    await db.close();
  }
}
