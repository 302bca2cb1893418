import path from 'node:path';
import { findProduct, generateProduct } from '../generate/generate-product.ts';
import type { Postgres } from '../postgres/postgres.ts';
import type { BenchProduct } from '../product/create-product.ts';
import type { Report } from '../report/report.ts';
import { type BenchLedger, freshLedger, ledgerOn, preparedDatabase } from './bench-ledger.ts';

const PRODUCT = 'Generated';

/** A ledger with one product of so many generated runs. */
export interface GeneratedLedger extends BenchLedger {
  product: BenchProduct;
}

/**
 * Starts a server on a database with a generated product of so many runs: found, where an earlier suite or run has left
 * one, else made. Each size has a database of its own, so that a small product is not measured in big tables. Disposing
 * stops the server; the database stays until its PostgreSQL goes.
 */
export async function generatedLedger(
  postgres: Postgres,
  { runs, report }: { runs: number; report: Report },
): Promise<GeneratedLedger> {
  const name = `bench_generated_${runs}`;
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
    await generateProduct(db, { runs, name: PRODUCT, onProgress: (text) => report.progress(text) });
    const product = await findProduct(db, PRODUCT);
    if (!product) throw new Error('The generated product is not there');
    return product;
  } finally {
    await db.close();
  }
}
