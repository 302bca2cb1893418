import path from 'node:path';
import pg from 'pg';
import { databaseProxy } from '../support/database-proxy.ts';
import { installedPrograms, type OwnPostgres } from '../support/own-postgres.ts';
import type { Fault } from './fault.ts';
import { underLoad } from './ledger-under-fault.ts';
import { withPostgres } from './with-postgres.ts';

const STANDBY = 'second';

/**
 * Two servers of PostgreSQL, the second of which follows the first synchronously: what is acknowledged is on both. The
 * first is killed, the second promoted. Later the first comes back, not knowing that it was replaced.
 */
export const promotedReplica: Fault = {
  name: 'promoted-replica',
  title: 'kill -9 of the primary, promotion of its synchronous standby; then the old primary comes back',
  run: async (options) => {
    if (!installedPrograms()) return { skipped: 'no PostgreSQL with pg_basebackup is installed (/usr/lib/postgresql)' };
    return withPostgres(async (first, directory) => {
      const second = await first.standby(path.join(directory, 'second'), STANDBY);
      try {
        await followSynchronously(first);
        return await failover(first, second, options.tell);
      } finally {
        await second.stop();
      }
    });
  },
};

async function failover(first: OwnPostgres, second: OwnPostgres, tell: (text: string) => void) {
  const [one, two] = [await databaseProxy(first.connectionString), await databaseProxy(second.connectionString)];
  try {
    const url = new URL(one.connectionString);
    const databaseUrl = one.connectionString.replace(url.host, `${url.host},${new URL(two.connectionString).host}`);
    const open = async () => ({ connectionString: second.connectionString, close: async () => {} });
    return await underLoad({ databaseUrl, open }, async ({ load, stopServer, startServer }) => {
      await load.untilAcknowledged(30);
      const killedAt = performance.now();
      first.kill();
      await second.promote();
      await load.untilAcknowledged();
      const recoveryMs = performance.now() - killedAt;
      tell(`the standby has taken over after ${Math.round(recoveryMs)} ms`);
      await load.untilAcknowledged(30);
      await first.start();
      const leftOnFirst = await runsOn(first);
      await load.untilAcknowledged(30);
      // A new process, too, finds the one that was promoted among two that take writes.
      await stopServer();
      await startServer();
      await load.untilAcknowledged(30);
      const writtenToFirst = (await runsOn(first)) - leftOnFirst;
      const problems = writtenToFirst === 0 ? [] : [`${writtenToFirst} runs were written to the old primary`];
      return { times: 1, recoveryMs, problems };
    });
  } finally {
    await Promise.all([one.close(), two.close()]);
  }
}

/** From now on the first acknowledges nothing that the second has not on its disk. */
async function followSynchronously(first: OwnPostgres): Promise<void> {
  await onDatabase(first, async (client) => {
    await client.query(`alter system set synchronous_standby_names = '${STANDBY}'`);
    await client.query('select pg_reload_conf()');
    for (;;) {
      const { rowCount } = await client.query(`select from pg_stat_replication where sync_state = 'sync'`);
      if (rowCount === 1) return;
    }
  });
}

async function runsOn(postgres: OwnPostgres): Promise<number> {
  return onDatabase(postgres, async (client) => {
    const { rows } = await client.query<{ count: string }>('select count(*) as count from test_run');
    return Number(rows[0]?.count);
  });
}

async function onDatabase<Result>(
  { connectionString }: OwnPostgres,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
