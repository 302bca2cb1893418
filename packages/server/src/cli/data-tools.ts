import type { Command } from 'commander';
import { requestDataTool } from '../commands/request-data-tool.ts';
import type { Ledger } from '../compose.ts';
import { dataTool, dataTools } from '../domain/data-tools.ts';
import { activeProjects } from '../storage/changes.ts';
import { administrator, print, printTable, withLedger, withOptions } from './command-line.ts';
import { idFrom, projectIdOf } from './lookups.ts';

interface RunOptions {
  product?: string;
  release?: string;
}

/** `data-tools`: what the Data Tools page offers, for scripts. */
export function addDataTools(program: Command): void {
  const tools = program.command('data-tools').description('List and run the data tools.');
  tools
    .command('list')
    .description('List the data tools.')
    .action(() => {
      for (const { name, scope, description } of dataTools) print(`${name} (${scope})\n    ${description}`);
    });
  const run = tools
    .command('run <tool>')
    .description('Run a data tool and wait for its end. Exits with 1 if it fails.')
    .option('--product <id or name>', 'only this product; without it, all active ones')
    .option('--release <id>', 'only this release and those above it, where the tool takes one');
  withOptions(run, 'shared').action((tool: string, options: RunOptions) =>
    withLedger(run, (ledger) => runTool(ledger, tool, options)),
  );
}

async function runTool(ledger: Ledger, tool: string, { product, release }: RunOptions): Promise<void> {
  const { command, refreshSettings, background, db } = ledger;
  const releaseId = release === undefined ? null : idFrom(release, 'release');
  const isSystemTool = dataTool(tool)?.scope === 'system';
  const all = isSystemTool ? null : await activeProjects(db, 'all');
  const projectIds = product === undefined ? all : [await projectIdOf(db, product)];
  const context = { ...command, refreshSettings, jobs: background.jobs, actor: administrator };
  const jobIds = await requestDataTool(context, { tool, projectIds, releaseId });
  const ended = await Promise.all(jobIds.map((jobId) => background.jobs.ended(jobId)));
  const rows = ended.map(({ jobId, state, rowsChanged, error }, index) => ({
    job: jobId,
    product: projectIds?.[index],
    state,
    'rows changed': rowsChanged,
    error,
  }));
  printTable(rows, ['job', 'product', 'state', 'rows changed', 'error']);
  if (ended.some(({ state }) => state !== 'done')) process.exitCode = 1;
}
