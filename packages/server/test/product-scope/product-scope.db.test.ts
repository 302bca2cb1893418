import { readdirSync } from 'node:fs';
import pg from 'pg';
import { expect, test, vi } from 'vitest';
import { applyRetention } from '../../src/commands/apply-retention.ts';
import { deleteTestRun } from '../../src/commands/delete-test-run.ts';
import { dataTools } from '../../src/domain/data-tools.ts';
import { verifyFigures } from '../../src/rollups/verify.ts';
import { loadSample } from '../../src/sample/load-sample.ts';
import type { Queryable, Statement } from '../../src/storage/database.ts';
import { projectTables } from '../../src/storage/project-tables.ts';
import { type Column, View } from '../../src/views/view.ts';
import { aMember } from '../support/builders.ts';
import { aCustomList, aCustomProperty } from '../support/custom-properties.ts';
import { isPooled, testDatabase } from '../support/database.ts';
import { completePartitions, shortBlocks } from '../support/runs.ts';
import { spiraServer } from '../support/spira-server.ts';
import { acrossProjects, catalogue, indexesAcrossProjects, keysAcrossProjects } from './across-projects.ts';
import { readByBlocks } from './block-reads.ts';
import { namedInSource } from './named-statements.ts';
import { callEveryOperation } from './representative-requests.ts';
import { unscopedTables } from './statement-scope.ts';

// That tables can be partitioned or distributed by product rests on two things: every key begins with project_id, and
// every statement says of which project. Exceptions are listed in across-projects.ts, each with its reason.

const db = await testDatabase();
const tables: ReadonlySet<string> = new Set(projectTables.filter((table) => !Object.hasOwn(catalogue, table)));
const sent = await statementsSent();

interface Sent {
  text: string;
  name: string | undefined;
}

/** Returns every statement that the server sends in the course of many different requests and jobs. */
async function statementsSent(): Promise<Sent[]> {
  const statements = new Map<string, Sent>();
  let isOurs = false;
  const query = pg.Client.prototype.query as (...words: unknown[]) => unknown;
  const spy = vi.spyOn(pg.Client.prototype, 'query').mockImplementation(function (
    this: pg.Client,
    ...words: unknown[]
  ) {
    const [config] = words as [string | { text: string; name?: string }];
    const { text, name } = typeof config === 'string' ? { text: config, name: undefined } : config;
    if (!isOurs) statements.set(text, { text, name });
    return query.apply(this, words) as never;
  });
  const quiet = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    isOurs = true;
    try {
      return await work();
    } finally {
      isOurs = false;
    }
  };
  try {
    await useEverything(quiet);
  } finally {
    spy.mockRestore();
  }
  return [...statements.values()];
}

async function useEverything(quiet: <Result>(work: () => Promise<Result>) => Promise<Result>): Promise<void> {
  const server = await quiet(() => spiraServer(db));
  const { owner, background, app } = server;
  const now = new Date('2026-03-04T10:00:00Z');
  const command = { db, figures: { afterCommit: async () => {} }, now: () => now };
  const sample = await loadSample(command, { now, besideOthers: true });
  if (!sample.loaded) throw new Error(sample.reason);
  const { projectId } = sample;
  let browserId = 0;
  await quiet(async () => {
    await aMember(db, projectId, { userId: owner.userId, roleId: 1 });
    await db.query('update app_user set is_admin = true where user_id = $1', [owner.userId]);
    const { customListId, valueIds } = await aCustomList(db, ['Chrome', 'Firefox']);
    await aCustomProperty(db, { artifactTypeId: 5, customPropertyTypeId: 6, propertyNumber: 1, customListId });
    browserId = valueIds[0] ?? 0;
    await shortBlocks(db, projectId, { span: 10, partSpan: 4 });
  });
  const [row] = await quiet(() =>
    db.query<Record<string, number>>(
      `select r.test_set_id as "TestSetId", r.test_set_row_id as "TestSetTestCaseId", r.test_case_id as "TestCaseId"
         from test_set_row r where r.project_id = $1 limit 1`,
      [projectId],
    ),
  );
  const run = { ...row, ExecutionStatusId: 2, StartDate: '2026-03-04T10:00:00Z', EndDate: '2026-03-04T10:00:01Z' };
  const custom = { CustomProperties: [{ PropertyNumber: 1, IntegerValue: browserId }] };
  const runner = { RunnerName: 'Scope', RunnerTestName: 'Scope', RunnerMessage: '', RunnerStackTrace: '' };
  const record = (path: string, body: unknown) =>
    server.call('POST', `projects/${projectId}/test-runs/${path}`, { body });
  expect((await record('record-multiple', [{ ...run, ...runner }])).status).toBe(200);
  expect((await record('record', { ...run, ...runner, ...custom })).status).toBe(200);
  const anywhere = { body: { ...run, ...runner, ProjectId: projectId } };
  expect((await server.call('POST', 'test-runs/record', anywhere)).status).toBe(200);
  const keyed = { body: { ...run, ...runner }, headers: { 'idempotency-key': '"once"' } };
  for (const _ of ['first', 'repeat'])
    expect((await server.call('POST', `projects/${projectId}/test-runs/record`, keyed)).status).toBe(200);
  const { json: doomed } = await record('record', { ...run, ...runner });
  // No default role may delete runs over the wire.
  const actor = { userId: 1, login: 'administrator', isSystemAdmin: true };
  await deleteTestRun({ ...command, actor, projectId }, doomed.TestRunId);
  const [shell] = (await record('create', [row?.['TestCaseId']])).json;
  for (const step of shell.TestRunSteps) Object.assign(step, { ExecutionStatusId: 1, ActualResult: 'No' });
  expect((await server.call('PUT', `projects/${projectId}/test-runs`, { body: [shell] })).status).toBe(200);
  const native = (method: 'GET' | 'POST' | 'PUT', url: string, payload?: object) =>
    app.inject({
      method,
      url: `/api/v1${url}`,
      headers: { username: owner.login, 'api-key': owner.apiKey },
      ...(payload ? { payload } : {}),
    });
  const long = { ...run, ...runner, RunnerStackTrace: 'at scope.ts:1\n'.repeat(1_000) };
  const { json: traced } = await record('record', long);
  await quiet(() => db.query(`update long_text set used_at = used_at - interval '30 hours'`));
  expect((await record('record', long)).status).toBe(200);
  expect((await native('GET', `/projects/${projectId}/test-runs/${traced.TestRunId}/stack-trace`)).statusCode).toBe(
    200,
  );
  for (const tool of dataTools) {
    const path = tool.scope === 'project' ? `/projects/${projectId}/data-tools` : '/data-tools';
    expect((await native('POST', `${path}/${tool.name}/runs`, {})).statusCode, tool.name).toBeLessThan(300);
  }
  await background.jobs.drain();
  await record('record-multiple', [{ ...run, ...runner }]);
  await background.continuous.drain();
  for (const path of ['/jobs', '/events', '/projects', '/me', `/projects/${projectId}/pending`, '/settings/refresh'])
    expect((await native('GET', path)).statusCode, path).toBe(200);
  await native('GET', `/projects/${projectId}/dashboard/requirement-coverage`);
  await native('PUT', `/projects/${projectId}/settings/refresh`, { mode: 'continuous' });
  await record('record-multiple', [{ ...run, ...runner }]);
  await background.continuous.drain();
  await background.partitions.round();
  await background.blocks.drain();
  await verifyFigures(db, projectId);
  await readByBlocks(db, projectId);
  await background.nightly.tick();
  await background.jobs.drain();
  const answers = await callEveryOperation(server, { projectId, quiet });
  expect([...answers].filter(([, answer]) => answer.status >= 500)).toEqual([]);
  await quiet(() => completePartitions(db));
  const later = { db, now: () => new Date('2040-01-01T00:00:00Z') };
  const retention = await applyRetention(later, projectId, { keepDays: 30, isWorthRewriting: () => true });
  expect(retention.partitionsRewritten).toBe(1);
  expect((await server.call('DELETE', `projects/${projectId}`)).status).toBe(200);
}

// Behind a pooler statements outside transactions go without their names; they are the same statements.
test.skipIf(isPooled)(
  'every named statement of the source has been sent, or can be read there and says of which product',
  async () => {
    const names = new Set(sent.map(({ name }) => name?.replace(/^[0-9a-f]{8}\.[0-9a-z]+\./, '')));
    const named = namedInSource();
    expect(named.length).toBeGreaterThan(40);
    const found: string[] = [];
    for (const { name, text } of named) {
      if ([...names].some((one) => one !== undefined && name.test(one))) continue;
      // Let representative-requests.ts or `useEverything` do what sends it.
      if (text === undefined) found.push(`${name} was not sent`);
      else {
        const unscoped = (await unscopedTables(text, tables)).filter((table) => !reasonFor(text, table));
        found.push(...unscoped.map((table) => `${name}: ${table}`));
      }
    }
    expect(found).toEqual([]);
  },
);

test('every statement on a table of products says of which product, apart from those listed with a reason', async () => {
  const found = new Set<string>();
  const used = new Set<string>();
  for (const { text } of sent) {
    for (const table of await unscopedTables(text, tables)) {
      const reason = reasonFor(text, table);
      if (reason) used.add(reason);
      else found.add(`${table} in: ${text.replace(/\s+/g, ' ')}`);
    }
  }
  expect([...found]).toEqual([]);
  expect(acrossProjects.filter(({ reason }) => !used.has(reason))).toEqual([]);
});

test('every view, whichever field it is sorted by, reads one product', async () => {
  const found: string[] = [];
  let looked = 0;
  for (const { file, name, view } of await allViews()) {
    for (const text of await textsOf(view)) {
      looked += 1;
      const unscoped = await unscopedTables(text, tables);
      found.push(...unscoped.filter((table) => !reasonFor(text, table)).map((table) => `${file} ${name}: ${table}`));
    }
  }
  expect([...new Set(found)]).toEqual([]);
  expect(looked).toBeGreaterThan(200);
});

test('every primary and unique key of a table of products begins with project_id', async () => {
  const keys = await db.query<{ name: string; first: string }>(
    `select i.indexrelid::regclass::text as name, coalesce(a.attname, '(expression)') as first
       from pg_index i left join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0] and i.indkey[0] <> 0
      where i.indrelid = any ($1::regclass[]) and (i.indisunique or i.indisprimary)`,
    [projectTables],
  );
  expect(keys.length).toBeGreaterThanOrEqual(projectTables.length);
  const others = keys.filter(({ first }) => first !== 'project_id').map(({ name }) => name);
  expect(others.toSorted()).toEqual(Object.keys(keysAcrossProjects).toSorted());
});

test('every other index of a table of products begins with project_id, too', async () => {
  const indexes = await db.query<{ name: string }>(
    `select i.indexrelid::regclass::text as name
       from pg_index i left join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0] and i.indkey[0] <> 0
      where i.indrelid = any ($1::regclass[]) and not i.indisunique and a.attname is distinct from 'project_id'`,
    [projectTables],
  );
  expect(indexes.map(({ name }) => name).toSorted()).toEqual(Object.keys(indexesAcrossProjects).toSorted());
});

function reasonFor(text: string, table: string): string | undefined {
  const [name = ''] = table.split(' ');
  return acrossProjects.find((exception) => exception.tables.includes(name) && exception.statement.test(text))?.reason;
}

type AnyView = View<Record<string, Column<unknown>>>;

interface DeclaredView {
  file: string;
  name: string;
  view: AnyView;
}

async function allViews(): Promise<DeclaredView[]> {
  const folder = new URL('../../src/views/', import.meta.url);
  const found: DeclaredView[] = [];
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))) {
    const exported = (await import(new URL(file, folder).href)) as Record<string, unknown>;
    for (const [name, view] of Object.entries(exported))
      if (view instanceof View) found.push({ file, name, view: view as unknown as AnyView });
  }
  return found;
}

/** Returns what a view sends: its list, a slice of it sorted by each of its fields, its count and one row. */
async function textsOf(view: AnyView): Promise<string[]> {
  const texts: string[] = [];
  const keep = {
    query: async (statement: Statement) => {
      texts.push(statement.text);
      return [];
    },
  } as unknown as Queryable;
  await view.list(keep, [1, 1]);
  await view.count(keep, [1, 1]);
  await view.find(keep, [1, 1], 1);
  for (const field of Object.keys(view.definition.columns)) {
    const sort = { field, descending: false };
    await view.list(keep, [1, 1], { sort, page: { offset: 10, limit: 10 } });
  }
  return texts;
}
