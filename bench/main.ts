import { Command, InvalidArgumentError } from 'commander';
import { benchOptions, countFrom, type GivenOptions } from './options.ts';
import { PostgresServers } from './postgres/servers.ts';
import { Report } from './report/report.ts';
import { printReport, writeReport } from './report/write-report.ts';
import type { Suite } from './suite.ts';
import { suites } from './suites.ts';

/** Lets commander say what is wrong with an argument. */
const read =
  <Value>(reader: (text: string) => Value) =>
  (text: string): Value => {
    try {
      return reader(text);
    } catch (error) {
      throw new InvalidArgumentError((error as Error).message);
    }
  };
const number = read((text) => {
  const value = Number(text);
  if (text.trim() === '' || !(value > 0)) throw new Error('It must be a number above 0.');
  return value;
});

const program = new Command('npm run bench --')
  .description('Measures the ledger. Every speed target is a ratio of two sides that take turns in one run.')
  .argument(
    '[suites...]',
    `which of them, all by default:\n${suites.map(({ name, shows }) => `${name}: ${shows}`).join('\n')}`,
  )
  .option('--short', 'only show that every suite still runs, in seconds; nothing is written, speeds are not judged')
  .option('--seconds <number>', 'length of a round', number)
  .option('--rounds <number>', 'rounds of each side', number)
  .option(
    '--sizes <list>',
    'runs in the products whose growth is looked at, such as 100k,1M,10M',
    read((text) => text.split(',').map(countFrom)),
  )
  .option('--database-url <url>', 'external PostgreSQL on which databases are made and dropped (or DATABASE_URL)')
  .option('--keep <directory>', 'keep generated ledgers there, and use those found there')
  .option('--url <url>', 'measure this server instead, over the wire alone')
  .option('--user <login>', 'who records there')
  .option('--key <key>', 'their API key')
  .option('--project <id>', 'record in this product instead of a new one', read(countFrom))
  .action(runSuites);

async function runSuites(names: readonly string[], given: GivenOptions): Promise<void> {
  const options = benchOptions(given);
  const asked =
    names.length > 0 ? names.map(suiteCalled) : suites.filter((suite) => !options.server || suite.measuresAnyServer);
  await using postgres = new PostgresServers(options);
  for (const suite of asked) {
    if (options.server && !suite.measuresAnyServer)
      throw new Error(`${suite.name} cannot measure a server by its --url`);
    const report = new Report(suite.name, options);
    report.progress(suite.shows);
    await suite.run({ options, report, postgres });
    printReport(report);
    if (!options.isShort && !options.server) console.log(`Written to ${writeReport(suite.name, report, { options })}`);
    if (report.isBroken) process.exitCode = 1;
  }
}

function suiteCalled(name: string): Suite {
  const suite = suites.find((candidate) => candidate.name === name);
  if (!suite) throw new Error(`There is no suite ${name}; there are: ${suites.map((known) => known.name).join(', ')}`);
  return suite;
}

await program.parseAsync();
