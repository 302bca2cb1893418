import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { printTable } from '../../packages/server/src/cli/command-line.ts';
import { measuredCommit, thisMachine } from './machine.ts';
import type { Report } from './report.ts';

/** Prints the figures beside their targets, in the order measured. */
export function printReport({ figures, notes }: Report): void {
  const rows = figures.map((figure) => ({ ...figure, measured: `${figure.measured} ${figure.unit}`.trim() }));
  printTable(rows, ['where', 'figure', 'measured', 'target', 'verdict']);
  for (const note of notes) console.log(note);
}

/**
 * Writes the figures with machine, commit, PostgreSQL and options to `<suite>.json` in the folder, bench/results by
 * default; returns the file's name.
 */
export function writeReport(
  suite: string,
  report: Report,
  { options, folder = path.join(import.meta.dirname, '../results') }: { options: object; folder?: string },
): string {
  const { figures, notes, postgres } = report;
  const measuredAt = new Date().toISOString();
  const content = { suite, measuredAt, commit: measuredCommit(), machine: thisMachine(), postgres, options };
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, `${suite}.json`);
  writeFileSync(file, `${JSON.stringify({ ...content, figures, notes }, null, 2)}\n`);
  return file;
}
