import type { Command } from 'commander';
import { print, withLedger, withOptions } from './command-line.ts';

export function addMigrate(program: Command): void {
  const command = program
    .command('migrate')
    .description('Bring the schema of the database up to date. The server does so by itself when it starts.');
  withOptions(command, 'shared').action(() =>
    withLedger(command, async ({ appliedMigrations, db }) => {
      const [last] = await db.query<{ number: number; name: string }>(
        'select number, name from schema_migration order by number desc limit 1',
      );
      print(`${appliedMigrations.length} steps applied; the schema is at step ${last?.number} (${last?.name}).`);
    }),
  );
}
