import { Command } from 'commander';
import { version } from '../version.ts';
import { addDataTools } from './data-tools.ts';
import { addDoctor } from './doctor.ts';
import { addKey } from './key.ts';
import { addMigrate } from './migrate.ts';
import { addRetention } from './retention.ts';
import { addSample } from './sample.ts';
import { addServe } from './serve.ts';
import { addUser } from './user.ts';
import { addVerify } from './verify.ts';

/** Returns the command line, not yet run. A call that it does not understand is thrown, not exited on. */
export function runledgerProgram(): Command {
  const program = new Command('runledger')
    .description('A self-hosted ledger of test runs that speaks the public Spira REST API.')
    .version(version)
    .configureHelp({ helpWidth: 120 })
    // Inherited by the commands added below.
    .exitOverride()
    .showHelpAfterError('(--help shows what there is)');
  for (const add of [
    addServe,
    addMigrate,
    addUser,
    addKey,
    addSample,
    addDataTools,
    addRetention,
    addVerify,
    addDoctor,
  ])
    add(program);
  return program;
}
