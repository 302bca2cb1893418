import { execFileSync } from 'node:child_process';
import os from 'node:os';

/** What figures depend on besides the program. */
export interface Machine {
  cpu: string;
  cores: number;
  memoryGiB: number;
  system: string;
  node: string;
}

/** Returns the machine that this runs on. */
export function thisMachine(): Machine {
  const cores = os.cpus();
  return {
    cpu: cores[0]?.model.trim() ?? 'unknown',
    cores: cores.length,
    memoryGiB: Math.round(os.totalmem() / 2 ** 30),
    system: `${os.type()} ${os.release()}`,
    node: process.version,
  };
}

/**
 * Returns the commit that is measured, marked when files differ from it; `unknown` outside a clone. Results of suites that
 * ran before are no difference.
 */
export function measuredCommit(): string {
  try {
    const commit = git('rev-parse', '--short', 'HEAD');
    const changed = git('status', '--porcelain', '--', ':/', ':(exclude,top)bench/results');
    return changed === '' ? commit : `${commit}-dirty`;
  } catch {
    return 'unknown';
  }
}

const git = (...words: string[]) =>
  execFileSync('git', words, {
    cwd: import.meta.dirname,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim();
