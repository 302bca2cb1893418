import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { hashApiKey } from '../../src/storage/api-keys.ts';
import { aMember, aUser } from '../support/builders.ts';
import { testDatabase } from '../support/database.ts';
import { type RawAnswer, sendRaw } from '../support/raw-request.ts';
import { spiraServer } from '../support/spira-server.ts';

// Requests that real clients sent, replayed byte by byte over TCP. The ids in them are those of the product that the
// clients were pointed at, so the same ids are made here: 404, 99, 0 and -1 are meant to exist nowhere.

interface Recording {
  client: string;
  seq: number;
  scenario: string;
  method: string;
  target: string;
  path: string;
  headers: [string, string][];
  body?: string | null;
  body_base64?: string;
  // biome-ignore lint/suspicious/noExplicitAny: bodies of every client.
  body_json: any;
}

const folder = new URL('./recordings/', import.meta.url);
const recordings = readdirSync(folder).map((file) => ({
  client: file.replace('.jsonl', ''),
  requests: readFileSync(new URL(file, folder), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Recording),
}));

const db = await testDatabase();
const server = await spiraServer(db);
const port = await server.port();
await makeRecordedProduct();

/** Bodies that no reader can repair: unescaped quotes and a lost backslash (wire-quirks section 9). */
const unreadable = new Set(['jenkins 7', 'jenkins 13', 'junit5 5']);
const unknownCases = new Set([404, 0, -1]);
const unknownReleases = new Set([99, -1]);

function wantedStatus(client: string, request: Recording): number {
  if (unreadable.has(`${client} ${request.seq}`)) return 400;
  const items = [request.body_json].flat().filter((item) => item !== null && typeof item === 'object');
  const isRecord = /\/test-runs\/record/.test(request.path);
  const namesNothing = (item: { TestCaseId?: string | number; ReleaseId?: string | number }) =>
    (isRecord && unknownCases.has(Number(item.TestCaseId))) || Number(item.ReleaseId) === 99;
  const release = Number(/\/releases\/(-?\d+)\/builds/.exec(request.path)?.[1]);
  return items.some(namesNothing) || unknownReleases.has(release) ? 404 : 200;
}

function expectReadable(request: Recording, answer: RawAnswer): void {
  // Only a PUT or DELETE may answer without content.
  if (request.method === 'PUT' && answer.status === 200 && /\/fixed\//.test(request.path)) {
    expect(answer.headers.get('content-length')).toBe('0');
    return;
  }
  expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
  const body = JSON.parse(answer.body);
  if (answer.status !== 200) {
    expect(body.Message).toMatch(/\S/);
    return;
  }
  const created = {
    'test-runs/record': 'TestRunId',
    builds: 'BuildId',
    'documents/file': 'AttachmentId',
    'documents/url': 'AttachmentId',
  };
  const member = Object.entries(created).find(
    ([end]) => request.method === 'POST' && request.path.trim().endsWith(end),
  )?.[1];
  if (member) expect(body[member]).toBeGreaterThanOrEqual(1);
  if (/record-multiple/.test(request.path)) {
    const ids = body.map((run: { TestRunId: number }) => run.TestRunId);
    expect(body.map((run: { TestCaseId: number }) => run.TestCaseId)).toEqual(
      request.body_json.map((run: { TestCaseId: string | number }) => Number(run.TestCaseId)),
    );
    expect(ids).toEqual(ids.toSorted((a: number, b: number) => a - b));
  }
  if (/\/releases$/.test(request.path)) {
    for (const release of body) expect(typeof release.VersionNumber).toBe('string');
  }
}

describe.each(recordings)('the recorded requests of $client', ({ client, requests }) => {
  test.each(requests)('get the status and the body that the client needs: $seq $method $path', async (request) => {
    const body = request.body_base64
      ? Buffer.from(request.body_base64, 'base64')
      : Buffer.from(request.body ?? '', 'utf8');
    const answer = await sendRaw(port, {
      method: request.method,
      target: request.target,
      headers: request.headers,
      body,
    });
    expect({ status: answer.status, body: answer.body.slice(0, 300) }).toEqual({
      status: wantedStatus(client, request),
      body: expect.anything(),
    });
    expectReadable(request, answer);
  });
});

async function makeRecordedProduct(): Promise<void> {
  const { projectId } = server;
  expect(projectId).toBe(1);
  const userId = await aUser(db, { login: 'fredbloggs' });
  await aMember(db, projectId, { userId, roleId: 1 });
  const publicSampleKey = '{7A05FD06-83C3-4436-B37F-51BCF0060483}';
  await db.kysely
    .insertInto('apiKey')
    .values({ userId, keyHash: hashApiKey(publicSampleKey), hint: '0483' })
    .execute();
  await db.query(
    `insert into release (project_id, release_id, indent_level, name, version_number, creator_id, release_type_id, release_status_id, start_date, end_date)
     select $1, id, 'A' || chr(65 + id / 26) || chr(65 + id % 26), 'Release ' || id, id || '.0', 1, 1, 2, now(), now() from unnest(array[1, 5, 45]) id`,
    [projectId],
  );
  await db.query(
    `insert into test_case (project_id, test_case_id, name, author_id) select $1, id, 'Case ' || id, 1
       from (select generate_series(1, 40) id union select unnest(array[123, 124])) ids`,
    [projectId],
  );
  await db.query(
    `insert into test_set (project_id, test_set_id, name, creator_id) select $1, id, 'Set ' || id, 1 from generate_series(1, 2) id`,
    [projectId],
  );
  await db.query(
    `insert into build (project_id, build_id, release_id, build_status_id, name) select $1, id, 5, 2, 'Build ' || id from unnest(array[1015, 1565, 1579]) id`,
    [projectId],
  );
  await db.query(
    `insert into incident (project_id, incident_id, name, opener_id) select $1, id, 'Incident ' || id, 1 from generate_series(7, 8) id`,
    [projectId],
  );
  await db.query(
    `insert into test_run (project_id, test_run_id, test_case_id, tester_id, test_run_type_id, execution_status_id, name, start_date)
     select $1, id, 1, 1, 2, 2, 'Run ' || id, now() from unnest(array[1571, 1574, 1582]) id`,
    [projectId],
  );
  for (const [table, column] of [
    ['release', 'release_id'],
    ['build', 'build_id'],
    ['test_run', 'test_run_id'],
  ] as const) {
    await db.query(`select setval(pg_get_serial_sequence('${table}', '${column}'), 5000)`);
  }
}
