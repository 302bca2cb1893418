import { mkdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startEmbedded } from '../../src/storage/engines/embedded.ts';
import { aDataDirectory } from '../support/ledger-process.ts';
import { ownPostgres } from '../support/own-postgres.ts';
import type { Fault, FaultOptions } from './fault.ts';
import { type Doings, type UnderFault, underLoad } from './ledger-under-fault.ts';
import { type SmallDisk, withSmallDisk } from './small-disk.ts';

const DISK_MIB = 700;
/** What the server keeps free. */
const RESERVE_MIB = 64;
const MESSAGE_BYTES = 50_000;

export const fullDisk: Fault = {
  name: 'full-disk',
  title: 'the disk of the embedded database becomes full by recording; then space is given back',
  run: (options) =>
    withSmallDisk(DISK_MIB, (disk) => {
      const directory = path.join(disk.directory, 'data');
      mkdirSync(directory, { mode: 0o711 });
      const open = async () => startEmbedded({ dataDirectory: directory, isServer: false });
      return underLoad({ directory, messageBytes: MESSAGE_BYTES, open }, (under) =>
        filled(under, { disk, leftMiB: RESERVE_MIB + 24 }, options),
      );
    }),
};

/** No server knows the disk of an external database: there PostgreSQL itself says that nothing fits any more. */
export const fullExternalDisk: Fault = {
  name: 'full-external-disk',
  title: 'the disk of an external PostgreSQL becomes full, its log (WAL) being elsewhere; then space is given back',
  run: (options) =>
    withSmallDisk(DISK_MIB, async (disk) => {
      const directory = path.join(disk.directory, 'data');
      mkdirSync(directory, { mode: 0o711 });
      const logDirectory = await aDataDirectory();
      const postgres = await ownPostgres(directory, { logDirectory });
      try {
        const { connectionString: databaseUrl } = postgres;
        const open = async () => ({ connectionString: databaseUrl, close: async () => {} });
        const setting = { databaseUrl, messageBytes: MESSAGE_BYTES, open };
        return await underLoad(setting, (under) => filled(under, { disk, leftMiB: 24 }, options));
      } finally {
        await postgres.stop();
        await rm(logDirectory, { recursive: true, force: true });
      }
    }),
};

async function filled(
  { load }: UnderFault,
  { disk, leftMiB }: { disk: SmallDisk; leftMiB: number },
  { isShort, tell }: FaultOptions,
): Promise<Doings> {
  const times = isShort ? 1 : 3;
  const problems: string[] = [];
  let recoveryMs = 0;
  for (let round = 0; round < times; round += 1) {
    disk.fill(leftMiB);
    await load.untilRefused();
    tell('recording is answered 503');
    problems.push(...(await unreadable(load)));
    // Nothing at all is left now.
    disk.fill(0);
    await delay(1_000);
    problems.push(...(await unreadable(load)));
    disk.free();
    recoveryMs = Math.max(recoveryMs, await load.recovery());
  }
  return { times, recoveryMs, problems };
}

/** Reads what is there some times; returns what did not work. */
async function unreadable(load: UnderFault['load']): Promise<string[]> {
  const problems: string[] = [];
  for (let times = 0; times < 10; times += 1) {
    for (const path of load.readPaths()) {
      const outcome = await load.send({ method: 'GET', path });
      if (outcome.kind !== 'answered' || outcome.status !== 200) {
        problems.push(`with a full disk GET ${path} gave ${JSON.stringify(outcome).slice(0, 200)}`);
      }
    }
  }
  return problems;
}
