import type { Command } from 'commander';
import { previewRetention } from '../commands/apply-retention.ts';
import { changeRetention } from '../commands/change-retention.ts';
import { findRetention } from '../storage/retention-settings.ts';
import { administrator, print, withLedger, withOptions } from './command-line.ts';
import { idFrom, projectIdOf } from './lookups.ts';

/** `retention`: how long the runs of a product are kept. */
export function addRetention(program: Command): void {
  const retention = program.command('retention').description('How long the test runs of a product are kept.');
  const show = retention.command('show <product>').description('Show it.');
  withOptions(show, 'shared').action((product: string) =>
    withLedger(show, async ({ db }) => {
      const { keepDays } = (await findRetention(db, await projectIdOf(db, product))) ?? { keepDays: null };
      print(keepDays === null ? 'All test runs are kept.' : `Test runs are kept for ${keepDays} days.`);
    }),
  );
  const set = retention
    .command('set <product> <days>')
    .description('Keep test runs for so many days, or for ever (off). The nightly round deletes older ones.');
  withOptions(set, 'shared').action((product: string, days: string) =>
    withLedger(set, async ({ db }) => {
      const keepDays = days === 'off' ? null : idFrom(days, 'number of days');
      await changeRetention({ db, actor: administrator }, await projectIdOf(db, product), { keepDays });
    }),
  );
  const preview = retention
    .command('preview <product> <days>')
    .description('Say how many test runs would be deleted now if they were kept for so many days.');
  withOptions(preview, 'shared').action((product: string, days: string) =>
    withLedger(preview, async ({ db, command }) => {
      const projectId = await projectIdOf(db, product);
      print(`${await previewRetention(command, projectId, idFrom(days, 'number of days'))} test runs`);
    }),
  );
}
