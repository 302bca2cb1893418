import { repairJson } from './json-repair.ts';
import { DEEPEST_NESTING, MOST_CONTAINERS } from './lenient-json.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const OPENING_BRACKET = 0x5b;
const CLOSING_BRACKET = 0x5d;
const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;

/** A list of a JSON body, as the bytes that it came in: items are read when they are asked for, and not kept. */
export interface JsonList {
  readonly length: number;
  /** Returns how many bytes an item takes. */
  sizeOf(position: number): number;
  /** Returns the value of an item, read with the same repairs as a whole body. */
  read(position: number): unknown;
}

/** How the bytes of a body become text. */
export interface BodyText {
  textOf(bytes: Buffer): string;
  /** Called for an item that cannot be read even so; has to throw what is said of the whole body. */
  refuse(): never;
}

/**
 * Returns the list that the bytes hold, undefined when they hold anything else, or what the reader of whole bodies
 * refuses. The bytes are in an encoding whose first 128 characters are those of ASCII, as JSON's own signs are.
 */
export function listInBytes(bytes: Buffer, body: BodyText): JsonList | undefined {
  const ends = itemEnds(bytes);
  if (!ends) return undefined;
  const textOf = (position: number) => body.textOf(bytes.subarray(ends[position]! + 1, ends[position + 1]));
  return {
    length: ends.length - 1,
    sizeOf: (position) => ends[position + 1]! - ends[position]! - 1,
    read: (position) => {
      const text = textOf(position);
      try {
        return JSON.parse(text);
      } catch {
        const repaired = repairJson(text);
        return 'text' in repaired ? JSON.parse(repaired.text) : body.refuse();
      }
    },
  };
}

/**
 * Returns the offset of the opening bracket and of what ends each item, a comma or the closing bracket; one pass over
 * the bytes, no copy of them.
 */
function itemEnds(bytes: Buffer): number[] | undefined {
  const start = skipBlanks(bytes, hasByteOrderMark(bytes) ? 3 : 0);
  if (bytes[start] !== OPENING_BRACKET) return undefined;
  const ends = [start];
  let depth = 1;
  let containers = 1;
  let isInString = false;
  for (let offset = start + 1; offset < bytes.length; offset += 1) {
    const byte = bytes[offset];
    if (isInString) {
      if (byte === BACKSLASH) offset += 1;
      else if (byte === QUOTE) isInString = false;
    } else if (byte === QUOTE) {
      isInString = true;
    } else if (byte === OPENING_BRACKET || byte === OPENING_BRACE) {
      depth += 1;
      containers += 1;
      if (depth > DEEPEST_NESTING || containers > MOST_CONTAINERS) return undefined;
    } else if (byte === CLOSING_BRACKET || byte === CLOSING_BRACE) {
      depth -= 1;
      if (depth === 0) return byte === CLOSING_BRACKET ? closed(bytes, ends, offset) : undefined;
    } else if (byte === COMMA && depth === 1) {
      ends.push(offset);
    }
  }
  return undefined;
}

/** Nothing but blanks may follow the list, and a comma that ends it ends its last item. */
function closed(bytes: Buffer, ends: number[], end: number): number[] | undefined {
  if (skipBlanks(bytes, end + 1) < bytes.length) return undefined;
  if (skipBlanks(bytes, ends.at(-1)! + 1) < end) ends.push(end);
  return ends;
}

const hasByteOrderMark = (bytes: Buffer) => bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;

function skipBlanks(bytes: Buffer, from: number): number {
  let offset = from;
  while (offset < bytes.length && isBlank(bytes[offset])) offset += 1;
  return offset;
}

const isBlank = (byte: number | undefined) => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
