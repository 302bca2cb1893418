import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { SpiraClient } from './spira-client.ts';

test('an idle connection is given up before the server does so', async () => {
  const server = http.createServer({ keepAliveTimeout: 2_000 }, (_request, answer) => answer.end('{}'));
  const endedBy = new Promise<string>((resolve) => {
    server.once('connection', (socket) => {
      socket.once('end', () => resolve('client'));
      socket.once('close', () => resolve('server'));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const { port } = server.address() as AddressInfo;
    using client = new SpiraClient({ url: `http://127.0.0.1:${port}`, user: 'ada', key: 'key', connections: 1 });
    await client.get('projects');
    expect(await endedBy).toBe('client');
  } finally {
    server.close();
  }
});
