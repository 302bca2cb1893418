import { clusterDirectory } from '../../src/storage/engines/data-directory.ts';
import { startEmbedded } from '../../src/storage/engines/embedded.ts';
import { killFamily, postmasterPid } from '../support/own-postgres.ts';
import type { Fault, FaultOptions, FaultReport } from './fault.ts';
import { type UnderFault, underLoad } from './ledger-under-fault.ts';

// On the embedded database, so that nobody but the server itself brings PostgreSQL back.

const OFTEN = 30;

function killing(victim: string, kill: (under: UnderFault, round: number) => Promise<void>) {
  return async ({ isShort, tell }: FaultOptions): Promise<FaultReport> => {
    const times = isShort ? 2 : OFTEN;
    return underLoad({ open: guestOf }, async (under) => {
      let recoveryMs = 0;
      for (let round = 0; round < times; round += 1) {
        // Not always at the same moment of the work.
        await under.load.untilAcknowledged(5 + ((round * 7) % 11));
        const killedAt = performance.now();
        await kill(under, round);
        await under.load.untilAcknowledged();
        recoveryMs = Math.max(recoveryMs, performance.now() - killedAt);
        if (round % 10 === 9) tell(`${victim} was killed ${round + 1} times`);
      }
      return { times, recoveryMs };
    });
  };
}

/** Uses the embedded database beside the server. */
async function guestOf(directory: string): Promise<{ connectionString: string; close(): Promise<void> }> {
  return startEmbedded({ dataDirectory: directory, isServer: false });
}

/** The machine's end takes all processes at once; of PostgreSQL's own faults the worst takes its first one alone. */
function killPostgres({ directory }: UnderFault, round: number): void {
  const pid = postmasterPid(clusterDirectory(directory));
  if (round % 2 === 0) killFamily(pid);
  else process.kill(pid, 'SIGKILL');
}

export const killServer: Fault = {
  name: 'kill-server',
  title: 'kill -9 of the server, which is started again; its PostgreSQL runs on',
  run: killing('the server', async (under) => {
    await under.killServer();
    await under.startServer();
  }),
};

export const killDatabase: Fault = {
  name: 'kill-database',
  title: 'kill -9 of PostgreSQL; the server goes on and starts it again',
  run: killing('PostgreSQL', async (under, round) => killPostgres(under, round)),
};

export const killBoth: Fault = {
  name: 'kill-both',
  title: 'kill -9 of PostgreSQL and the server, which is started again',
  run: killing('everything', async (under, round) => {
    killPostgres(under, round);
    await under.killServer();
    await under.startServer();
  }),
};
