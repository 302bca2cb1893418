/** The types of elements that are sent in PostgreSQL's binary format, with their numbers in its catalogue. */
const typeNumbers = {
  smallint: 21,
  integer: 23,
  bigint: 20,
  bytea: 17,
  text: 25,
  timestamptz: 1184,
  jsonb: 3802,
} as const;

export type ElementType = keyof typeof typeNumbers;

const HEADER_BYTES = 20;
/** PostgreSQL counts from 2000, in microseconds. */
const POSTGRES_EPOCH_MS = 946_684_800_000;
const TWO_TO_32 = 4_294_967_296;
/** Texts up to this length get the room of the widest encoding instead of being measured first. */
const UNMEASURED_LENGTH = 1_000;

/**
 * Returns a parameter that holds an array in the binary format (the driver sends buffers as such); the statement must
 * cast it to the same type. Against array literals it saves the escaping here and the parsing there: 500 runs are
 * inserted in three quarters of the time.
 *
 * An array without any value is empty: unnest fills up the shorter of its arrays with null.
 */
export function binaryArray(type: ElementType, values: readonly unknown[]): Buffer {
  const written: unknown[] = type === 'jsonb' ? values.map(jsonText) : (values as unknown[]);
  let isEmpty = true;
  let size = HEADER_BYTES;
  for (const value of written) {
    size += 4;
    if (value === null || value === undefined) continue;
    isEmpty = false;
    size += typeof value === 'string' ? roomFor(value) + 1 : Buffer.isBuffer(value) ? value.length : 8;
  }
  const buffer = Buffer.allocUnsafe(size);
  const count = isEmpty ? 0 : written.length;
  writeHeader(buffer, type, count);
  const write = writers[type];
  let offset = HEADER_BYTES;
  for (let position = 0; position < count; position += 1) {
    const value = written[position];
    const isNull = value === null || value === undefined;
    const length = isNull ? -1 : write(buffer, value, offset + 4);
    buffer.writeInt32BE(length, offset);
    offset += 4 + Math.max(length, 0);
  }
  return buffer.subarray(0, offset);
}

/** One dimension, lower bound 1. */
function writeHeader(buffer: Buffer, type: ElementType, count: number): void {
  buffer.writeInt32BE(1, 0);
  buffer.writeInt32BE(1, 4);
  buffer.writeInt32BE(typeNumbers[type], 8);
  buffer.writeInt32BE(count, 12);
  buffer.writeInt32BE(1, 16);
}

const roomFor = (text: string) => (text.length > UNMEASURED_LENGTH ? Buffer.byteLength(text, 'utf8') : text.length * 3);

/** Half a character (a lone surrogate) is escaped by JSON and refused by jsonb, so it is replaced first. */
const jsonText = (value: unknown) =>
  value === null || value === undefined
    ? null
    : JSON.stringify(value, (_name, part: unknown) => (typeof part === 'string' ? part.toWellFormed() : part));

/** Each writes a value at an offset and returns how many bytes it took. */
const writers: Record<ElementType, (buffer: Buffer, value: unknown, offset: number) => number> = {
  smallint: (buffer, value, offset) => buffer.writeInt16BE(value as number, offset) - offset,
  integer: (buffer, value, offset) => buffer.writeInt32BE(value as number, offset) - offset,
  bigint: (buffer, value, offset) => writeInt64(buffer, value as number, offset),
  bytea: (buffer, value, offset) => (value as Buffer).copy(buffer, offset),
  text: (buffer, value, offset) => buffer.write(value as string, offset, 'utf8'),
  timestamptz: (buffer, value, offset) =>
    writeInt64(buffer, ((value as Date).getTime() - POSTGRES_EPOCH_MS) * 1000, offset),
  // The first byte is the version of the format.
  jsonb: (buffer, value, offset) => {
    buffer[offset] = 1;
    return 1 + buffer.write(value as string, offset + 1, 'utf8');
  },
};

/** Ids and microseconds are beyond 32 bits; a BigInt for each would cost more than the rest of the row. */
function writeInt64(buffer: Buffer, value: number, offset: number): number {
  const high = Math.floor(value / TWO_TO_32);
  buffer.writeInt32BE(high, offset);
  buffer.writeUInt32BE(value - high * TWO_TO_32, offset + 4);
  return 8;
}
