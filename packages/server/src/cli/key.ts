import type { Command } from 'commander';
import { createApiKey, revokeApiKey } from '../commands/api-keys.ts';
import type { Ledger } from '../compose.ts';
import { listApiKeys } from '../views/api-keys.ts';
import { administrator, print, printTable, withLedger, withOptions } from './command-line.ts';
import { idFrom, userIdOf } from './lookups.ts';

/** `key`: the API keys that users and tools sign in with. */
export function addKey(program: Command): void {
  const key = program.command('key').description('Make, list and revoke API keys.');
  const create = key
    .command('create <login>')
    .description('Make an API key for a user and print it. It cannot be shown again: only its hash is kept.')
    .option('--label <text>', 'what the key is for');
  withOptions(create, 'shared').action((login: string, { label }: { label?: string }) =>
    withLedger(create, async ({ command, db }) => {
      const userId = await userIdOf(db, login);
      const made = await createApiKey({ ...command, actor: administrator }, { userId, label: label ?? '' });
      // The key alone goes to standard output, so that it can be piped into a file or a secret store.
      process.stderr.write(`Key ${made.apiKeyId} for ${login}, shown this once:\n`);
      print(made.key);
    }),
  );
  const list = key.command('list [login]').description('List API keys by their last four characters.');
  withOptions(list, 'shared').action((login?: string) => withLedger(list, (ledger) => listKeys(ledger, login)));
  const revoke = key.command('revoke <id>').description('Let nobody in by this key any more (its id: "key list").');
  withOptions(revoke, 'shared').action((id: string) =>
    withLedger(revoke, async ({ command }) => {
      const apiKeyId = idFrom(id, 'key');
      await revokeApiKey({ ...command, actor: administrator }, apiKeyId);
      print(`Key ${apiKeyId} is revoked.`);
    }),
  );
}

async function listKeys({ db }: Ledger, login: string | undefined): Promise<void> {
  const keys = await listApiKeys(db, login === undefined ? undefined : await userIdOf(db, login));
  const rows = keys.toReversed().map((key) => ({
    id: key.apiKeyId,
    login: key.login,
    key: `...${key.hint}`,
    label: key.label,
    created: key.createdAt,
    revoked: key.revokedAt,
  }));
  printTable(rows, ['id', 'login', 'key', 'label', 'created', 'revoked']);
}
