import { once } from 'node:events';
import { existsSync, readFileSync, statSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { expect, test, vi } from 'vitest';
import { clusterDirectory } from '../../src/storage/engines/data-directory.ts';
import { anApiKey } from '../support/builders.ts';
import { emptyTestDatabase, testDatabaseWithUrl } from '../support/database.ts';
import { aDataDirectory, addressOf, type Program, runProgram, startProgram, startShell } from '../support/program.ts';

const serve = (data: string, ...more: string[]): Program =>
  startProgram(['serve', '--port', '0', '--sample', 'off', '--data', data, ...more]);

async function stopped(program: Program, signal: NodeJS.Signals = 'SIGINT'): Promise<number | null> {
  program.child.kill(signal);
  return program.ended;
}

const spira = (address: string, call: string) => `${address}/Services/v7_0/RestService.svc/${call}`;

async function signIn(address: string, key: string): Promise<number> {
  const answer = await fetch(spira(address, 'projects'), { headers: { username: 'administrator', 'api-key': key } });
  await answer.arrayBuffer();
  return answer.status;
}

test('the first start says where it answers and where the key of the administrator lies, and that key works', async () => {
  const data = aDataDirectory();
  const server = serve(data);
  const address = await addressOf(server);
  expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  const keyFile = path.join(data, 'administrator.key');
  expect(server.stdout()).toMatch(/Administrator +administrator\n/);
  expect(server.stdout()).toContain(keyFile);
  expect(server.stdout()).toContain(`embedded PostgreSQL in ${data}`);
  expect(statSync(keyFile).mode & 0o777).toBe(0o600);
  const key = readFileSync(keyFile, 'utf8').trim();
  expect((await fetch(`${address}/health/ready`)).status).toBe(200);
  expect(await signIn(address, key)).toBe(200);
  expect(await signIn(address, key.replace(/[0-9A-F]}$/, 'x}'))).toBe(401);
  expect(await stopped(server)).toBe(0);
  expect(server.stdout() + server.stderr()).not.toContain(key.slice(1, -1));
  expect(existsSync(path.join(clusterDirectory(data), 'postmaster.pid'))).toBe(false);

  const again = serve(data);
  const secondAddress = await addressOf(again);
  expect(readFileSync(keyFile, 'utf8').trim()).toBe(key);
  expect(await signIn(secondAddress, key)).toBe(200);
  expect(await stopped(again, 'SIGTERM')).toBe(0);
});

test('a second server on the same directory is refused by exit code 5, naming process and address of the first', async () => {
  const data = aDataDirectory();
  const first = serve(data);
  const address = await addressOf(first);
  const second = serve(data);
  expect(await second.ended).toBe(5);
  expect(second.stderr()).toContain(`process ${first.pid}, ${address}`);
  expect((await fetch(`${address}/health/ready`)).status).toBe(200);
  expect(await stopped(first)).toBe(0);
});

test('a killed server needs no hand: the next one adopts its database', async () => {
  const data = aDataDirectory();
  const first = serve(data);
  await addressOf(first);
  first.child.kill('SIGKILL');
  await first.ended;
  const next = serve(data);
  expect((await fetch(`${await addressOf(next)}/health/ready`)).status).toBe(200);
  expect(next.stdout()).toContain('adopted');
  expect(await stopped(next)).toBe(0);
});

/** A request whose body has arrived in part: the server is working on it until the rest comes. */
interface HalfRequest {
  answer(): string;
  finish(): void;
  closed: Promise<unknown>;
}

async function halfRequest(address: string, key: string): Promise<HalfRequest> {
  const { hostname, port } = new URL(address);
  const socket = net.connect(Number(port), hostname);
  const closed = new Promise((resolve) => socket.on('close', resolve));
  let answer = '';
  socket.on('error', () => {});
  socket.on('data', (chunk) => {
    answer += chunk.toString();
  });
  socket.write(
    `POST ${new URL(spira(address, 'projects')).pathname} HTTP/1.1\r\nhost: x\r\nusername: administrator\r\n` +
      `api-key: ${key}\r\ncontent-type: application/json\r\nexpect: 100-continue\r\ncontent-length: 17\r\n\r\n{"Name": `,
  );
  // Node says so when it begins with the request.
  await vi.waitFor(() => expect(answer).toContain('100 Continue'), { timeout: 20_000 });
  answer = '';
  return { answer: () => answer, finish: () => socket.write('"Late"} '), closed };
}

async function servedExternally(...more: string[]): Promise<{ server: Program; address: string; key: string }> {
  const { connectionString, db } = await testDatabaseWithUrl();
  const server = serve(aDataDirectory(), '--database-url', connectionString, ...more);
  return { server, address: await addressOf(server), key: await anApiKey(db) };
}

test('a request in flight is answered before the server stops, and new ones are not accepted', async () => {
  const { server, address, key } = await servedExternally();
  const request = await halfRequest(address, key);
  server.child.kill('SIGTERM');
  await vi.waitFor(() => expect(fetch(`${address}/health/live`)).rejects.toThrow(), { timeout: 20_000 });
  expect(request.answer()).toBe('');
  request.finish();
  await request.closed;
  expect(request.answer()).toMatch(/^HTTP\/1\.1 200 [\s\S]*"Name":"Late"/);
  expect(await server.ended).toBe(0);
});

test('what is still in flight after the grace time is cut off', async () => {
  const { server, address, key } = await servedExternally('--shutdown-grace', '0');
  const request = await halfRequest(address, key);
  expect(await stopped(server)).toBe(0);
  await request.closed;
  expect(request.answer()).toBe('');
});

test('a second Ctrl-C does not wait for what is in flight', async () => {
  const { server, address, key } = await servedExternally();
  await halfRequest(address, key);
  server.child.kill('SIGINT');
  await vi.waitFor(
    () => {
      server.child.kill('SIGINT');
      expect(server.child.exitCode).toBe(130);
    },
    { timeout: 20_000, interval: 100 },
  );
});

test('a server that npm started stops with npm, whose shell does not pass signals on', async () => {
  const { connectionString } = await testDatabaseWithUrl();
  const words = `serve --port 0 --sample off --data ${aDataDirectory()} --database-url '${connectionString}'`;
  const shell = startShell(words, { npm_lifecycle_event: 'start' });
  const address = await addressOf(shell);
  shell.child.kill('SIGTERM');
  await vi.waitFor(() => expect(fetch(`${address}/health/live`)).rejects.toThrow(), { timeout: 10_000 });
  await shell.ended;
  expect(shell.stderr()).toContain('npm has ended');
});

test('a port that is taken is named with the way out', async () => {
  const { connectionString } = await testDatabaseWithUrl();
  const blocker = net.createServer().listen(0, '127.0.0.1');
  await once(blocker, 'listening');
  const { port } = blocker.address() as net.AddressInfo;
  const words = ['serve', '--sample', 'off', '--port', String(port), '--data', aDataDirectory()];
  const { code, stderr } = await runProgram(words, { DATABASE_URL: connectionString });
  blocker.close();
  expect(code).toBe(1);
  expect(stderr).toContain(`Cannot listen on 127.0.0.1, port ${port}: another program listens there`);
});

test('two servers share an external database, and the second says that a key exists already', async () => {
  const { connectionString } = await emptyTestDatabase();
  const first = serve(aDataDirectory(), '--database-url', connectionString);
  const addresses = [await addressOf(first)];
  const second = serve(aDataDirectory(), '--database-url', connectionString);
  addresses.push(await addressOf(second));
  for (const address of addresses) expect((await fetch(`${address}/health/ready`)).status).toBe(200);
  expect(second.stdout()).toContain('key create administrator');
  expect(await stopped(first)).toBe(0);
  expect(await stopped(second)).toBe(0);
});

test('a database that cannot be reached is told by exit code 4, without the password', async () => {
  const url = 'postgres://someone:secret@127.0.0.1:1/ledger';
  const { code, stderr } = await runProgram(['migrate', '--database-url', url]);
  expect(code).toBe(4);
  expect(stderr).toMatch(/The database cannot be used: .*ECONNREFUSED/);
  expect(stderr).not.toContain('secret');
});

test('bad options stop the start by exit code 2 before anything is made', async () => {
  const data = aDataDirectory();
  const { code, stderr } = await runProgram(['serve', '--data', data, '--port', '99999'], { RUNLEDGER_PROT: '1' });
  expect(code).toBe(2);
  expect(stderr).toContain('--port: "99999" is not allowed; allowed is a whole number from 0 to 65535');
  expect(stderr).toContain('RUNLEDGER_PROT: there is no such option');
  expect(existsSync(data)).toBe(false);
});
