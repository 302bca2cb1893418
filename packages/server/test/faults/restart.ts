import type { Fault } from './fault.ts';
import { underLoad } from './ledger-under-fault.ts';
import { withPostgres } from './with-postgres.ts';

export const restartDatabase: Fault = {
  name: 'restart-database',
  title: 'an external PostgreSQL is stopped and started again',
  run: ({ isShort }) =>
    withPostgres(async (postgres) => {
      const times = isShort ? 1 : 5;
      const open = async () => ({ connectionString: postgres.connectionString, close: async () => {} });
      return underLoad({ databaseUrl: postgres.connectionString, open }, async ({ load }) => {
        let recoveryMs = 0;
        for (let round = 0; round < times; round += 1) {
          await load.untilAcknowledged(20);
          await postgres.stop();
          await postgres.start();
          recoveryMs = Math.max(recoveryMs, await load.recovery());
        }
        return { times, recoveryMs };
      });
    }),
};
