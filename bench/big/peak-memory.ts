import { readFile } from 'node:fs/promises';
import type { LedgerProcess } from '../../packages/server/test/support/ledger-process.ts';
import { type BenchLedger, freshLedger } from '../ledger/bench-ledger.ts';
import { createProduct } from '../product/create-product.ts';
import type { AddFigure, Report } from '../report/report.ts';
import { atMost } from '../report/target.ts';
import type { Bench } from '../suite.ts';
import { largeBodies } from './large-bodies.ts';

export const MEBIBYTE = 1_048_576;

/** Sends each of the large bodies to a server of its own, that has answered nothing before. */
export async function peakMemoryOfLargeCalls({ report, postgres, options }: Bench): Promise<void> {
  report.progress('starting a server for each large body and creating the product ...');
  await using ledger = await freshLedger(await postgres.embedded(), { processes: largeBodies.length + 1 });
  const product = await createProduct(ledger.client(1), options);
  const path = `projects/${product.projectId}/test-runs/record-multiple`;
  const bytes = (options.isShort ? 8 : 64) * MEBIBYTE;
  for (const [at, { what, make }] of largeBodies.entries()) {
    const body = make(product, bytes);
    report.progress(`sending ${what} ...`);
    const seconds = await sent(ledger, { server: at + 1, path, body });
    const add = report.under(`${Math.round(body.length / MEBIBYTE)} MiB, ${what}`);
    await addPeak(report, add, { server: ledger.servers[at + 1], body });
    add('time until all of the answer is there', seconds, { unit: 's' });
  }
  report.note('A server that was just started takes about 160 MiB; this is part of its peak.');
}

async function sent(
  ledger: BenchLedger,
  { server, path, body }: { server: number; path: string; body: Buffer },
): Promise<number> {
  const startedAt = performance.now();
  await ledger.client(1, server).record(path, body);
  return (performance.now() - startedAt) / 1_000;
}

/** Adds the most memory that a server has had at once, and how many times a body that is. */
export async function addPeak(
  report: Report,
  add: AddFigure,
  { server, body }: { server: LedgerProcess | undefined; body?: Buffer },
): Promise<void> {
  const peak = await peakBytes(server?.process.pid);
  if (peak === undefined) {
    report.note('Peak memory is read from /proc, which this machine does not have.');
    return;
  }
  if (body) add('peak memory of the server / body', peak / body.length, { target: atMost(6) });
  add('peak memory of the server', peak / MEBIBYTE, { unit: 'MiB' });
}

/** Undefined where no file tells it. */
async function peakBytes(pid: number | undefined): Promise<number | undefined> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kibibytes = /VmHWM:\s+(\d+) kB/.exec(status)?.[1];
  return kibibytes === undefined ? undefined : Number(kibibytes) * 1_024;
}
