import { type JsonList, listInBytes } from '../../wire/spira/json-list.ts';
import { isXml } from '../../wire/spira/media.ts';
import { Garbage } from '../garbage.ts';
import { textReader } from './body.ts';
import { decodeItems, type ObjectBody } from './decode.ts';
import type { BodyShape, DecodedList, DecodedPortion } from './operation.ts';

/** A list as large as that is not decoded at once: as objects it would take several times its bytes. */
const LARGE_BODY = 4 * 1_048_576;
/** A portion ends with whichever comes first. */
const MOST_ITEMS = 500;
const MOST_BYTES = 524_288;

const PORTION_COLLECTIONS = { everyBytes: 1, wholeEveryBytes: 8 * 1_048_576 };
/** The JSON text of so large an item is given up before anything is made of its value. */
const HUGE_ITEM = 1_048_576;

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
  const garbage = new Garbage(PORTION_COLLECTIONS);
  for (let from = 0; from < list.length; ) {
    const { end, bytes } = endOfPortion(list, from);
    yield { from, ...decodeItems(shape, values(list, { from, end, garbage }), { from }) };
    garbage.leave(bytes);
    from = end;
  }
}

function* decodedItems(shape: ObjectBody, list: JsonList, least: number): Generator<object | undefined> {
  const garbage = new Garbage({ ...PORTION_COLLECTIONS, everyBytes: MOST_BYTES });
  for (let position = 0; position < list.length; position += 1) {
    if (list.sizeOf(position) < least) continue;
    const item = values(list, { from: position, end: position + 1, garbage });
    yield decodeItems(shape, item, { from: position }).items[0];
    garbage.leave(list.sizeOf(position));
  }
}

function endOfPortion(list: JsonList, from: number): { end: number; bytes: number } {
  let end = from + 1;
  let bytes = list.sizeOf(from);
  while (end < list.length && end - from < MOST_ITEMS && bytes + list.sizeOf(end) <= MOST_BYTES) {
    bytes += list.sizeOf(end);
    end += 1;
  }
  return { end, bytes };
}

function* values(
  list: JsonList,
  { from, end, garbage }: { from: number; end: number; garbage: Garbage },
): Generator<unknown> {
  for (let position = from; position < end; position += 1) {
    const value = list.read(position);
    if (list.sizeOf(position) >= HUGE_ITEM) garbage.leave(1);
    yield value;
  }
}
