import { Argument, Command } from 'commander';
import { positiveNumber, read } from './arguments.ts';
import { addGenerate } from './generate/command.ts';
import { Interrupted, interruption } from './interruption.ts';
import { type BenchOptions, benchOptions, countFrom, type GivenOptions } from './options.ts';
import { PostgresServers } from './postgres/servers.ts';
import { Report } from './report/report.ts';
import { printReport, writeReport } from './report/write-report.ts';
import type { Suite } from './suite.ts';
import { suites } from './suites.ts';

const names = new Argument(
  '[suites...]',
  `which of them, all by default:\n${suites.map(({ name, shows }) => `${name}: ${shows}`).join('\n')}`,
).choices(suites.map(({ name }) => name));

const program = new Command('npm run bench --')
  // So that `generate` can have options of the same names.
  .enablePositionalOptions()
  .description('Measures the ledger. Every speed target is a ratio of two sides that take turns in one run.')
  .addArgument(names)
  .option('--short', 'only show that every suite still runs, in seconds; nothing is written, speeds are not judged')
  .option('--seconds <number>', 'length of a round', positiveNumber)
  .option('--rounds <number>', 'rounds of each side', positiveNumber)
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
  .action(async (asked: string[], given: GivenOptions) => runSuites(asked, optionsOf(given)));
addGenerate(program);

function optionsOf(given: GivenOptions): BenchOptions {
  try {
    return benchOptions(given);
  } catch (error) {
    return program.error(`error: ${(error as Error).message}`);
  }
}

async function runSuites(asked: readonly string[], options: BenchOptions): Promise<void> {
  const possible = options.server ? suites.filter((suite) => suite.measuresAnyServer) : suites;
  const chosen = possible.filter(({ name }) => asked.length === 0 || asked.includes(name));
  if (chosen.length < asked.length) {
    program.error(`error: --url is for ${possible.map(({ name }) => name).join(', ')}`);
  }
  await using postgres = new PostgresServers(options);
  const running = (async () => {
    for (const suite of chosen) await runSuite(suite, options, postgres);
  })();
  await Promise.race([running, interruption()]);
}

async function runSuite(suite: Suite, options: BenchOptions, postgres: PostgresServers): Promise<void> {
  const report = new Report(suite.name, options);
  report.progress(suite.shows);
  await suite.run({ options, report, postgres });
  printReport(report);
  // Another server's figures are not ours.
  if (!options.isShort && !options.server)
    console.log(`Written to ${writeReport(suite.name, report, { options: comparable(options) })}`);
  if (report.isBroken) process.exitCode = 1;
}

/** What somebody needs to measure the same again; addresses and keys are no business of those who read the report. */
function comparable({ seconds, rounds, sizes }: BenchOptions): Partial<BenchOptions> {
  return { seconds, rounds, sizes };
}

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof Interrupted)) throw error;
  // What it had started is gone; what it was waiting for never comes.
  process.exit(130);
}
