#!/usr/bin/env node
import { CommanderError } from 'commander';
import { ConfigError } from '../config/read-config.ts';
import { DomainError } from '../domain/errors.ts';
import { exitCodes, StartupError } from '../storage/startup-error.ts';
import { runledgerProgram } from './program.ts';

try {
  await runledgerProgram().parseAsync();
} catch (error) {
  process.exitCode = reported(error);
}

/** Tells the person at the terminal and returns the exit code; only what nobody foresaw comes with a stack. */
function reported(error: unknown): number {
  // Commander has already printed it; asking for help is not an error.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCodes.configuration;
  if (error instanceof ConfigError || error instanceof StartupError) {
    process.stderr.write(`runledger: ${error.message}\n`);
    return error.exitCode;
  }
  if (error instanceof DomainError) {
    process.stderr.write(`runledger: ${error.message}\n`);
    return exitCodes.failure;
  }
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  return exitCodes.failure;
}
