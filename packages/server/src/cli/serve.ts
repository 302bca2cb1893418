import path from 'node:path';
import type { Command } from 'commander';
import { type Ledger, openLedger, type Server, startServer } from '../compose.ts';
import { hostsOf } from '../storage/database-hosts.ts';
import { version } from '../version.ts';
import { type AdministratorKey, ensureAdministratorKey } from './administrator-key.ts';
import { administrator, configOf, print, withOptions } from './command-line.ts';
import { programLog } from './program-log.ts';
import { loadSampleIfEmpty } from './sample.ts';
import { stopSignal } from './stop-signal.ts';

export function addServe(program: Command): void {
  const command = program.command('serve').description('Start the server. Ctrl-C stops it.');
  withOptions(command, 'all').action(() => serve(command));
}

/** Serves until it is told to stop; everything is closed again when it returns. */
async function serve(command: Command): Promise<void> {
  const stop = stopSignal();
  const config = configOf(command);
  const log = programLog(config);
  await using ledger = await openLedger({ config, log, isServer: true });
  const key = await ensureAdministratorKey(ledger.db, keyFile(ledger));
  if (config.sample) await loadSampleIfEmpty(ledger);
  await using server = await startServer(ledger, version);
  print(startMessage(ledger, server, key));
  log.info({ address: server.address, version }, 'listening');
  log.info({ reason: await stop }, 'stopping');
}

function keyFile({ config, dataDirectory }: Ledger): string {
  return path.resolve(config.adminKeyFile ?? path.join(dataDirectory, 'administrator.key'));
}

function startMessage({ config, dataDirectory, embedded }: Ledger, { address }: Server, key: AdministratorKey): string {
  const database = embedded
    ? `embedded PostgreSQL in ${dataDirectory}${embedded.adopted ? ' (was still running, adopted)' : ''}`
    : `external PostgreSQL (${hostOf(config.databaseUrl ?? '')})`;
  const keyLine = key.isValid
    ? key.file
    : `made before; not in ${key.file}. Make another with: npm run runledger -- key create ${administrator.login}`;
  return [
    '',
    `Runledger ${version} answers at ${config.baseUrl ?? address}`,
    '',
    `  Spira REST address  ${config.baseUrl ?? address}/Services/v7_0/RestService.svc`,
    `  Administrator       ${administrator.login}`,
    `  API key             ${keyLine}`,
    `  Database            ${database}`,
    '',
    '  Ctrl-C stops it.',
    '',
  ].join('\n');
}

/** Without user and password. */
function hostOf(databaseUrl: string): string {
  const urls = hostsOf(databaseUrl).map((host) => new URL(host));
  return `${urls.map(({ host }) => host).join(',')}${urls[0]?.pathname ?? ''}`;
}
