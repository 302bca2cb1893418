import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';

export interface Report {
  suite: string;
  /** Version of the PostgreSQL that was used, as it says itself. */
  postgres: string;
  rows: readonly Record<string, string | number>[];
}

/** Prints the rows as a table and writes them with machine and commit to bench/results; returns the file's name. */
export function report({ suite, postgres, rows }: Report): string {
  console.table(rows);
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  const [cpu] = os.cpus();
  const machine = {
    cpu: cpu?.model ?? 'unknown',
    cores: os.cpus().length,
    memoryGiB: Math.round(os.totalmem() / 2 ** 30),
    node: process.version,
  };
  const folder = new URL('./results/', import.meta.url);
  mkdirSync(folder, { recursive: true });
  const file = new URL(`${suite}.json`, folder);
  writeFileSync(
    file,
    `${JSON.stringify({ suite, measuredAt: new Date().toISOString(), commit, machine, postgres, rows }, null, 2)}\n`,
  );
  return file.pathname;
}
