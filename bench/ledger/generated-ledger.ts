import { rm } from 'node:fs/promises';
import path from 'node:path';
import { BLOCK_SPAN } from '../../packages/server/src/storage/run-dimensions.ts';
import { findProduct, generateProduct } from '../generate/generate-product.ts';
import type { Postgres } from '../postgres/postgres.ts';
import type { BenchProduct } from '../product/create-product.ts';
import type { Report } from '../report/report.ts';
import { type BenchLedger, freshLedger, ledgerOn, preparedDatabase } from './bench-ledger.ts';

const PRODUCT = 'Generated';
/** Products of fewer blocks are not rounded to blocks. */
const FEW_BLOCKS = 5;

/**
 * Returns about so many runs, of which the last half block is not counted yet. Reads look at those runs themselves: with as
 * many as chance leaves, a long history could not be held against a short one. Small products stay as they are.
 */
export function endingInMidBlock(runs: number): number {
  const blocks = Math.round(runs / BLOCK_SPAN - 0.5);
  return blocks < FEW_BLOCKS ? runs : (blocks + 0.5) * BLOCK_SPAN;
}

/** A ledger with one product of so many generated runs. */
export interface GeneratedLedger extends BenchLedger {
  product: BenchProduct;
}

/**
 * Starts a server on a database with a generated product of so many runs: found, where an earlier suite or run has left
 * one, else made. Each size has a database of its own, so that a small product is not measured in big tables. Disposing
 * stops the server; the database stays until its PostgreSQL goes. One that has grown beyond its size is made anew.
 */
export async function generatedLedger(
  postgres: Postgres,
  { runs, report }: { runs: number; report: Report },
): Promise<GeneratedLedger> {
  const name = `bench_generated_${runs}`;
  await dropOvergrown(postgres, { name, runs, report });
  const product = await generatedProduct(postgres, { name, runs, report });
  const databaseUrl = (await postgres.findDatabase(name)) ?? '';
  const ledger = await ledgerOn(databaseUrl, { directory: path.join(postgres.directory, name) });
  return { ...ledger, product };
}

/**
 * The same on a copy, which may be spoilt: it is dropped in the end. It is the copy of a database of its own: one that a
 * server has run on already has an administrator, whose key lies elsewhere.
 */
export async function copiedLedger(
  postgres: Postgres,
  { runs, report }: { runs: number; report: Report },
): Promise<GeneratedLedger> {
  const copyOf = `bench_template_${runs}`;
  const product = await generatedProduct(postgres, { name: copyOf, runs, report });
  const ledger = await freshLedger(postgres, { copyOf });
  return { ...ledger, product };
}

/** A product that was recorded into until it had so many times its runs is of its size no more. */
const MOST_GROWTH = 1.2;

async function dropOvergrown(
  postgres: Postgres,
  { name, runs, report }: { name: string; runs: number; report: Report },
): Promise<void> {
  const found = await postgres.findDatabase(name);
  if (found === undefined) return;
  const db = await preparedDatabase(found);
  const [last] = await db
    .query<{ id: number | null }>('select max(test_run_id) as id from test_run')
    .finally(() => db.close());
  if ((last?.id ?? 0) <= endingInMidBlock(runs) * MOST_GROWTH) return;
  report.progress(`the product of ${runs} runs has been recorded into, and is made anew ...`);
  await postgres.dropDatabase(name);
  await rm(path.join(postgres.directory, name), { recursive: true, force: true });
}

async function generatedProduct(
  postgres: Postgres,
  { name, runs, report }: { name: string; runs: number; report: Report },
): Promise<BenchProduct> {
  const found = await postgres.findDatabase(name);
  const db = await preparedDatabase(found ?? (await postgres.createDatabase(name)));
  try {
    const existing = await findProduct(db, PRODUCT);
    if (existing) return existing;
    report.progress(`generating ${runs} runs ...`);
    const onProgress = (text: string) => report.progress(text);
    await generateProduct(db, { runs: endingInMidBlock(runs), name: PRODUCT, onProgress });
    const product = await findProduct(db, PRODUCT);
    if (!product) throw new Error('The generated product is not there');
    return product;
  } finally {
    await db.close();
  }
}
