import { type Command, Option as CommanderOption } from 'commander';
import { type Ledger, openLedger } from '../compose.ts';
import { helpOf } from '../config/describe-options.ts';
import { type Config, type Option, type OptionName, options } from '../config/options.ts';
import { readConfig } from '../config/read-config.ts';
import type { Actor } from '../domain/actor.ts';
import { BUILT_IN_ADMINISTRATOR } from '../domain/actor.ts';
import { programLog } from './program-log.ts';

/** Adds the declared options to a command: all of them, or those that every command on the database takes. */
export function withOptions(command: Command, which: 'all' | 'shared'): Command {
  for (const option of Object.values<Option<unknown>>(options)) {
    if (which === 'shared' && !option.isShared) continue;
    command.addOption(new CommanderOption(`${option.flag} ${option.kind.placeholder}`, helpOf(option)));
  }
  return command;
}

/** Returns the checked configuration of a command that was called. */
export function configOf(command: Command): Config {
  const flags = command.optsWithGlobals<Partial<Record<OptionName, string>>>();
  const known = Object.fromEntries(Object.entries(flags).filter(([name]) => name in options));
  return readConfig({ flags: known, environment: process.env });
}

/** The command line acts as the built-in administrator: whoever may read the data directory may do anything anyway. */
export const administrator: Actor = {
  userId: BUILT_IN_ADMINISTRATOR,
  login: 'administrator',
  isSystemAdmin: true,
};

/** Runs some work on an open ledger beside whatever server is running, and closes it again. */
export async function withLedger<Result>(command: Command, work: (ledger: Ledger) => Promise<Result>): Promise<Result> {
  const config = configOf(command);
  // A command prints its own result; of the log only what went wrong is of interest.
  const level = config.logLevel === 'info' ? 'warn' : config.logLevel;
  await using ledger = await openLedger({ config, log: programLog({ ...config, logLevel: level }), isServer: false });
  return await work(ledger);
}

export const print = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

/** Prints rows under a heading, in columns. */
export function printTable(rows: readonly Readonly<Record<string, unknown>>[], columns: readonly string[]): void {
  const cells = [columns, ...rows.map((row) => columns.map((column) => shown(row[column])))];
  const widths = columns.map((_, index) => Math.max(...cells.map((line) => line[index]?.length ?? 0)));
  for (const line of cells)
    print(
      line
        .map((cell, index) => cell.padEnd(widths[index] ?? 0))
        .join('  ')
        .trimEnd(),
    );
}

function shown(value: unknown): string {
  if (value === null || value === undefined) return '-';
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return String(value);
}
