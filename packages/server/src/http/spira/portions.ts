import { type JsonList, listInBytes } from '../../wire/spira/json-list.ts';
import { isXml } from '../../wire/spira/media.ts';
import { textReader } from './body.ts';
import { decodeItems, type ObjectBody } from './decode.ts';
import type { BodyShape, DecodedList, DecodedPortion } from './operation.ts';

/** A list as large as that is not decoded at once: as objects it would take several times its bytes. */
const LARGE_BODY = 4 * 1_048_576;
/** A portion ends with whichever comes first. */
const MOST_ITEMS = 500;
const MOST_BYTES = 524_288;

interface SentBody {
  bytes: Buffer;
  contentType: string | undefined;
  wantsXml: boolean;
  /** Throws what is wrong with the body as a whole. */
  refuse(): never;
}

/**
 * Returns a very large JSON list to be decoded portion by portion; undefined when it is to be decoded at once. The body
 * stays in memory as bytes, and what is made of a portion may go before the next one is made.
 */
export function listInPortions(shape: BodyShape, sent: SentBody): DecodedList<object> | undefined {
  if (shape.kind !== 'list' || !shape.mayComeInPortions) return undefined;
  const { bytes, contentType, wantsXml, refuse } = sent;
  if (bytes.length < LARGE_BODY || wantsXml || isXml(contentType)) return undefined;
  const list = listInBytes(bytes, { textOf: textReader(bytes), refuse });
  if (!list) return undefined;
  const portions = {
    [Symbol.iterator]: () => decodedPortions(shape, list),
    itemsFrom: (least: number) => decodedItems(shape, list, least),
  };
  return { items: [], issues: [], wasSingle: false, portions };
}

function* decodedPortions(shape: ObjectBody, list: JsonList): Generator<DecodedPortion<object>> {
  for (let from = 0; from < list.length; ) {
    const end = endOfPortion(list, from);
    yield { from, ...decodeItems(shape, values(list, from, end), { from }) };
    from = end;
  }
}

function* decodedItems(shape: ObjectBody, list: JsonList, least: number): Generator<object | undefined> {
  for (let position = 0; position < list.length; position += 1) {
    if (list.sizeOf(position) < least) continue;
    yield decodeItems(shape, values(list, position, position + 1), { from: position }).items[0];
  }
}

function endOfPortion(list: JsonList, from: number): number {
  let end = from + 1;
  let bytes = list.sizeOf(from);
  while (end < list.length && end - from < MOST_ITEMS && bytes + list.sizeOf(end) <= MOST_BYTES) {
    bytes += list.sizeOf(end);
    end += 1;
  }
  return end;
}

function* values(list: JsonList, from: number, end: number): Generator<unknown> {
  for (let position = from; position < end; position += 1) yield list.read(position);
}
