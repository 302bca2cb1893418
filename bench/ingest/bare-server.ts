// A program: the least that a server in JavaScript does for a bulk call. It reads the body, parses it, and writes an answer
// like the one it was given; nothing is checked and nothing stored. Its parent gives the answer and is told the port.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

process.once('message', (text: string) => {
  const answer: unknown = JSON.parse(text);
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    JSON.parse(Buffer.concat(parts).toString('utf8'));
    response.setHeader('content-type', 'application/json; charset=utf-8').end(JSON.stringify(answer));
  });
  server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
});
process.once('disconnect', () => process.exit());
