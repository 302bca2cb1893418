import { setTimeout as delay } from 'node:timers/promises';
import { type DatabaseProxy, databaseProxy } from '../support/database-proxy.ts';
import type { Fault, FaultOptions, FaultReport } from './fault.ts';
import { underLoad } from './ledger-under-fault.ts';
import { withPostgres } from './with-postgres.ts';

const AWAY_MS = 10_000;
const SHORTLY_MS = 2_000;

function unreachable(leave: (proxy: DatabaseProxy) => Promise<void>) {
  return ({ isShort }: FaultOptions): Promise<FaultReport> =>
    withPostgres(async (postgres) => {
      const proxy = await databaseProxy(postgres.connectionString);
      const open = async () => ({ connectionString: postgres.connectionString, close: async () => {} });
      const times = isShort ? 1 : 3;
      try {
        return await underLoad({ databaseUrl: proxy.connectionString, open }, async ({ load }) => {
          let recoveryMs = 0;
          for (let round = 0; round < times; round += 1) {
            await load.untilAcknowledged(20);
            await leave(proxy);
            await delay(isShort ? SHORTLY_MS : AWAY_MS);
            await proxy.mend();
            recoveryMs = Math.max(recoveryMs, await load.recovery());
          }
          return { times, recoveryMs };
        });
      } finally {
        await proxy.close();
      }
    });
}

export const refusedDatabase: Fault = {
  name: 'unreachable-database',
  title: 'PostgreSQL cannot be reached for 10 s: connections break, new ones are refused',
  run: unreachable((proxy) => proxy.cut()),
};

export const swallowedDatabase: Fault = {
  name: 'black-hole',
  title: 'the network before PostgreSQL swallows everything for 10 s; what was open then stays dead without a sign',
  run: unreachable(async (proxy) => proxy.swallow()),
};
