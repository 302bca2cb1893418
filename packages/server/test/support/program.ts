import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished, vi } from 'vitest';

const bin = fileURLToPath(new URL('../../src/cli/bin.ts', import.meta.url));

/** The program in a process of its own, as people start it. */
export interface Program {
  child: ChildProcess;
  pid: number;
  stdout(): string;
  stderr(): string;
  /** Resolves when it has ended, with its exit code (null: ended by a signal). */
  ended: Promise<number | null>;
}

/** Starts `runledger` with these words; it is killed after the test if it still runs. */
export function startProgram(words: readonly string[], environment: Record<string, string> = {}): Program {
  return started(process.execPath, [bin, ...words], environment);
}

/** Starts `runledger` through a shell that stays between, as npm does. */
export function startShell(words: string, environment: Record<string, string> = {}): Program {
  // With a second command the shell cannot replace itself by the first.
  return started('/bin/sh', ['-c', `'${process.execPath}' '${bin}' ${words}; exit $?`], environment);
}

function started(file: string, words: readonly string[], environment: Record<string, string>): Program {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('RUNLEDGER_') && name !== 'DATABASE_URL',
  );
  const child = spawn(file, words, {
    env: { ...Object.fromEntries(inherited), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].on('data', (chunk: Buffer) => {
      texts[name] += chunk.toString();
    });
  }
  return {
    child,
    pid: child.pid as number,
    stdout: () => texts.stdout,
    stderr: () => texts.stderr,
    ended: once(child, 'close').then(([code]) => code as number | null),
  };
}

/** Runs `runledger` to its end. */
export async function runProgram(
  words: readonly string[],
  environment: Record<string, string> = {},
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const program = startProgram(words, environment);
  const code = await program.ended;
  return { code, stdout: program.stdout(), stderr: program.stderr() };
}

/** Resolves with the address as soon as the server says that it answers. */
export async function addressOf(program: Program): Promise<string> {
  return vi.waitFor(
    () => {
      const address = / answers at (\S+)/.exec(program.stdout())?.[1];
      if (!address) throw new Error(`The server does not answer yet. ${program.stderr()}`);
      return address;
    },
    { timeout: 60_000, interval: 20 },
  );
}

/** Returns a place for a data directory that the database's user can enter; removed after the test. */
export function aDataDirectory(): string {
  const parent = mkdtempSync(path.join(os.tmpdir(), 'runledger-program-'));
  chmodSync(parent, 0o711);
  onTestFinished(() => rmSync(parent, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }));
  return path.join(parent, 'data');
}
