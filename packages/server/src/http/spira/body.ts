import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip, inflate, inflateRaw } from 'node:zlib';
import { DomainError } from '../../domain/errors.ts';
import { Garbage } from '../garbage.ts';

const unzip = { gzip: promisify(gunzip), inflate: promisify(inflate), inflateRaw: promisify(inflateRaw) };

const tooLarge = (limit: number) =>
  new DomainError('tooLarge', `The body is larger than ${limit} bytes, the limit of this server`);

/** Returns the bytes of a request's body. Refuses more than `limit`, sent or inflated; the rest is left unread. */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge(limit);
  const sent = await collect(request, limit);
  return sent.length === 0 ? sent : inflated(sent, request.headers['content-encoding'] ?? '', limit);
}

function collect(request: IncomingMessage, limit: number): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const collected = collectionFor(request);
  let length = 0;
  const onData = (chunk: Buffer) => {
    length += chunk.length;
    if (length > limit) {
      stop();
      reject(tooLarge(limit));
    } else {
      collected.add(chunk);
    }
  };
  const onEnd = () => {
    stop();
    resolve(collected.whole());
  };
  const onCut = () => {
    stop();
    reject(new DomainError('malformed', 'The connection ended before the whole body had come'));
  };
  const stop = () => {
    request.off('data', onData).off('end', onEnd).off('error', onCut).off('close', onCut);
  };
  request.on('data', onData).on('end', onEnd).on('error', onCut).on('close', onCut);
  return promise;
}

interface Collection {
  add(chunk: Buffer): void;
  whole(): Buffer;
}

/** From this length on, a body is written to its place as it comes: put together at its end, it would be there twice. */
const LARGE_BYTES = 1_048_576;
/** What it came in is collected after so many bytes: else as much again would lie around. */
const CHUNKS_COLLECTED_BYTES = 4 * 1_048_576;

function collectionFor(request: IncomingMessage): Collection {
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced < LARGE_BYTES) {
    const chunks: Buffer[] = [];
    return { add: (chunk) => chunks.push(chunk), whole: () => Buffer.concat(chunks) };
  }
  // Node lets no more bytes through than were announced. Pages that were not written to take no memory.
  const place = Buffer.allocUnsafeSlow(announced);
  const garbage = new Garbage({ everyBytes: CHUNKS_COLLECTED_BYTES });
  let length = 0;
  return {
    add: (chunk) => {
      length += chunk.copy(place, length);
      garbage.leave(chunk.length);
    },
    whole: () => place.subarray(0, length),
  };
}

/** The limit holds for what comes out, too: a small body may not become a huge one. */
async function inflated(sent: Buffer, encoding: string, limit: number): Promise<Buffer> {
  const options = { maxOutputLength: limit };
  try {
    switch (encoding.trim().toLowerCase()) {
      case '':
      case 'identity':
        return sent;
      case 'gzip':
      case 'x-gzip':
        return await unzip.gzip(sent, options);
      case 'deflate':
        // With the zlib header as the standard says, or bare as some clients send it.
        return await (((sent[0] ?? 0) & 0x0f) === 8 ? unzip.inflate : unzip.inflateRaw)(sent, options);
    }
  } catch (error) {
    if ((error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(limit);
    throw new DomainError('malformed', `The body is not what its Content-Encoding, ${encoding}, says`);
  }
  throw new DomainError('unsupportedMedia', `The Content-Encoding ${encoding.slice(0, 40)} is not understood`);
}

/**
 * Returns the text of a body: UTF-8, and where the bytes are none, Windows-1252 (some shipped clients cut every
 * character to its low byte). A byte-order mark is skipped, one of UTF-16 obeyed.
 */
export function textOf(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  const text = textReader(bytes)(bytes);
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

/** Returns what makes text of parts of a body that is not in UTF-16. The body as a whole decides how. */
export function textReader(bytes: Buffer): (part: Buffer) => string {
  if (isUtf8(bytes)) return (part) => part.toString('utf8');
  const decoder = new TextDecoder('windows-1252');
  return (part) => decoder.decode(part);
}
