import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { readBody, textOf } from './body.ts';

/** A request's stream with these headers, its body sent in the given pieces. */
function request(headers: Record<string, string>, ...pieces: Buffer[]): IncomingMessage {
  const stream = new PassThrough();
  for (const piece of pieces) stream.write(piece);
  stream.end();
  return Object.assign(stream, { headers }) as unknown as IncomingMessage;
}

const text = Buffer.from('{"a":1}');

test.each([
  ['plain', '', text],
  ['identity', 'identity', text],
  ['gzip', 'gzip', gzipSync(text)],
  ['deflate with a header', 'deflate', deflateSync(text)],
  ['bare deflate', 'Deflate', deflateRawSync(text)],
])('reads a %s body', async (_what, encoding, sent) => {
  expect(await readBody(request({ 'content-encoding': encoding }, sent), 1_000)).toEqual(text);
});

test.each([
  ['an announced length', request({ 'content-length': '1001' }), 'tooLarge'],
  ['what really comes', request({}, Buffer.alloc(600), Buffer.alloc(600)), 'tooLarge'],
  [
    'a small body that inflates to a large one',
    request({ 'content-encoding': 'gzip' }, gzipSync(Buffer.alloc(1_000_000))),
    'tooLarge',
  ],
  ['gzip that is none', request({ 'content-encoding': 'gzip' }, text), 'malformed'],
  ['an unknown encoding', request({ 'content-encoding': 'br' }, text), 'unsupportedMedia'],
])('refuses %s', async (_what, sent, code) => {
  await expect(readBody(sent, 1_000)).rejects.toMatchObject({ code });
});

test('a body that ends before its time is refused', async () => {
  const stream = Object.assign(new PassThrough(), { headers: {} });
  stream.write('{');
  const reading = readBody(stream as unknown as IncomingMessage, 1_000);
  stream.destroy();
  await expect(reading).rejects.toMatchObject({ code: 'malformed' });
});

test.each([
  ['UTF-8', Buffer.from('é✓'), 'é✓'],
  ['a byte-order mark', Buffer.from('\ufeff{}'), '{}'],
  ['Latin-1 bytes', Buffer.from([0x22, 0xe9, 0x22]), '"é"'],
  ['Windows-1252 bytes', Buffer.from([0x93, 0x80, 0x94]), '“€”'],
  ['UTF-16 with its mark', Buffer.from('\ufeff{}', 'utf16le'), '{}'],
])('decodes %s', (_what, bytes, expected) => {
  expect(textOf(bytes)).toBe(expected);
});
