import { beforeEach, describe, expect, test } from 'vitest';
import { aTestCase } from '../support/builders.ts';
import { testDatabase } from '../support/database.ts';
import { type CallOptions, spiraServer } from '../support/spira-server.ts';

const db = await testDatabase({ poolSize: 4 });
const server = await spiraServer(db);
let projectId: number;
let testCaseId: number;

beforeEach(async () => {
  projectId = await server.ownProject();
  testCaseId = await aTestCase(db, projectId, { name: 'Log in', estimatedDuration: 5 });
});

const path = () => `projects/${projectId}/test-runs/record-multiple`;
const send = (body: unknown, options: CallOptions = {}) => server.call('POST', path(), { body, ...options });
const storedRuns = async () => (await server.call('GET', `projects/${projectId}/test-runs/count`)).json as number;
const changes = () => db.query('select kind, run_count from change where project_id = $1', [projectId]);

interface Sent {
  TestCaseId: number;
  ExecutionStatusId: number;
  RunnerName: string;
  RunnerTestName: string;
  EndDate: string;
  RunnerStackTrace?: string;
}

const runs = (count: number, more: (position: number) => Partial<Sent> = () => ({})): Sent[] =>
  Array.from({ length: count }, (_, position) => ({
    TestCaseId: testCaseId,
    ExecutionStatusId: 2,
    RunnerName: 'PyTest',
    RunnerTestName: `test_${position}`,
    EndDate: new Date(Date.UTC(2026, 2, 1) + position * 1_000).toISOString(),
    ...more(position),
  }));

/** Longer than what is decoded at once. */
const manyRuns = () => runs(3_000, () => ({ RunnerStackTrace: 'at line "12" ✓ 𝄞\n'.repeat(100) }));
const isAscending = (ids: readonly number[]) => ids.every((id, at) => at === 0 || id > ids[at - 1]!);

interface Answered extends Sent {
  TestRunId: number;
}

describe('a bulk call of 5,000 runs', () => {
  test('BK-1: is answered with all of them in their order, ids ascending', async () => {
    const { status, json } = await send(runs(5_000));
    expect(status).toBe(200);
    const answered = json as Answered[];
    expect(answered.map((run) => run.RunnerTestName)).toEqual(runs(5_000).map((run) => run.RunnerTestName));
    expect(isAscending(answered.map((run) => run.TestRunId))).toBe(true);
    expect([await storedRuns(), await changes()]).toEqual([5_000, [{ kind: 'bulk', run_count: 5_000 }]]);
  });

  test('BK-2: when all are wrong, the answer names fifty of them and stays short', async () => {
    const { status, text, json } = await send(runs(5_000, () => ({ ExecutionStatusId: 9, TestCaseId: 999_999 })));
    expect(status).toBe(404);
    expect(json.Messages).toHaveLength(50);
    expect(text.length).toBeLessThan(20_000);
    expect(await storedRuns()).toBe(0);
  });
});

describe('a bulk call that is not decoded at once', () => {
  test('BK-1: is answered and stored like any other', async () => {
    const sent = manyRuns();
    const { status, headers, text, json } = await send(sent);
    expect(status).toBe(200);
    expect(headers['content-length']).toBe(String(Buffer.byteLength(text)));
    const answered = json as Answered[];
    expect(isAscending(answered.map((run) => run.TestRunId))).toBe(true);
    const [one] = (await send(sent.slice(1_234, 1_235))).json as Answered[];
    expect({ ...answered[1_234], TestRunId: one?.TestRunId }).toEqual(one);
    const last = answered.at(-1);
    const read = await server.call('GET', `projects/${projectId}/test-runs/${last?.TestRunId}/automated`);
    expect(read.json).toMatchObject({ ...sent.at(-1), EndDate: sent.at(-1)?.EndDate });
  });

  test('appends one change, so that a refresh takes all of it or nothing', async () => {
    await send(manyRuns());
    expect([await storedRuns(), await changes()]).toEqual([3_000, [{ kind: 'bulk', run_count: 3_000 }]]);
  });

  test('BK-2: leaves nothing behind when the last run is wrong, and names it', async () => {
    const sent = manyRuns();
    const wrong = { ...sent[0]!, TestCaseId: 999_999 };
    const { status, json } = await send([...sent, wrong]);
    expect([status, json.Messages]).toMatchObject([404, [{ FieldName: '[3000].TestCaseId' }]]);
    expect([await storedRuns(), await changes()]).toEqual([0, []]);
  });

  test('BK-2: names what is wrong in every portion, the first fifty', async () => {
    const sent = manyRuns().map((run, at) => (at % 50 === 7 ? { ...run, ExecutionStatusId: 'x' } : run));
    const { status, json } = await send(sent);
    expect([status, json.Messages.length]).toEqual([400, 50]);
    expect(json.Messages[0].FieldName).toBe('[7].ExecutionStatusId');
    expect(json.Messages[49].FieldName).toBe('[2457].ExecutionStatusId');
    expect(await storedRuns()).toBe(0);
  });

  test('is refused whole where its JSON breaks off, with the place', async () => {
    const body = JSON.stringify(manyRuns());
    const { status, json } = await send(`${body.slice(0, -10)}\n"x"]`);
    expect([status, json.Message]).toEqual([400, expect.stringMatching(/not valid JSON: line \d+, column \d+/)]);
    expect((await send(body.replace('"test_2999"', 'test_2999'))).status).toBe(400);
    expect(await storedRuns()).toBe(0);
  });

  test('quirks 34 and 35: trailing commas and raw line breaks in it are read as ever', async () => {
    const body = JSON.stringify(manyRuns()).replaceAll('\\n', '\n').replace(/}]$/, ',},]');
    const { status, json } = await send(body);
    expect([status, json.length]).toEqual([200, 3_000]);
    expect(json[2_999].RunnerStackTrace).toBe(manyRuns()[0]?.RunnerStackTrace);
  });

  test('goes to the product of its test cases where the path names none', async () => {
    const { status, json } = await server.call('POST', 'test-runs/record-multiple', { body: manyRuns() });
    expect([status, json.length, await storedRuns()]).toEqual([200, 3_000, 3_000]);
  });

  test('holds traces of 10 MB whole', async () => {
    const trace = 'Traceback "x" \\ é 𝄞\n'.repeat(500_000);
    const sent = runs(2, () => ({ RunnerStackTrace: trace }));
    const { json } = await send(sent);
    expect(json.map((run: Answered) => run.RunnerStackTrace === trace)).toEqual([true, true]);
  });

  test('quirk 36: bytes that are no UTF-8 are read as Windows-1252', async () => {
    const body = Buffer.from(JSON.stringify(manyRuns()).replaceAll('✓ 𝄞', 'é'), 'latin1');
    const { status, json } = await send(body, { headers: { 'content-type': 'application/json' } });
    expect([status, json[0].RunnerStackTrace.slice(0, 14)]).toEqual([200, 'at line "12" é']);
  });
});
