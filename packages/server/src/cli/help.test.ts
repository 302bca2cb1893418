import type { Command } from 'commander';
import { expect, test } from 'vitest';
import { options } from '../config/options.ts';
import { runledgerProgram } from './program.ts';

/** Returns the help of a command and of all below it. */
function helpOf(command: Command, path = command.name()): string {
  const below = command.commands.map((sub) => helpOf(sub, `${path} ${sub.name()}`));
  return [`$ ${path} --help\n${command.helpInformation()}`, ...below].join('\n');
}

test('the help says what help.txt says', async () => {
  await expect(helpOf(runledgerProgram())).toMatchFileSnapshot('./help.txt');
});

test('serve takes every option, with its flag, default and variable', () => {
  const serve = runledgerProgram().commands.find((command) => command.name() === 'serve');
  const flags = serve?.options.map(({ long }) => long);
  expect(flags).toEqual(Object.values(options).map(({ flag }) => flag));
});

test.each([
  ['an unknown flag', ['serve', '--prot', '1'], /unknown option '--prot'/],
  ['an unknown command', ['server'], /unknown command 'server'/],
  ['a flag without its value', ['serve', '--port'], /argument missing/],
  ['more arguments than there are', ['user', 'list', 'x'], /too many arguments/],
])('%s is refused and named', async (_what, words, expected) => {
  const program = runledgerProgram();
  silence(program);
  await expect(program.parseAsync(words, { from: 'user' })).rejects.toThrow(expected);
});

function silence(command: Command): void {
  command.configureOutput({ writeErr: () => {} });
  for (const sub of command.commands) silence(sub);
}
