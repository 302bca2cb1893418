import { TextPart, valueChecker } from '@runledger/protocol';
import { beforeEach, describe, expect, test } from 'vitest';
import { verifyFigures } from '../../src/rollups/verify.ts';
import { aTestCase } from '../support/builders.ts';
import { testDatabase } from '../support/database.ts';
import { spiraServer } from '../support/spira-server.ts';

const db = await testDatabase();
const server = await spiraServer(db);
let projectId: number;
let testCaseId: number;

beforeEach(async () => {
  projectId = await server.ownProject();
  testCaseId = await aTestCase(db, projectId);
});

const trace = (start = '') => `${start}Traceback "x" \\ é ✓ 𝄞\n`.repeat(200);
const run = (more: object = {}) => ({
  TestCaseId: testCaseId,
  ExecutionStatusId: 1,
  RunnerName: 'PyTest',
  RunnerMessage: 'expected 42',
  ...more,
});
const post = (path: string, body: unknown) => server.call('POST', path, { body });
const record = (more: object = {}) => post(`projects/${projectId}/test-runs/record`, run(more));
const texts = (id = projectId) =>
  db.query<{ body: string }>('select body from long_text where project_id = $1 order by body', [id]);
const inRuns = () =>
  db.query('select runner_message as message, runner_stack_trace as trace from test_run where project_id = $1', [
    projectId,
  ]);
const read = (id: number) => server.call('GET', `projects/${projectId}/test-runs/${id}/automated`);

describe('long texts of runs', () => {
  test('are stored once for all runs that bring them, and read like any other', async () => {
    const bulk = [1, 2, 3].map(() => run({ RunnerStackTrace: trace(), RunnerMessage: trace('m') }));
    const first = await post(`projects/${projectId}/test-runs/record-multiple`, bulk);
    const second = await record({ RunnerStackTrace: trace() });
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(first.json[2]).toMatchObject({ RunnerStackTrace: trace(), RunnerMessage: trace('m') });
    expect((await texts()).map(({ body }) => body)).toEqual([trace('m'), trace()].sort());
    expect(await inRuns()).toEqual([
      ...bulk.map(() => ({ message: null, trace: null })),
      { message: 'expected 42', trace: null },
    ]);
    expect((await read(first.json[0].TestRunId)).json).toMatchObject({
      RunnerStackTrace: trace(),
      RunnerMessage: trace('m'),
    });
    expect((await read(second.json.TestRunId)).json).toMatchObject({
      RunnerStackTrace: trace(),
      RunnerMessage: 'expected 42',
    });
    const list = await server.call('GET', `projects/${projectId}/test-runs/automated`);
    expect(list.json.map((one: { RunnerStackTrace: string }) => one.RunnerStackTrace === trace())).toEqual(
      Array(4).fill(true),
    );
  });

  test('short texts stay in their runs', async () => {
    await record({ RunnerStackTrace: 'short' });
    expect([await texts(), await inRuns()]).toEqual([[], [{ message: 'expected 42', trace: 'short' }]]);
  });

  test('are found by filters on the message', async () => {
    const { json } = await record({ RunnerMessage: `${trace()} 50% of it_` });
    await record();
    const filter = [{ PropertyName: 'RunnerMessage', StringValue: '50% of IT_' }];
    const found = await post(`projects/${projectId}/test-runs/search`, filter);
    expect(found.json.map((one: { TestRunId: number }) => one.TestRunId)).toEqual([json.TestRunId]);
  });

  test('are shared by runs of the path without a project, and by very large calls', async () => {
    const anywhere = await post('test-runs/record', run({ RunnerStackTrace: trace() }));
    const bulk = Array.from({ length: 1_500 }, () => run({ RunnerStackTrace: trace() }));
    const several = await post('test-runs/record-multiple', bulk);
    const large = await post(`projects/${projectId}/test-runs/record-multiple`, bulk);
    expect([anywhere.status, several.status, large.status]).toEqual([200, 200, 200]);
    expect([(await texts()).length, (await inRuns()).some((one) => 'trace' in one && one.trace !== null)]).toEqual([
      1,
      false,
    ]);
    expect((await read(large.json[1_499].TestRunId)).json.RunnerStackTrace).toBe(trace());
  });

  test('are no reason for a call to wait for, or to fail with, another with the same ones', async () => {
    const calls = Array.from({ length: 8 }, (_, turn) =>
      post(
        `projects/${projectId}/test-runs/record-multiple`,
        Array.from({ length: 12 }, (_, at) => run({ RunnerStackTrace: trace(`${(at + turn) % 12}`) })),
      ),
    );
    expect((await Promise.all(calls)).map(({ status }) => status)).toEqual(Array(8).fill(200));
    expect(await texts()).toHaveLength(12);
  });

  test('of a refused call are kept for the next one', async () => {
    await record({ RunnerStackTrace: trace(), TestCaseId: 999_999 });
    expect([await texts(), await inRuns()]).toMatchObject([[{ body: trace() }], []]);
  });

  test('that are missing are found by a verification', async () => {
    const { json } = await record({ RunnerStackTrace: trace() });
    expect((await verifyFigures(db, projectId)).orphans).toEqual([]);
    await db.query('delete from long_text where project_id = $1', [projectId]);
    const { orphans } = await verifyFigures(db, projectId);
    expect(orphans).toMatchObject([{ stored: '1 rows', expected: 'a row of long_text' }]);
    expect((await read(json.TestRunId)).json.RunnerStackTrace).toBeNull();
  });
});

describe('GET /api/v1/projects/{id}/test-runs/{id}/stack-trace and /message', () => {
  const part = async (path: string, as: { apiKey: string } = server.owner) => {
    const url = `/api/v1/projects/${projectId}/test-runs/${path}`;
    const response = await server.app.inject({ url, headers: { authorization: `Bearer ${as.apiKey}` } });
    return { status: response.statusCode, json: JSON.parse(response.body) };
  };

  test.each([
    ['short', 20],
    ['long', 5_000],
  ])('parts of a %s text make up the whole, characters beyond U+FFFF counted once', async (_size, lines) => {
    const whole = 'é✓𝄞\n'.repeat(lines);
    const { json: recorded } = await record({ RunnerStackTrace: whole, RunnerMessage: 'why' });
    let text = '';
    for (let next: number | null = 0; next !== null; ) {
      const { status, json } = await part(`${recorded.TestRunId}/stack-trace?offset=${next}&limit=${lines * 3}`);
      expect(valueChecker(TextPart, { fromText: false })(json).faults).toBeUndefined();
      expect([status, json.offset, json.length]).toEqual([200, next, lines * 4]);
      text += json.text;
      next = json.nextOffset;
    }
    expect(text).toBe(whole);
    expect((await part(`${recorded.TestRunId}/message`)).json).toEqual({
      text: 'why',
      offset: 0,
      length: 3,
      nextOffset: null,
    });
  });

  test('behind the end there is nothing, and a run without a trace has an empty one', async () => {
    const { json } = await record({ RunnerStackTrace: '' });
    const empty = { text: '', length: 0, nextOffset: null };
    expect((await part(`${json.TestRunId}/stack-trace`)).json).toEqual({ ...empty, offset: 0 });
    expect((await part(`${json.TestRunId}/message?offset=1073741823&limit=1000000`)).json).toEqual({
      ...empty,
      offset: 1_073_741_823,
      length: 11,
    });
  });

  test('unknown and deleted runs are a 404, strangers a 403, odd numbers a 400', async () => {
    const { json } = await record({ RunnerStackTrace: trace() });
    const stranger = await server.userWithRole(null);
    expect((await part(`${json.TestRunId}/stack-trace`, stranger)).status).toBe(403);
    for (const id of ['999999999999', '0', 'x']) expect((await part(`${id}/stack-trace`)).status).toBe(404);
    for (const query of ['offset=-1', 'limit=0', 'limit=1000001', 'offset=x', 'offset=1073741824', 'page=2']) {
      expect((await part(`${json.TestRunId}/stack-trace?${query}`)).status).toBe(400);
    }
    await db.query('update test_run set is_deleted = true where project_id = $1', [projectId]);
    expect((await part(`${json.TestRunId}/stack-trace`)).status).toBe(404);
  });
});
