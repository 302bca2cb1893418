import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { createLogger } from '../../src/http/log.ts';
import type { Database } from '../../src/storage/database.ts';
import { aRelease, aTestCase } from '../support/builders.ts';
import { aCustomProperty } from '../support/custom-properties.ts';
import { testConnection, testDatabase, testDatabaseWithUrl } from '../support/database.ts';
import { databaseProxy } from '../support/database-proxy.ts';
import { head, rawHttp } from '../support/raw-http.ts';
import { spiraServer } from '../support/spira-server.ts';

const base = '/Services/v7_0/RestService.svc';
const release = { Name: 'R', ReleaseStatusId: 1, ReleaseTypeId: 1, StartDate: '2024-01-01', EndDate: '2024-02-01' };

const db = await testDatabase();
const server = await spiraServer(db, { options: { bodyLimit: 100_000, version: '1.2.3' } });
const port = await server.port();
const releases = `projects/${server.projectId}/releases`;
const inHeaders = [`username: ${server.owner.login}`, `api-key: ${server.owner.apiKey}`];

describe('requests that are no good', () => {
  test('what is no HTTP is answered with a body', async () => {
    const answer = await rawHttp(port, 'NONSENSE\r\n\r\n');
    expect(answer.status).toBe(400);
    expect(answer.json.Message).toContain('not a well-formed HTTP request');
  });

  test('headers beyond the limit are answered with a body', async () => {
    const answer = await rawHttp(port, head(`GET ${base}/projects`, [`x: ${'y'.repeat(70_000)}`]));
    expect(answer.status).toBe(431);
    expect(answer.json.Type).toBe('ServerFault');
  });

  test.each([[`${base}/%E0%A4%A`], [`${base}/projects/%`], ['/%E0%A4%A'], ['/%']])(
    'broken percent-encoding in %s is a 4xx',
    async (target) => {
      const answer = await rawHttp(port, head(`GET ${target}`, inHeaders));
      expect([400, 404]).toContain(answer.status);
      expect(answer.json.Message).not.toBe('');
    },
  );

  test('a body beyond the limit is refused with a body, announced or not', async () => {
    const body = JSON.stringify({ ...release, Description: 'x'.repeat(150_000) });
    const announced = await rawHttp(port, head(`POST ${base}/${releases}`, inHeaders, body.length), body);
    expect(announced.status).toBe(413);
    expect(announced.json.Message).toContain('100000 bytes');
    const chunked = [`${body.length.toString(16)}\r\n`, body, '\r\n0\r\n\r\n'];
    const inChunks = await rawHttp(
      port,
      head(`POST ${base}/${releases}`, [...inHeaders, 'Transfer-Encoding: chunked']),
      ...chunked,
    );
    expect(inChunks.status).toBe(413);
    const bomb = gzipSync(Buffer.alloc(5_000_000, ' '));
    const inflated = await rawHttp(
      port,
      head(`POST ${base}/${releases}`, [...inHeaders, 'Content-Encoding: gzip'], bomb.length),
      bomb,
    );
    expect(inflated.status).toBe(413);
  });

  test('an outsider with a large body reads his refusal', async () => {
    const body = Buffer.alloc(3_000_000, 'x');
    const answer = await rawHttp(port, head(`POST ${base}/${releases}`, [], body.length), body);
    expect(answer.status).toBe(401);
    expect(answer.json.Type).toBe('AuthenticationFault');
  });

  test('gzip is understood', async () => {
    const body = gzipSync(JSON.stringify(release));
    const answer = await rawHttp(
      port,
      head(`POST ${base}/${releases}`, [...inHeaders, 'Content-Encoding: gzip'], body.length),
      body,
    );
    expect(answer.status, answer.text).toBe(200);
  });

  test('a body is read whatever its Content-Type, as long as it is JSON; else 415', async () => {
    for (const type of ['', 'text/plain', 'application/x-www-form-urlencoded', 'nonsense', 'text/json', 'a/b; c']) {
      const answer = await server.call('POST', releases, {
        body: JSON.stringify(release),
        headers: { 'content-type': type },
      });
      expect(answer.status, `${type}: ${answer.text}`).toBe(200);
    }
    const answer = await server.call('POST', releases, {
      body: 'Name=R',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(answer.status).toBe(415);
  });

  test('hostile bodies are 400 or 413', async () => {
    for (const body of [
      '['.repeat(90_000),
      '{"a":'.repeat(15_000),
      '"',
      '\u0000',
      'null',
      '5',
      '[]',
      '[{},{}]',
      '"text"',
    ]) {
      const answer = await server.call('POST', releases, { body });
      expect(answer.status, body.slice(0, 20)).toBe(400);
    }
  });

  test('NUL characters and numbers beyond every table are no errors of the server', async () => {
    const odd = {
      ...release,
      Name: 'a\u0000b',
      PlannedEffort: 1e99,
      OwnerId: 1e99,
      ResourceCount: 1e300,
      Tags: '\ud800',
    };
    const answer = await server.call('POST', releases, { body: odd });
    expect([400, 404]).toContain(answer.status);
    const filters = [{ PropertyName: 'ReleaseId', MultiValue: { Values: [1e99, -1e99] } }];
    const found = await server.call('POST', `${releases}/search?start_row=1e99&number_rows=-5`, { body: filters });
    expect(found.status, found.text).toBe(200);
  });
});

describe('one object for a list and the other way round', () => {
  test('a list of one is taken for an object, and the answer keeps that shape', async () => {
    const answer = await server.call('POST', releases, { body: [release] });
    expect(answer.status, answer.text).toBe(200);
    expect(answer.json).toHaveLength(1);
    expect(answer.json[0].ReleaseId).toBeGreaterThanOrEqual(1);
  });
});

describe('filters', () => {
  const search = (body: unknown) => server.call('POST', `${releases}/search?start_row=1&number_rows=50`, { body });

  test('nothing, "", null and [] are no filter', async () => {
    for (const body of ['', '""', 'null', '[]']) {
      const answer = await search(body);
      expect(answer.status, answer.text).toBe(200);
      expect(answer.json.length).toBeGreaterThan(0);
    }
  });

  test('an unknown PropertyName is refused by name, with those allowed', async () => {
    const answer = await search([
      { PropertyName: 'ReleaseId', IntValue: 1 },
      { PropertyName: 'Nonsense', IntValue: 1 },
    ]);
    expect(answer.status).toBe(400);
    expect(answer.json.Messages[0].FieldName).toBe('[1].PropertyName');
    expect(answer.json.Messages[0].Message).toMatch(/Nonsense.*allowed are .*ReleaseId/);
  });

  test('each kind of filter finds what it should', async () => {
    const name = `Needle ${crypto.randomUUID()}`;
    const releaseId = await aRelease(db, server.projectId, {
      name,
      versionNumber: '50%_x',
      startDate: new Date('2031-05-14T23:59:00Z'),
    });
    for (const filter of [
      { PropertyName: 'ReleaseId', IntValue: releaseId },
      { PropertyName: 'Name', StringValue: name.split(' ').toReversed().join(' ') },
      { PropertyName: 'Name', StringValue: `"${name}"` },
      { PropertyName: 'VersionNumber', StringValue: '0%_' },
      { PropertyName: 'StartDate', DateRangeValue: { StartDate: '2031-05-14', EndDate: '2031-05-14' } },
    ]) {
      const answer = await search([filter]);
      expect(answer.status, answer.text).toBe(200);
      expect(answer.json.map((item: { ReleaseId: number }) => item.ReleaseId)).toEqual([releaseId]);
    }
  });
});

test('7.3 custom fields are filtered by what their type holds', async () => {
  const found = async (filter: object) => {
    const { status, text, json } = await server.call('POST', `${releases}/search?start_row=1&number_rows=50`, {
      body: [filter],
    });
    expect(status, text).toBe(200);
    return json.map((item: { ReleaseId: number }) => item.ReleaseId);
  };
  const values = [
    { type: 1, propertyNumber: 71, stringValue: 'Blue whale' },
    { type: 2, propertyNumber: 72, integerValue: 15 },
    { type: 4, propertyNumber: 73, booleanValue: true },
    { type: 11, propertyNumber: 74, dateTimeValue: '2024-05-14T12:00:00.000Z' },
    { type: 7, propertyNumber: 75, integerListValue: [3, 4] },
    { type: 3, propertyNumber: 76, decimalValue: 1.5 },
    { type: 8, propertyNumber: 77, integerValue: 6 },
  ];
  const stored = await Promise.all(
    values.map(async ({ type, ...value }) => ({
      ...value,
      customPropertyId: await aCustomProperty(db, {
        artifactTypeId: 4,
        propertyNumber: value.propertyNumber,
        customPropertyTypeId: type,
      }),
    })),
  );
  const customProperties = JSON.stringify(stored);
  const releaseId = await aRelease(db, server.projectId, { customProperties });
  for (const filter of [
    { PropertyName: 'Custom_71', StringValue: 'blue' },
    { PropertyName: 'Custom_72', IntValue: 15 },
    { PropertyName: 'Custom_72', StringValue: '10|20' },
    { PropertyName: 'Custom_77', MultiValue: [1, 6] },
    { PropertyName: 'Custom_73', StringValue: 'Y' },
    { PropertyName: 'Custom_74', DateRangeValue: { StartDate: '2024-05-14', EndDate: '2024-05-14' } },
    { PropertyName: 'Custom_75', IntValue: 4 },
    { PropertyName: 'Custom_76', StringValue: '|1.5' },
  ]) {
    expect(await found(filter), JSON.stringify(filter)).toEqual([releaseId]);
  }
  for (const filter of [
    { PropertyName: 'Custom_71', StringValue: 'red' },
    { PropertyName: 'Custom_72', StringValue: '16|' },
    { PropertyName: 'Custom_73', StringValue: 'N' },
    { PropertyName: 'Custom_74', DateRangeValue: { StartDate: '2024-05-15', EndDate: null } },
    { PropertyName: 'Custom_75', IntValue: 1e99 },
    { PropertyName: 'Custom_77', IntValue: 7 },
  ]) {
    expect(await found(filter), JSON.stringify(filter)).toEqual([]);
  }
  expect(await found({ PropertyName: 'Custom_71', IntValue: -999 })).not.toContain(releaseId);
  const bare = await aRelease(db, server.projectId);
  for (const number of [71, 72, 73, 74, 75, 76, 77]) {
    expect(await found({ PropertyName: `Custom_${number}`, IntValue: -999 })).toContain(bare);
  }
  expect(await found({ PropertyName: 'Custom_73', StringValue: 'N' })).not.toContain(bare);
  expect(await found({ PropertyName: 'Custom_75', MultiValue: { Values: [4], IsNone: true } })).toEqual(
    expect.arrayContaining([releaseId, bare]),
  );
  const undefinedField = [{ PropertyName: 'Custom_70', IntValue: -999 }];
  const refused = await server.call('POST', `${releases}/search?start_row=1&number_rows=50`, { body: undefinedField });
  expect([refused.status, refused.json.Messages[0].Message]).toEqual([400, expect.stringContaining('71 Field 71')]);
});

describe('XML', () => {
  test('an object can be sent and read as XML', async () => {
    const body = `<RemoteRelease xmlns="http://schemas.datacontract.org/2004/07/Inflectra.SpiraTest.Web.Services.v6_0.DataObjects"><EndDate>2024-02-01T00:00:00</EndDate><Name>From XML &amp; back</Name><ReleaseStatusId>1</ReleaseStatusId><ReleaseTypeId>1</ReleaseTypeId><StartDate>2024-01-01T00:00:00</StartDate></RemoteRelease>`;
    const answer = await server.call('POST', releases, {
      body,
      headers: { 'content-type': 'application/xml' },
      version: 'v6_0',
    });
    expect(answer.status, answer.text).toBe(200);
    expect(answer.headers['content-type']).toBe('application/xml; charset=utf-8');
    expect(answer.text).toContain('Services.v6_0.DataObjects');
    expect(answer.text).toContain('<Name>From XML &amp; back</Name>');
  });

  test('failures are XML for those who speak it', async () => {
    const answer = await server.call('POST', releases, { body: '<a><b></a>', headers: { 'content-type': 'text/xml' } });
    expect(answer.status).toBe(400);
    expect(answer.text).toContain('<ValidationFaultMessage');
  });
});

describe('pages and figures of the server', () => {
  test('the landing page says what this is and where to go', async () => {
    const page = await server.app.inject({ url: '/', headers: { host: 'tests.example' } });
    expect(page.headers['content-type']).toContain('text/html');
    expect(page.body).toContain('1.2.3');
    expect(page.body).toContain('http://tests.example/Services/v7_0/RestService.svc/');
  });

  test('the reference lists every operation and object without a script', async () => {
    const { body } = await server.app.inject({ url: '/docs/spira' });
    expect(body).toContain('projects/{project_id}/releases/{release_id}');
    expect(body).toContain('id="RemoteRelease"');
    expect(body).not.toMatch(/<script|http:\/\/|https:\/\//);
    for (const [, target] of body.matchAll(/href="#([^"]+)"/g)) expect(body).toContain(`id="${target}"`);
  });

  test('metrics count requests by operation, not by path', async () => {
    await server.call('GET', `${releases}/1`);
    const { body } = await server.app.inject({ url: '/metrics' });
    expect(body).toMatch(
      /runledger_http_requests_total\{operation="GET projects\/\{project_id\}\/releases\/\{release_id\}",status="\d+"\} \d+/,
    );
    expect(body).toContain('runledger_http_request_duration_seconds_bucket');
    expect(body).toContain('process_cpu_seconds_total');
    expect(body).not.toContain(server.owner.login);
  });

  test('a request keeps the id its client gave it', async () => {
    const given = await server.call('GET', releases, { headers: { 'x-request-id': 'build-17.3' } });
    expect(given.headers['x-request-id']).toBe('build-17.3');
    const odd = await server.call('GET', releases, { headers: { 'x-request-id': 'a b\tc' } });
    expect(odd.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('CORS can be narrowed to some origins', async () => {
    const narrow = await spiraServer(db, { options: { corsOrigins: ['https://good.example'] } });
    const originOf = async (origin: string) =>
      (await narrow.call('GET', releases, { as: null, headers: { origin } })).headers['access-control-allow-origin'];
    expect(await originOf('https://good.example')).toBe('https://good.example');
    expect(await originOf('https://bad.example')).toBeUndefined();
  });
});

test('a bug is a 500 with an id; its cause stands in the log only', async () => {
  const ownDb = await testDatabase();
  const logged: string[] = [];
  const logger = createLogger({ level: 'error', destination: { write: (line) => void logged.push(line) } });
  const broken = await spiraServer(ownDb, { logger });
  await ownDb.query('alter table release rename to hidden_from_queries');
  const answer = await broken.call('GET', `projects/${broken.projectId}/releases`, {
    headers: { 'x-request-id': 'find-me' },
  });
  expect(answer.status).toBe(500);
  expect(answer.json).toMatchObject({ Type: 'ServerFault', StackTrace: null });
  expect(answer.json.Message).toContain('find-me');
  expect(answer.text).not.toContain('relation');
  expect(logged.join('')).toContain('relation \\"release\\" does not exist');
  expect(logged.join('')).toContain('find-me');
});

test('without its database the server answers 503 with Retry-After, and recovers by itself', async () => {
  const { db: direct, connectionString } = await testDatabaseWithUrl();
  const proxy = await databaseProxy(connectionString);
  afterAll(() => proxy.close());
  const proxied = testConnection(proxy.connectionString, { poolSize: 3, connectTimeoutMs: 2_000 });
  const fragile = await spiraServer(proxied, { logger: createLogger({ level: 'silent' }) });
  afterAll(() => proxied.close());
  const path = `projects/${fragile.projectId}/releases`;
  const live = () => fragile.app.inject({ url: '/health/live' });
  const ready = () => fragile.app.inject({ url: '/health/ready' });
  expect((await fragile.call('GET', path)).status).toBe(200);
  expect((await ready()).statusCode).toBe(200);
  await proxy.cut();
  for (const call of [() => fragile.call('GET', path), () => fragile.call('POST', path, { body: release })]) {
    const refused = await call();
    expect(refused.status, refused.text).toBe(503);
    expect(refused.headers['retry-after']).toBe('5');
    expect(refused.json.Message).toContain('try again');
  }
  expect((await live()).statusCode).toBe(200);
  expect((await ready()).statusCode).toBe(503);
  await proxy.mend();
  expect((await fragile.call('POST', path, { body: release })).status).toBe(200);
  expect((await ready()).statusCode).toBe(200);
  const [row] = await direct.query<{ count: number }>('select count(*) as count from release');
  expect(row?.count).toBe(1);
});

test('a closing server finishes the requests in flight and sends their clients away', async () => {
  const ownDb = await testDatabase();
  const closing = await spiraServer(ownDb);
  const closingPort = await closing.port();
  await aTestCase(ownDb, closing.projectId);
  const releaseIds = await aRelease(ownDb, closing.projectId);
  const path = `projects/${closing.projectId}/releases/${releaseIds}`;
  const { promise: mayGoOn, resolve: goOn } = Promise.withResolvers<void>();
  const { promise: isLocked, resolve: locked } = Promise.withResolvers<void>();
  const lock = ownDb.transaction(async (transaction) => {
    await transaction.query('lock table release in access exclusive mode');
    locked();
    await mayGoOn;
  });
  await isLocked;
  const request = `GET ${base}/${path} HTTP/1.1\r\nHost: x\r\nusername: ${closing.owner.login}\r\napi-key: ${closing.owner.apiKey}\r\n\r\n`;
  const inFlight = rawHttp(closingPort, request);
  await waitingForLock(ownDb);
  const closed = closing.app.close();
  await refusesConnections(closingPort);
  goOn();
  const answer = await inFlight;
  expect(answer.status, answer.text).toBe(200);
  expect(answer.header('Connection')).toBe('close');
  await closed;
  await lock;
});

/** Resolves when some statement waits for a lock; the database itself tells. */
async function waitingForLock(database: Database): Promise<void> {
  for (;;) {
    const waiting = await database.query(
      `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    if (waiting.length > 0) return;
  }
}

/** Resolves when the port takes no more connections. */
async function refusesConnections(atPort: number): Promise<void> {
  for (;;) {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const socket = connect(atPort, '127.0.0.1');
    socket.on('connect', () => resolve(false));
    socket.on('error', () => resolve(true));
    const isRefused = await promise;
    socket.destroy();
    if (isRefused) return;
  }
}
