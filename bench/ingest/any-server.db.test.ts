import { expect, test } from 'vitest';
import { anApiKey } from '../../packages/server/test/support/builders.ts';
import { testDatabase } from '../../packages/server/test/support/database.ts';
import { spiraServer } from '../../packages/server/test/support/spira-server.ts';
import { benchOptions } from '../options.ts';
import { PostgresServers } from '../postgres/servers.ts';
import { Report } from '../report/report.ts';
import { anyServer } from './any-server.ts';

const db = await testDatabase();
const server = await spiraServer(db);

/** Measures the server by its address and a key alone; returns what is in the report. */
async function measured(project: { projectId?: number }): Promise<Report> {
  const address = { url: `http://127.0.0.1:${await server.port()}`, user: 'administrator', key: await anApiKey(db) };
  const options = { ...benchOptions({ short: true }, {}), seconds: 0.05, server: { ...address, ...project } };
  const report = new Report('ingest', options);
  await using postgres = new PostgresServers(options);
  await anyServer({ options, report, postgres }, options.server);
  return report;
}

const runsOf = async (projectId: number) => {
  const [row] = await db.query<{ runs: number }>('select count(*) as runs from test_run where project_id = $1', [
    projectId,
  ]);
  return row?.runs ?? 0;
};

test('a server is measured over the wire alone, in a product that is made there', async () => {
  const report = await measured({});
  expect(report.figures.filter(({ figure }) => figure === 'errors').map(({ measured }) => measured)).toEqual([0, 0]);
  expect(report.isBroken).toBe(false);
  const [made] = await db.query<{ id: number }>(`select project_id as id from project where name = 'Benchmark'`);
  expect(await runsOf(made?.id ?? 0)).toBeGreaterThanOrEqual(500);
});

test('or in the product that is named', async () => {
  await measured({ projectId: server.projectId });
  expect(await runsOf(server.projectId)).toBeGreaterThanOrEqual(500);
});
