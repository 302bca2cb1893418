import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { loadSample } from '../../src/sample/load-sample.ts';
import { anApiKey } from '../support/builders.ts';
import { NOON } from '../support/clock.ts';
import { testDatabase } from '../support/database.ts';
import { spiraServer } from '../support/spira-server.ts';

const db = await testDatabase();
await loadSample({ db, now: () => NOON, figures: { afterCommit: async () => {} } }, { now: NOON });
const server = await spiraServer(db);
const administrator = { login: 'administrator', apiKey: await anApiKey(db) };
const call = (method: string, path: string, body?: unknown) =>
  server.call(method, path, { as: administrator, ...(body === undefined ? {} : { body }) });

const readme = readFileSync(new URL('../../../../README.md', import.meta.url), 'utf8');
const [, example = ''] = /<!-- first results -->([\s\S]*?)<!-- \/first results -->/.exec(readme) ?? [];
const [, path = ''] = /"\$BASE\/(\S+)"/.exec(example) ?? [];
const [, body = ''] = /-d '([\s\S]*?)'/.exec(example) ?? [];

test('the first results of the README are accepted on a fresh sample, and change the release once it is refreshed', async () => {
  const release = async () => (await call('GET', 'projects/1/releases/9')).json;
  const before = await release();
  expect(before).toMatchObject({ VersionNumber: '4.0.2', ReleaseStatusName: 'In Progress' });
  // Case 6 has failed for days, so that passing it is seen.
  expect((await call('GET', 'projects/1/test-cases/6')).json).toMatchObject({ ExecutionStatusId: 1 });
  expect((await call('GET', 'projects/1/test-sets/1')).json).toMatchObject({ Name: 'Nightly regression' });

  const recorded = await call('POST', path, body);
  expect(recorded.status).toBe(200);
  expect(recorded.json.map((run: { TestCaseId: number; TestSetTestCaseId: number }) => run.TestCaseId)).toEqual([6, 1]);
  expect(recorded.json.every((run: { TestSetTestCaseId: number }) => run.TestSetTestCaseId > 0)).toBe(true);
  expect(await release()).toEqual(before);

  expect((await call('POST', 'projects/1/refresh-caches')).status).toBe(200);
  expect((await call('GET', 'projects/1/test-cases/6')).json).toMatchObject({ ExecutionStatusId: 2 });
  expect((await call('GET', 'projects/1/test-cases/1')).json).toMatchObject({ ExecutionStatusId: 1 });
});

test('what the README says of the sample product is so', async () => {
  const counts = await db.query<{ cases: number; sets: number; requirements: number }>(
    `select (select count(*) from test_case) as cases, (select count(*) from test_set) as sets,
            (select count(*) from requirement) as requirements`,
  );
  expect(counts).toEqual([{ cases: 68, sets: 9, requirements: 39 }]);
  expect(readme).toContain('68 test cases');
  expect(readme).toContain('nine test\n  sets, 39 requirements');
});
