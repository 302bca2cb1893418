import type { Command } from 'commander';
import type { Ledger } from '../compose.ts';
import { loadSample, SAMPLE_NAME } from '../sample/load-sample.ts';
import { print, withLedger, withOptions } from './command-line.ts';

/** `sample`: loads the sample product on request. */
export function addSample(program: Command): void {
  const command = program
    .command('sample')
    .description('Load the sample product, beside other products where there are some.');
  withOptions(command, 'shared').action(() => withLedger(command, (ledger) => load(ledger, { besideOthers: true })));
}

/** Loads the sample product into a ledger that has no product yet; a load that was cut short is made up for. */
export async function loadSampleIfEmpty(ledger: Ledger): Promise<void> {
  await load(ledger, { besideOthers: false });
}

async function load({ command, db }: Ledger, options: { besideOthers: boolean }): Promise<void> {
  const [known] = await db.query('select from project limit 1');
  if (!known || options.besideOthers) print(`Loading the sample product "${SAMPLE_NAME}" ...`);
  const outcome = await loadSample(command, { ...options, now: command.now() });
  if (outcome.loaded)
    print(`It has ${outcome.runs} test runs; loading took ${(outcome.durationMs / 1000).toFixed(1)} s.`);
  else if (!known || options.besideOthers) print(outcome.reason);
}
