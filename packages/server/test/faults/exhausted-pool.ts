import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { Fault } from './fault.ts';
import { underLoad } from './ledger-under-fault.ts';
import { withPostgres } from './with-postgres.ts';

const LANES = 32;
const POOL_SIZE = 2;

export const exhaustedPool: Fault = {
  name: 'exhausted-pool',
  title: `${LANES} recorders on ${POOL_SIZE} connections, whose statements have become slow`,
  run: ({ isShort }) =>
    withPostgres(async ({ connectionString }) => {
      const open = async () => ({ connectionString, close: async () => {} });
      const more = ['--pool-size', String(POOL_SIZE)];
      return underLoad({ databaseUrl: connectionString, more, lanes: LANES, open }, async ({ load }) => {
        const administrator = new pg.Client({ connectionString });
        await administrator.connect();
        try {
          await administrator.query(slowDown);
          await delay(isShort ? 8_000 : 30_000);
          await administrator.query('drop function slow_down cascade');
          return { times: 1, recoveryMs: await load.recovery() };
        } finally {
          await administrator.end();
        }
      });
    }),
};

/** Each statement that records takes a second more. */
const slowDown = `
  create function slow_down() returns trigger language plpgsql as 'begin perform pg_sleep(1); return null; end';
  create trigger slow_down before insert on test_run for each statement execute function slow_down()`;
