import { Readable } from 'node:stream';
import { constants, createZstdCompress, createZstdDecompress } from 'node:zlib';
import type { ReadSide } from '../../views/view.ts';
import { Garbage } from '../garbage.ts';
import { completeCustomValues } from './custom-definitions.ts';
import type { AnyObject } from './operation.ts';

const quickly = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

/** Longer texts are written in pieces of so many characters. */
const PIECE_LENGTH = 65_536;
const LONGEST_CHARACTER_BYTES = 3;
/** So many bytes are handed on to be compressed at once. */
const HANDED_ON_BYTES = 524_288;
const COLLECTIONS = { everyBytes: 4 * 1_048_576, wholeEveryBytes: 32 * 1_048_576 };

/**
 * The JSON text of a list that would be too long to be kept, as rows or as text, until the call is committed: it is
 * written as the rows come, and waits compressed. Its length is known before it is sent.
 */
export class LongAnswer {
  private readonly object: AnyObject;
  private readonly packer = createZstdCompress(quickly);
  private readonly packed: Buffer[] = [];
  /** Where text becomes bytes, again and again: new buffers would fill the memory faster than they are collected. */
  private readonly place = Buffer.allocUnsafeSlow(HANDED_ON_BYTES);
  private filled = 0;
  private written = 0;

  constructor(object: AnyObject) {
    this.object = object;
    this.packer.on('data', (chunk: Buffer) => this.packed.push(chunk));
  }

  /** Length of the text in bytes. */
  get length(): number {
    return this.written;
  }

  /** Appends rows, their custom values completed. */
  async add(rows: readonly object[], read: ReadSide): Promise<void> {
    const completed = await completeCustomValues(read, { kind: 'list', object: this.object }, rows);
    for (const row of completed as readonly object[]) {
      await this.write(this.written === 0 ? '[' : ',');
      if (hasLongText(row)) for (const piece of jsonPieces(this.object.encode(row))) await this.write(piece);
      else await this.write(this.object.json(row));
    }
  }

  /** Ends the list; nothing can be added then. */
  async end(): Promise<this> {
    await this.write(this.written === 0 ? '[]' : ']');
    await this.handOn();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.packer.once('end', resolve).once('error', reject).end();
    await promise;
    return this;
  }

  /** Returns the text, unpacked as it is read. */
  text(): Readable {
    const unpacked = Readable.from(this.packed).compose(createZstdDecompress({ chunkSize: PIECE_LENGTH }));
    return Readable.from(givenUp(unpacked), { objectMode: false });
  }

  /** Returns the text as it is kept, once it has ended: one frame of zstd. */
  packedText(): Buffer {
    return Buffer.concat(this.packed);
  }

  private async write(text: string): Promise<void> {
    for (const piece of cut(text)) {
      if (this.filled + piece.length * LONGEST_CHARACTER_BYTES > this.place.length) await this.handOn();
      const length = this.place.write(piece, this.filled);
      this.filled += length;
      this.written += length;
    }
  }

  private async handOn(): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.packer.write(this.place.subarray(0, this.filled), (error) => (error ? reject(error) : resolve()));
    await promise;
    this.filled = 0;
  }
}

/** Passes chunks on, and gives up their memory, and before all the body of the call, which is not needed any more. */
async function* givenUp(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const garbage = new Garbage(COLLECTIONS);
  garbage.leave(COLLECTIONS.wholeEveryBytes);
  for await (const chunk of chunks) {
    yield chunk;
    garbage.leave(chunk.length);
  }
}

const isLong = (value: unknown): value is string => typeof value === 'string' && value.length > PIECE_LENGTH;
const hasLongText = (row: object) => Object.values(row).some(isLong);

/** Returns the JSON text of an object in pieces, its long texts cut up. */
function* jsonPieces(value: Record<string, unknown>): Generator<string> {
  let before = '{';
  for (const [name, member] of Object.entries(value)) {
    yield `${before}${JSON.stringify(name)}:`;
    before = ',';
    if (isLong(member)) {
      yield '"';
      for (const piece of cut(member)) yield JSON.stringify(piece).slice(1, -1);
      yield '"';
    } else {
      yield JSON.stringify(member);
    }
  }
  yield '}';
}

/** Returns a text in pieces; a character of two halves is not cut apart. */
function* cut(text: string): Generator<string> {
  for (let from = 0; from < text.length; ) {
    const end = Math.min(from + PIECE_LENGTH, text.length);
    const splits = end < text.length && isFirstHalf(text.charCodeAt(end - 1));
    yield text.slice(from, splits ? end - 1 : end);
    from = splits ? end - 1 : end;
  }
}

const isFirstHalf = (code: number) => code >= 0xd800 && code <= 0xdbff;
