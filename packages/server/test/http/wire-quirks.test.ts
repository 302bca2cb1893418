import { describe, expect, test, vi } from 'vitest';
import { createLogger } from '../../src/http/log.ts';
import {
  aBuild,
  aMapping,
  aRelease,
  aTestCase,
  aTestCaseFolder,
  aTestSet,
  aTestSetRow,
  aTestStep,
} from '../support/builders.ts';
import { testDatabase } from '../support/database.ts';
import { head, type RawAnswer, rawHttp } from '../support/raw-http.ts';
import { spiraServer } from '../support/spira-server.ts';

// One test for each quirk of what real clients put on the wire, numbered as in docs/spira-compat.md.

const db = await testDatabase();
const logged: string[] = [];
const logger = createLogger({ level: 'debug', destination: { write: (line) => void logged.push(line) } });
const server = await spiraServer(db, { logger });
const port = await server.port();
const p = server.projectId;
const { login, apiKey } = server.owner;

const caseId = await aTestCase(db, p, { name: 'Sign in' });
const stepId = await aTestStep(db, p, { testCaseId: caseId });
const releaseId = await aRelease(db, p, { versionNumber: '1.0' });
const buildId = await aBuild(db, p, { releaseId });
await aMapping(db, p, { releaseId, testCaseId: caseId });
const setId = await aTestSet(db, p, { releaseId });
const rowId = await aTestSetRow(db, p, { testSetId: setId, testCaseId: caseId });

const base = '/Services/v7_0/RestService.svc';
const inQuery = `username=${login}&api-key=${encodeURIComponent(apiKey)}`;
const inHeaders = [`username: ${login}`, `api-key: ${apiKey}`];
const record = `projects/${p}/test-runs/record`;

/** The smallest run that every recorder sends. */
const run = (values: object = {}) => ({
  TestRunFormatId: 1,
  RunnerName: 'Quirk',
  RunnerTestName: 'test',
  RunnerMessage: 'message',
  RunnerStackTrace: 'trace',
  TestCaseId: caseId,
  ExecutionStatusId: 2,
  StartDate: '2024-05-14T14:06:00Z',
  EndDate: '2024-05-14T14:07:00Z',
  ...values,
});

/** A manual run as the Excel runner puts it: without TestRunId, TesterId and step ids, with keys of its own. */
const manualRun = (values: object = {}) => ({
  TestCaseId: caseId,
  Name: 'Sign in',
  ReleaseId: releaseId,
  TestSetId: setId,
  TestSetTestCaseId: rowId,
  ExecutionStatusId: 3,
  TestRunTypeId: 1,
  StartDate: '2024-05-14T14:06:00.000Z',
  EndDate: '2024-05-14T14:07:00.000Z',
  ArtifactTypeId: 5,
  TestRunSteps: [
    {
      TestStepId: stepId,
      Description: 'd',
      ExpectedResult: 'e',
      ExecutionStatusId: 2,
      'Incident Name': 'i',
      Position: 1,
      TestCaseId: caseId,
    },
  ],
  ...values,
});

const recorded = (values: object = {}) => server.call('POST', record, { body: run(values) });

const get = (target: string, headers: readonly string[] = []) => rawHttp(port, head(`GET ${target}`, headers));

function post(target: string, body: string | Buffer, headers: readonly string[] = []): Promise<RawAnswer> {
  const bytes = Buffer.from(body);
  return rawHttp(port, head(`POST ${target}`, ['Content-Type: application/json', ...headers], bytes.length), bytes);
}

describe('addresses', () => {
  test('quirk 1: letter case of the path does not matter', async () => {
    for (const path of ['/services/v7_0/restservice.svc/PROJECTS', '/SERVICES/V7_0/RestService.svc/projects']) {
      expect((await get(path, inHeaders)).status).toBe(200);
    }
  });

  test('quirk 2: any directory may come before /Services', async () => {
    for (const prefix of ['/spira', '/Spira', '/SpiraPlan', '/a/b']) {
      expect((await get(`${prefix}${base}/projects`, inHeaders)).status).toBe(200);
    }
  });

  test('quirk 3: doubled slashes are one, also at the beginning of the target', async () => {
    for (const target of [
      `/${base}/projects`,
      `/Spira//Services/v7_0/RestService.svc//projects`,
      `//${base}//projects`,
    ]) {
      expect((await get(target, inHeaders)).status).toBe(200);
    }
  });

  test('quirk 4: braces of the key come raw and percent-encoded', async () => {
    for (const key of [apiKey, encodeURIComponent(apiKey), apiKey.replace('{', '%7b').replace('}', '%7d')]) {
      expect((await get(`${base}/projects?username=${login}&api-key=${key}`)).status).toBe(200);
    }
  });

  test('quirk 5: a trailing %20 on the path is ignored', async () => {
    const answer = await post(
      `${base}/projects/${p}/releases/${releaseId}/builds%20`,
      JSON.stringify({ Name: 'b', BuildStatusId: 2 }),
      inHeaders,
    );
    expect(answer.status, answer.text).toBe(200);
    expect((await post(`${base}/${record}%20`, JSON.stringify(run()), inHeaders)).status).toBe(200);
  });

  test('quirk 6: a slash before the question mark is ignored', async () => {
    expect((await get(`${base}/projects/?${inQuery}`)).status).toBe(200);
  });

  test('quirk 7: empty parts of the query are ignored', async () => {
    for (const query of [`?&${inQuery}`, `?${inQuery}&`, `?&&${inQuery}&&`]) {
      expect((await get(`${base}/projects${query}`)).status).toBe(200);
    }
    expect((await get(`${base}/projects?`, inHeaders)).status).toBe(200);
  });

  test('quirk 8: the word null is no folder, and no value of a query', async () => {
    const folderId = await aTestCaseFolder(db, p);
    const inFolder = await aTestCase(db, p, { testCaseFolderId: folderId });
    const paging = 'starting_row=1&number_of_rows=500&sort_field=Name&sort_direction=ASC&release_id=null';
    const cases = await server.call('GET', `projects/${p}/test-folders/null/test-cases?${paging}`);
    const ids = cases.json.map((item: { TestCaseId: number }) => item.TestCaseId);
    expect(ids).toContain(caseId);
    expect(ids).not.toContain(inFolder);
    const sets = await server.call('GET', `projects/${p}/test-set-folders/null/test-sets?${paging}`);
    expect(sets.json.map((item: { TestSetId: number }) => item.TestSetId)).toContain(setId);
  });

  test('quirk 9: v5_0, v6_0 and v7_0 are answered alike, others are unknown', async () => {
    const answers = await Promise.all(
      ['v5_0', 'v6_0', 'v7_0', 'v4_0', 'v8_0'].map((version) =>
        server.call('GET', `projects/${p}/releases`, { version }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 404, 404]);
    expect(answers[0]?.text).toBe(answers[2]?.text);
    expect(answers[3]?.json.Message).not.toBe('');
  });
});

describe('credentials', () => {
  test('quirk 10: name and key in the query, in any order and place', async () => {
    const key = encodeURIComponent(apiKey);
    for (const query of [
      inQuery,
      `api-key=${key}&username=${login}`,
      `a=1&API-KEY=${key}&b=2&Username=${login.toUpperCase()}`,
    ]) {
      expect((await get(`${base}/projects?${query}`)).status).toBe(200);
    }
    expect((await get(`${base}/projects?username=${login}&api-key={wrong}`)).status).toBe(401);
  });

  test('quirk 11: name and key in headers', async () => {
    expect((await get(`${base}/projects`, inHeaders)).status).toBe(200);
    expect(
      (await get(`${base}/projects`, [`username: ${login}`, `api-key: ${apiKey.slice(1, -1).toLowerCase()}`])).status,
    ).toBe(200);
    expect((await get(`${base}/projects`, [`username: ${login}`, 'api-key: {wrong}'])).status).toBe(401);
  });

  test('quirk 12: HTTP Basic; only then a 401 carries WWW-Authenticate', async () => {
    const basic = (pair: string) => [`Authorization: Basic ${Buffer.from(pair).toString('base64')}`];
    expect((await get(`${base}/projects`, basic(`${login}:${apiKey}`))).status).toBe(200);
    const refused = await get(`${base}/projects`, basic(`${login}:wrong`));
    expect(refused.status).toBe(401);
    expect(refused.header('WWW-Authenticate')).toContain('Basic');
    expect((await get(`${base}/projects`)).header('WWW-Authenticate')).toBeUndefined();
  });

  test('quirk 13: keys stay out of the log, wherever they were sent', async () => {
    const before = logged.length;
    const key = encodeURIComponent(apiKey);
    await get(`${base}/projects?${inQuery}`);
    await get(`${base}/nothing?api%2Dkey=${key}&username=${login}`);
    await get(`/elsewhere?api-key=${key}`);
    await get(`${base}/projects`, inHeaders);
    await get(`${base}/projects`, [`Authorization: Basic ${Buffer.from(`${login}:${apiKey}`).toString('base64')}`]);
    await post(`${base}/${record}?${inQuery}`, '{');
    const lines = await vi.waitFor(
      () => {
        const sinceThen = logged.slice(before);
        expect(sinceThen.filter((line) => line.includes('"answered"'))).toHaveLength(6);
        return sinceThen.join('');
      },
      { timeout: 20_000 },
    );
    for (const address of ['/projects', '/nothing', '/elsewhere', `/${record}`]) expect(lines).toContain(address);
    const bare = apiKey.slice(1, -1);
    expect(lines.toUpperCase()).not.toContain(bare);
    expect(lines).not.toContain(Buffer.from(`${login}:${apiKey}`).toString('base64'));
  });
});

describe('headers', () => {
  test('quirk 14: JSON whatever is accepted, XML only for those who ask for it or send it', async () => {
    const java = 'text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2';
    for (const accept of [[], ['Accept: */*'], ['Accept: application/json; charset=utf-8'], [`Accept: ${java}`]]) {
      const answer = await get(`${base}/projects`, [...inHeaders, ...accept]);
      expect(answer.header('Content-Type')).toBe('application/json; charset=utf-8');
    }
    const xml = await get(`${base}/projects`, [...inHeaders, 'Accept: application/xml']);
    expect(xml.header('Content-Type')).toBe('application/xml; charset=utf-8');
    expect(xml.text).toMatch(/^<\?xml .*<ArrayOfRemoteProject /);
  });

  test('quirk 15: Expect: 100-continue is answered, then the body is read', async () => {
    const answer = await post(`${base}/${record}`, JSON.stringify(run()), [...inHeaders, 'Expect: 100-continue']);
    expect(answer.wasContinued).toBe(true);
    expect(answer.status, answer.text).toBe(200);
  });

  test('quirk 16: chunked bodies without a length', async () => {
    const body = Buffer.from(JSON.stringify(run()));
    const chunk = (bytes: Buffer) =>
      Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]);
    const answer = await rawHttp(
      port,
      head(`POST ${base}/${record}?${inQuery}`, ['Content-Type: application/json', 'Transfer-Encoding: chunked']),
      chunk(body.subarray(0, 20)),
      chunk(body.subarray(20)),
      '0\r\n\r\n',
    );
    expect(answer.status, answer.text).toBe(200);
  });

  test('quirk 17: Content-Type JSON on a GET and on a POST with an empty body', async () => {
    const json = 'Content-Type: application/json';
    expect((await get(`${base}/projects`, [...inHeaders, json])).status).toBe(200);
    const search = await post(`${base}/projects/${p}/test-runs/search?starting_row=1&number_of_rows=5`, '', inHeaders);
    expect(search.status, search.text).toBe(200);
    expect(Array.isArray(search.json)).toBe(true);
  });

  test('quirk 18: no User-Agent', async () => {
    const answer = await rawHttp(
      port,
      `GET ${base}/projects?${inQuery} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
    );
    expect(answer.status).toBe(200);
  });

  test('quirk 19: the preflight of a browser is answered without credentials, and errors can be read across origins', async () => {
    const preflight = await rawHttp(
      port,
      head(`OPTIONS ${base}/projects/${p}/test-runs?${inQuery}`, [
        'Origin: https://excel.example',
        'Access-Control-Request-Method: PUT',
        'Access-Control-Request-Headers: content-type, api-key, username',
      ]),
    );
    expect(preflight.status).toBe(200);
    expect(preflight.header('Access-Control-Allow-Origin')).toBe('*');
    expect(preflight.header('Access-Control-Allow-Methods')).toBe('GET, POST, PUT, DELETE');
    expect(preflight.header('Access-Control-Allow-Headers')).toBe(
      'username, api-key, authorization, content-type, accept, idempotency-key',
    );
    const allowed = await get(`${base}/projects?${inQuery}`, ['Origin: https://excel.example']);
    expect([allowed.status, allowed.header('Access-Control-Allow-Origin')]).toEqual([200, '*']);
    for (const target of [`${base}/projects`, `${base}/nothing`, '/nowhere']) {
      const refused = await get(target, ['Origin: https://excel.example']);
      expect(refused.status).toBeGreaterThanOrEqual(400);
      expect(refused.header('Access-Control-Allow-Origin')).toBe('*');
    }
  });

  test('quirk 20: header names in small letters', async () => {
    const body = JSON.stringify(run());
    const answer = await rawHttp(
      port,
      `POST ${base}/${record} HTTP/1.1\r\nhost: x\r\nUSERNAME: ${login}\r\nApi-Key: ${apiKey}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`,
    );
    expect(answer.status, answer.text).toBe(200);
  });
});

describe('bodies', () => {
  test('quirk 21: ids come as numbers, texts, null or not at all', async () => {
    const answer = await recorded({
      TestCaseId: String(caseId),
      ReleaseId: String(releaseId),
      ExecutionStatusId: '1',
      TestSetId: null,
    });
    expect(answer.status, answer.text).toBe(200);
    expect(answer.json).toMatchObject({
      TestCaseId: caseId,
      ReleaseId: releaseId,
      ExecutionStatusId: 1,
      TestSetId: null,
    });
    const build = await server.call('POST', `projects/${p}/releases/${releaseId}/builds`, {
      body: { ProjectId: String(p), BuildStatusId: '2', ReleaseId: String(releaseId), Name: 'b' },
    });
    expect(build.status, build.text).toBe(200);
  });

  test('quirk 22: a TestCaseId of -1, 0, null or none is one that does not exist', async () => {
    for (const TestCaseId of [-1, 0, null, undefined, '-1', 404_404]) {
      const answer = await recorded({ TestCaseId });
      expect(answer.status, answer.text).toBe(404);
      expect(answer.json.Message).toContain('Unable to locate requested artifact');
      expect(answer.json.Messages[0].FieldName).toBe('TestCaseId');
    }
  });

  test('quirk 23: a release or set of null, none, 0 and below means none; release -1 of a build does not exist', async () => {
    for (const none of [null, undefined, 0, -1, '-1']) {
      const answer = await recorded({ ReleaseId: none, TestSetId: none });
      expect(answer.status, answer.text).toBe(200);
      expect(answer.json).toMatchObject({ ReleaseId: null, TestSetId: null });
    }
    const build = await server.call('POST', `projects/${p}/releases/-1/builds`, {
      body: { Name: 'b', BuildStatusId: 2 },
    });
    expect(build.status).toBe(404);
    expect(build.text).not.toBe('');
  });

  test('quirk 24: an execution status of -1 is refused with a body, 3 and 4 are legal', async () => {
    for (const values of [{ ExecutionStatusId: -1 }, { TestRunSteps: [{ ExecutionStatusId: -1, Description: 'x' }] }]) {
      const answer = await recorded(values);
      expect(answer.status, answer.text).toBe(400);
      expect(answer.json.Message).toBe('Database foreign key violation occurred');
      expect(answer.json.Messages[0].FieldName).toMatch(/ExecutionStatusId$/);
    }
    for (const ExecutionStatusId of [3, 4]) expect((await recorded({ ExecutionStatusId })).status).toBe(200);
  });

  test('quirk 25: TestRunFormatId absent or 0 means plain text', async () => {
    for (const TestRunFormatId of [undefined, 0, null]) {
      expect((await recorded({ TestRunFormatId })).json.TestRunFormatId).toBe(1);
    }
  });

  test('quirk 26: EndDate absent or null, StartDate null', async () => {
    for (const values of [
      { EndDate: undefined },
      { EndDate: null },
      { StartDate: null },
      { StartDate: undefined, EndDate: undefined },
    ]) {
      const answer = await recorded(values);
      expect(answer.status, answer.text).toBe(200);
      expect(answer.json.StartDate).toMatch(/Z$/);
      expect(answer.json.EndDate).toMatch(/Z$/);
    }
  });

  test('quirk 27: StartDate far before EndDate, or equal to it', async () => {
    for (const StartDate of ['2023-05-14T14:07:00Z', '2024-05-14T14:07:00Z']) {
      expect((await recorded({ StartDate })).status).toBe(200);
    }
  });

  test('quirk 28: messages and traces of null, nothing, "null", an object, HTML, and very long ones', async () => {
    const trace = { message: 'm', type: 't' };
    for (const [RunnerStackTrace, stored] of [
      [null, ''],
      ['', ''],
      ['null', 'null'],
      [trace, JSON.stringify(trace)],
      ["<class 'AssertionError'>", "<class 'AssertionError'>"],
      ['x'.repeat(3_000_000), 'x'.repeat(3_000_000)],
    ]) {
      const answer = await recorded({ RunnerStackTrace, RunnerMessage: RunnerStackTrace });
      expect(answer.status, answer.text.slice(0, 300)).toBe(200);
      expect(answer.json.RunnerStackTrace).toBe(stored);
      expect(answer.json.RunnerMessage).toBe(stored);
    }
  });

  test('quirk 29: RunnerAssertCount may be absent', async () => {
    expect((await recorded()).status).toBe(200);
    expect((await recorded({ RunnerAssertCount: 3 })).json.RunnerAssertCount).toBe(3);
  });

  test('quirk 30: BuildId null', async () => {
    expect((await recorded({ BuildId: null, ReleaseId: releaseId })).json.BuildId).toBeNull();
    expect((await recorded({ BuildId: buildId, ReleaseId: releaseId })).json.BuildId).toBe(buildId);
  });

  test('quirk 31: unknown keys are ignored, also with spaces', async () => {
    expect((await recorded({ 'Incident Name': 'x', position: 1, __proto__x: {}, queueId: [1] })).status).toBe(200);
  });

  test('quirk 32: steps of automated runs without position or ids', async () => {
    const TestRunSteps = [1, 2].map((ExecutionStatusId) => ({
      ActualResult: 'a',
      ExecutionStatusId,
      Description: 'd',
    }));
    const answer = await recorded({ TestRunSteps });
    expect(answer.status, answer.text).toBe(200);
    expect(answer.json.TestRunSteps.map((step: { ExecutionStatusId: number }) => step.ExecutionStatusId)).toEqual([
      1, 2,
    ]);
    for (const step of answer.json.TestRunSteps) expect(step.TestRunStepId).toBeGreaterThanOrEqual(1);
  });

  test('quirk 33: a manual PUT without TestRunId, TesterId and step ids', async () => {
    const body = [manualRun()];
    const answer = await server.call('PUT', `projects/${p}/test-runs`, { body });
    expect(answer.status, answer.text).toBe(200);
    expect(answer.json).toHaveLength(1);
    expect(answer.json[0]).toMatchObject({ ExecutionStatusId: 2, TesterId: server.owner.userId });
    expect(answer.json[0].TestRunId).toBeGreaterThanOrEqual(1);
    expect(answer.json[0].TestRunSteps[0]).toMatchObject({ TestStepId: stepId });
    expect(answer.json[0].TestRunSteps[0].TestRunStepId).toBeGreaterThanOrEqual(1);
  });

  test('quirk 34: raw control characters in strings', async () => {
    const body = JSON.stringify(run({ RunnerMessage: 'one' })).replace('one', 'one\r\n\ttwo\u0013');
    const answer = await server.call('POST', record, { body });
    expect(answer.status, answer.text).toBe(200);
    expect(answer.json.RunnerMessage).toBe('one\r\n\ttwo');
  });

  test('quirk 35: trailing commas', async () => {
    const body = `{"BuildStatusId": "2", "Name": "b", "Revisions": [{"RevisionKey": "a"},],}`;
    const answer = await server.call('POST', `projects/${p}/releases/${releaseId}/builds`, { body });
    expect(answer.status, answer.text).toBe(200);
  });

  test('quirk 36: bytes that are no UTF-8 are read as Latin-1 although the charset says utf-8', async () => {
    const body = Buffer.from(JSON.stringify(run({ RunnerTestName: 'café' })), 'latin1');
    const answer = await server.call('POST', record, {
      body,
      headers: { 'content-type': 'application/json; charset=utf-8' },
    });
    expect(answer.status, answer.text).toBe(200);
    expect(answer.json.RunnerTestName).toBe('café');
  });

  test('quirk 37: JSON that cannot be read is refused with a body that names the position', async () => {
    for (const body of ['{"RunnerTestName": "say "hi""}', '{"Description": ","CreationDate": "x"}', '', '{']) {
      const answer = await server.call('POST', record, { body, headers: { 'content-type': 'application/json' } });
      expect(answer.status).toBe(400);
      expect(answer.json.Type).toBe('ValidationFaultMessage');
      expect(answer.json.Message).toMatch(/line \d+, column \d+|empty/);
    }
  });

  test('quirk 38: 500 runs in one call, and a body of tens of megabytes', async () => {
    const runs = Array.from({ length: 500 }, () => run());
    const many = await server.call('POST', `projects/${p}/test-runs/record-multiple`, { body: runs });
    expect(many.status, many.text.slice(0, 300)).toBe(200);
    expect(many.json).toHaveLength(500);
    const log = 'line of a console log\n'.repeat(1_500_000);
    const large = await server.call('POST', `projects/${p}/releases/${releaseId}/builds`, {
      body: { Name: 'b', BuildStatusId: 2, Description: log },
    });
    expect(large.status, large.text.slice(0, 300)).toBe(200);
  });

  test('quirk 39: many parallel calls', async () => {
    const answers = await Promise.all(
      Array.from({ length: 60 }, () =>
        post(`${base}/${record}`, JSON.stringify(run({ ReleaseId: releaseId })), inHeaders),
      ),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(answers.map(({ json }) => json.TestRunId)).size).toBe(60);
  });
});

test('quirk 40: dates in every form that is sent, also in a query', async () => {
  const noon = Date.UTC(2024, 4, 14, 14, 6);
  for (const [StartDate, stored] of [
    ['2024-05-14T14:06:00Z', '2024-05-14T14:06:00.000Z'],
    ['2024-05-14T14:06:00.123Z', '2024-05-14T14:06:00.123Z'],
    ['2024-05-14T14:06:00', '2024-05-14T14:06:00.000Z'],
    ['2024-05-14T14:06:00.5', '2024-05-14T14:06:00.500Z'],
    [`/Date(${noon})/`, '2024-05-14T14:06:00.000Z'],
    [`/Date(${noon}-0000)/`, '2024-05-14T14:06:00.000Z'],
    [`/Date(${noon}+0530)/`, '2024-05-14T14:06:00.000Z'],
    [`/Date(${noon}-05.000)/`, '2024-05-14T14:06:00.000Z'],
  ]) {
    const answer = await recorded({ StartDate });
    expect(answer.status, answer.text).toBe(200);
    expect(answer.json.StartDate).toBe(stored);
  }
  const escaped = JSON.stringify(run({ StartDate: 'HERE' })).replace('HERE', `\\/Date(${noon})\\/`);
  expect((await server.call('POST', record, { body: escaped })).json.StartDate).toBe('2024-05-14T14:06:00.000Z');
  for (const [sent, stored] of [
    ['1900-01-01T00:00:00.000', '1900-01-01T00:00:00.000Z'],
    [`/Date(${noon}-0000)/`, '2024-05-14T14:06:00.000Z'],
    ['null', null],
  ] as const) {
    const { EndDate: _, ...unfinished } = manualRun({ StartDate: '1900-01-01T00:00:00.000' });
    const answer = await server.call('PUT', `projects/${p}/test-runs?end_date=${encodeURIComponent(sent)}`, {
      body: [unfinished],
    });
    expect(answer.status, answer.text).toBe(200);
    expect(answer.json[0].EndDate).toBe(stored);
  }
});

describe('answers', () => {
  test('quirk 41: success is 200, never 201 or 204', async () => {
    const created = await server.call('POST', `projects/${p}/releases`, {
      body: { Name: 'R', ReleaseStatusId: 1, ReleaseTypeId: 1, StartDate: '2024-01-01', EndDate: '2024-02-01' },
    });
    expect(created.status).toBe(200);
    const { ReleaseId } = created.json;
    expect((await server.call('PUT', `projects/${p}/releases`, { body: { ...created.json, Name: 'S' } })).status).toBe(
      200,
    );
    expect((await server.call('DELETE', `projects/${p}/releases/${ReleaseId}`)).status).toBe(200);
  });

  test('quirk 42: answers come whole with their length; only updates, deletions and moves have no content', async () => {
    for (const [method, target, body] of [
      ['GET', `${base}/projects/${p}/releases`, undefined],
      ['GET', `${base}/projects/${p}/releases/404404`, undefined],
      ['GET', `${base}/nothing`, undefined],
      ['POST', `${base}/${record}`, JSON.stringify(run())],
      ['POST', `${base}/${record}`, '{'],
      ['PUT', `${base}/projects/${p}/test-runs`, JSON.stringify([manualRun()])],
      ['PUT', `${base}/projects/${p}/test-runs`, '[{}]'],
      ['PATCH', `${base}/${record}`, '{}'],
    ] as const) {
      const bytes = Buffer.from(body ?? '');
      const answer = await rawHttp(
        port,
        head(`${method} ${target}`, inHeaders, body === undefined ? undefined : bytes.length),
        bytes,
      );
      expect(answer.body.length, `${method} ${target}`).toBeGreaterThan(0);
      expect(answer.header('Content-Length')).toBe(String(answer.body.length));
      expect(answer.header('Transfer-Encoding')).toBeUndefined();
    }
    const id = await aRelease(db, p);
    const deleted = await rawHttp(port, head(`DELETE ${base}/projects/${p}/releases/${id}`, inHeaders));
    expect([deleted.status, deleted.header('Content-Length'), deleted.body.length]).toEqual([200, '0', 0]);
  });

  test('quirk 43: Content-Type is application/json, of errors too', async () => {
    for (const path of [`projects/${p}/releases`, 'nothing', `projects/${p}/releases/404404`]) {
      expect((await server.call('GET', path)).headers['content-type']).toBe('application/json; charset=utf-8');
    }
  });

  test('quirk 44: integers are numbers, and ids of what was made are 1 or more', async () => {
    const { json } = await recorded();
    expect(Number.isInteger(json.TestRunId)).toBe(true);
    expect(json.TestRunId).toBeGreaterThanOrEqual(1);
    const build = await server.call('POST', `projects/${p}/releases/${releaseId}/builds`, {
      body: { Name: 'b', BuildStatusId: 2 },
    });
    expect(build.json.BuildId).toBeGreaterThanOrEqual(1);
    const file = await server.call('POST', `projects/${p}/documents/file`, {
      body: { FilenameOrUrl: 'a.txt', BinaryData: '' },
    });
    expect(file.json.AttachmentId).toBeGreaterThanOrEqual(1);
  });

  test('quirk 45: dates have exactly three fraction digits', async () => {
    const answer = await server.call('GET', `projects/${p}/releases/${releaseId}`);
    const dates = Object.entries(answer.json).filter(([name, value]) => name.endsWith('Date') && value !== null);
    expect(dates.length).toBeGreaterThan(3);
    for (const [, value] of dates) expect(value).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });

  test('quirk 46: every documented key is present, null when empty', async () => {
    const { json } = await recorded({ TestRunSteps: null });
    for (const key of [
      'TestSetId',
      'BuildId',
      'AutomationHostId',
      'Tags',
      'CustomProperties',
      'TestRunSteps',
      'ConcurrencyDate',
      'RunnerAssertCount',
    ]) {
      expect(json).toHaveProperty(key);
    }
    for (const value of Object.values(json)) expect(value).not.toBeUndefined();
  });

  test('quirk 47: VersionNumber is never null', async () => {
    await server.call('POST', `projects/${p}/releases`, {
      body: {
        Name: 'No version',
        VersionNumber: null,
        ReleaseStatusId: 1,
        ReleaseTypeId: 1,
        StartDate: '2024-01-01',
        EndDate: '2024-02-01',
      },
    });
    const { json } = await server.call('GET', `projects/${p}/releases`);
    expect(json.length).toBeGreaterThan(1);
    for (const release of json) expect(typeof release.VersionNumber).toBe('string');
  });

  test('quirk 48: record-multiple answers in the order of the request', async () => {
    const names = ['c', 'a', 'b'];
    const answer = await server.call('POST', `projects/${p}/test-runs/record-multiple`, {
      body: names.map((RunnerTestName) => run({ RunnerTestName })),
    });
    expect(answer.status, answer.text).toBe(200);
    expect(answer.json.map((item: { RunnerTestName: string }) => item.RunnerTestName)).toEqual(names);
    const ids = answer.json.map((item: { TestRunId: number }) => item.TestRunId);
    expect(ids).toEqual(ids.toSorted((a: number, b: number) => a - b));
  });

  test('quirk 49: 404 for what is unknown, 400 for bad input, 401 for bad credentials, 409 for a stale stamp', async () => {
    const release = await server.call('GET', `projects/${p}/releases/${releaseId}`);
    const stale = { ...release.json, ConcurrencyDate: '2001-01-01T00:00:00.000Z' };
    expect((await server.call('PUT', `projects/${p}/releases`, { body: stale })).status).toBe(409);
    expect((await recorded({ ReleaseId: 404_404 })).status).toBe(404);
    expect((await recorded({ TestSetId: 404_404 })).status).toBe(404);
    expect((await server.call('GET', 'projects/404404/releases')).status).toBe(404);
    expect((await recorded({ StartDate: 'soon' })).status).toBe(400);
    const outsider = await server.userWithRole(null);
    expect((await server.call('GET', `projects/${p}/releases`, { as: outsider })).status).toBe(403);
    expect((await server.call('GET', `projects/${p}/releases`, { as: { login, apiKey: 'wrong' } })).status).toBe(401);
  });
});
