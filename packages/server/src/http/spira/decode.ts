import { DomainError, type Issue, refuse } from '../../domain/errors.ts';
import type { CustomFields } from '../../wire/spira/custom-filter.ts';
import { decodeFilters } from '../../wire/spira/filter.ts';
import { Decoding, decodeIdList } from '../../wire/spira/scalars.ts';
import type { BodyShape, DecodedList } from './operation.ts';

/** Wrong items beyond this many are not looked at; the first of them decides the answer anyway. */
const MOST_ISSUES = 1_000;

export type ObjectBody = Extract<BodyShape, { kind: 'one' | 'list' }>;

/** A decoded body, and whether one object came as a list of one (the answer then keeps that shape). */
export interface DecodedBody {
  body: unknown;
  cameAsList: boolean;
}

/**
 * Returns what a handler is given as its body; `raw` is the JSON value, undefined when nothing was sent. `customFields`:
 * those of the object, where the body filters by one.
 */
export function decodeBody(shape: BodyShape, raw: unknown, customFields: CustomFields = []): DecodedBody {
  switch (shape.kind) {
    case 'none':
      return { body: undefined, cameAsList: false };
    case 'any':
      return { body: raw, cameAsList: false };
    case 'filters':
      return {
        body: decoded((decoding) => decodeFilters(raw, shape.object, { decoding, customFields })),
        cameAsList: false,
      };
    case 'oneOrFilters':
      return { body: oneOrFilters(shape, raw, customFields), cameAsList: false };
    case 'ids':
      refuseEmpty(raw === null || raw === '' ? undefined : raw, 'a list of ids');
      return {
        body: decoded((decoding) => decodeIdList(Array.isArray(raw) ? raw : [raw], decoding)),
        cameAsList: false,
      };
    case 'one':
      return decodeOne(shape, raw);
    case 'list':
      return { body: decodeList(shape, raw), cameAsList: false };
  }
}

function refuseEmpty(raw: unknown, wanted: string): void {
  if (raw === undefined) throw new DomainError('malformed', `The body is empty, but ${wanted} is needed`);
}

/** Decodes and refuses at once when anything is wrong. */
function decoded<Value>(decode: (decoding: Decoding) => Value): Value {
  const issues: Issue[] = [];
  const value = decode(new Decoding(issues));
  refuse(issues);
  return value;
}

function decodeOne(shape: ObjectBody, raw: unknown): DecodedBody {
  refuseEmpty(raw, `an object (${shape.object.name})`);
  if (Array.isArray(raw) && raw.length !== 1) {
    throw new DomainError('invalid', `One object (${shape.object.name}) is wanted, a list of ${raw.length} was sent`);
  }
  const cameAsList = Array.isArray(raw);
  const body = decoded((decoding) =>
    decodeItem(shape, cameAsList ? raw[0] : raw, cameAsList ? decoding.item(0) : decoding),
  );
  return { body, cameAsList };
}

function oneOrFilters(
  { object }: Extract<BodyShape, { kind: 'oneOrFilters' }>,
  raw: unknown,
  customFields: CustomFields,
): object {
  if (raw !== null && typeof raw === 'object' && !Array.isArray(raw)) {
    return {
      readToCreate: () => decoded((decoding) => decodeItem({ kind: 'one', object, intent: 'create' }, raw, decoding)),
    };
  }
  return { readFilters: () => decoded((decoding) => decodeFilters(raw, object, { decoding, customFields })) };
}

function decodeItem({ object, intent }: ObjectBody, raw: unknown, decoding: Decoding): object | undefined {
  const item = object.decode(raw, decoding);
  if (item && intent === 'create') object.requireMembers(item, decoding);
  return item;
}

function decodeList(shape: Extract<BodyShape, { kind: 'list' }>, raw: unknown): DecodedList<object> {
  if (shape.mayBeEmpty && (raw === undefined || raw === null || raw === '')) {
    return { items: [], issues: [], wasSingle: false };
  }
  refuseEmpty(raw, `a list of objects (${shape.object.name})`);
  if (raw === null || typeof raw !== 'object') {
    throw new DomainError('invalid', `A list of objects (${shape.object.name}) is wanted`);
  }
  return Array.isArray(raw)
    ? { ...decodeItems(shape, raw, { from: 0 }), wasSingle: false }
    : { ...decodeItems(shape, [raw], {}), wasSingle: true };
}

/**
 * Returns what could be decoded of some items, by position, and what is wrong with the rest. `from`: the position of the
 * first in the list that was sent; missing when none was.
 */
export function decodeItems(
  shape: ObjectBody,
  raws: Iterable<unknown>,
  { from }: { from?: number },
): Pick<DecodedList<object>, 'items' | 'issues'> {
  const issues: Issue[] = [];
  const items: (object | undefined)[] = [];
  const all = new Decoding(issues);
  for (const raw of raws) {
    if (issues.length >= MOST_ISSUES) break;
    const before = issues.length;
    const value = decodeItem(shape, raw, from === undefined ? all : all.item(from + items.length));
    items.push(issues.length === before ? value : undefined);
  }
  return { items, issues };
}
