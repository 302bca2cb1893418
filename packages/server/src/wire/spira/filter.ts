import type { Condition } from '../../domain/filter.ts';
import type { FilterKind, MemberKind } from './member.ts';
import { type Decoding, LARGEST_ID, parseDate } from './scalars.ts';

/** What filters need to know of an object. */
export interface Filterable {
  readonly name: string;
  filterOf(wireName: string): { field: string; filter: FilterKind; kind: MemberKind } | undefined;
  filterNames(): string[];
  hasField(field: string): boolean;
}

/** IntValue -999 asks for rows where nothing is set (rest-v7 7.2). */
const IS_NULL = -999;
const MOST_FILTERS = 200;
const MOST_WORDS = 50;
const DAY_MS = 86_400_000;

/** The values of one RemoteFilter, by lower-case member name. */
type Values = ReadonlyMap<string, unknown>;

interface Wanted {
  object: Filterable;
  field: string;
  kind: MemberKind;
  decoding: Decoding;
}

/**
 * Returns the conditions of a `[RemoteFilter]` body; nothing, "", null and [] mean none. What cannot be understood is
 * reported to `decoding`: an unknown PropertyName, a value of the wrong kind.
 */
export function decodeFilters(raw: unknown, object: Filterable, decoding: Decoding): Condition[] {
  if (raw === undefined || raw === null || raw === '') return [];
  const list = Array.isArray(raw) ? raw : [raw];
  if (list.length > MOST_FILTERS) {
    decoding.report('invalid', `${list.length} filters were sent; at most ${MOST_FILTERS} are taken`);
    return [];
  }
  return list.flatMap((item, index) => decodeFilter(item, object, decoding.item(index)) ?? []);
}

function decodeFilter(raw: unknown, object: Filterable, decoding: Decoding): Condition | undefined {
  if (raw === null || typeof raw !== 'object' || Array.isArray(raw)) {
    decoding.report('invalid', 'an object (RemoteFilter) is wanted here');
    return undefined;
  }
  const values = byLowerCaseName(raw);
  const name = values.get('propertyname');
  const member = typeof name === 'string' ? object.filterOf(name) : undefined;
  if (!member) {
    const shown = typeof name === 'string' ? name.slice(0, 60) : JSON.stringify(name ?? null).slice(0, 60);
    const allowed = object.filterNames().join(', ');
    decoding.at('propertyName').report('invalid', `${shown} cannot be filtered by; allowed are ${allowed}`);
    return undefined;
  }
  return conditionOf(values, member.filter, { object, field: member.field, kind: member.kind, decoding });
}

function byLowerCaseName(raw: object): Values {
  return new Map(Object.entries(raw).map(([name, value]) => [name.toLowerCase(), value]));
}

const isSet = (value: unknown) => value !== undefined && value !== null && value !== '';

/** Only one value is used, the first that is set; without any the filter says nothing. */
function conditionOf(values: Values, filter: FilterKind, wanted: Wanted): Condition | undefined {
  const int = values.get('intvalue');
  if (isSet(int)) return fromInt(int, filter, { ...wanted, decoding: wanted.decoding.at('intValue') });
  const text = values.get('stringvalue');
  if (isSet(text)) return fromText(text, filter, { ...wanted, decoding: wanted.decoding.at('stringValue') });
  const multiple = values.get('multivalue');
  if (isSet(multiple)) {
    return fromMultiple(multiple, filter, { ...wanted, decoding: wanted.decoding.at('multiValue') });
  }
  const range = values.get('daterangevalue');
  if (isSet(range)) return fromDates(range, filter, { ...wanted, decoding: wanted.decoding.at('dateRangeValue') });
  return undefined;
}

function fromInt(raw: unknown, filter: FilterKind, wanted: Wanted): Condition | undefined {
  const value = wholeNumber(raw, wanted.decoding);
  if (value === undefined) return undefined;
  const { field } = wanted;
  if (value === IS_NULL) return { field, test: 'isNull' };
  switch (filter) {
    case 'ids':
      return { field, test: 'anyOf', values: [value], orNull: false };
    case 'overlap':
      return { field, test: 'overlaps', values: [value] };
    case 'range':
      return { field, test: 'between', from: value, to: value };
    case 'text':
    case 'words':
      return { field, test: 'contains', text: String(raw) };
    case 'boolean':
      if (value === 0 || value === 1) return { field, test: 'isTrue', value: value === 1 };
      return wrongKind(wanted, '1 or 0');
    case 'dates':
      return wrongKind(wanted, 'a DateRangeValue, or -999 for no date');
  }
}

function fromText(raw: unknown, filter: FilterKind, wanted: Wanted): Condition | undefined {
  const text = typeof raw === 'string' ? raw.replaceAll('\u0000', '') : String(JSON.stringify(raw));
  const { field, decoding } = wanted;
  switch (filter) {
    case 'text':
      return { field, test: 'contains', text };
    case 'words':
      return fromWords(text, wanted);
    case 'boolean':
      if (/^(y|yes|true|1)$/i.test(text.trim())) return { field, test: 'isTrue', value: true };
      if (/^(n|no|false|0)$/i.test(text.trim())) return { field, test: 'isTrue', value: false };
      return wrongKind(wanted, 'Y or N');
    case 'range':
      return fromNumberRange(text, wanted);
    case 'ids':
    case 'overlap': {
      if (text.length > 10_000) return wrongKind(wanted, 'an id or a few ids');
      const ids = text.split(',').map((part) => wholeNumber(part.trim(), decoding));
      return ids.includes(undefined) ? undefined : anyOf(filter, field, ids as number[], false);
    }
    case 'dates': {
      const day = parseDate(text);
      return day ? { field, test: 'within', ...wholeDays(day, day) } : wrongKind(wanted, 'a DateRangeValue');
    }
  }
}

/** Every word must occur in the name or the description; a part in double quotes is one phrase. */
function fromWords(text: string, { object, field, decoding }: Wanted): Condition | undefined {
  const words = [...text.matchAll(/"([^"]*)"|[^\s"]+/g)]
    .map((found) => (found[1] ?? found[0]).trim())
    .filter((word) => word !== '');
  if (words.length > MOST_WORDS) {
    decoding.report('invalid', `${words.length} words were sent; at most ${MOST_WORDS} are searched for`);
    return undefined;
  }
  if (words.length === 0) return undefined;
  return { fields: object.hasField('description') ? [field, 'description'] : [field], test: 'words', words };
}

/** `low|high`, either end may be empty; a bare number is both ends. */
function fromNumberRange(text: string, wanted: Wanted): Condition | undefined {
  const ends = text.includes('|') ? text.split('|') : [text, text];
  const numbers = ends.map((end) => (end.trim() === '' ? null : Number(end)));
  const isNumeric = numbers.length === 2 && numbers.every((end) => end === null || Number.isFinite(end));
  if (!isNumeric) return wrongKind(wanted, 'a range of numbers like 10|20');
  const [low, high] = numbers;
  const isWhole = wanted.kind !== 'decimal';
  return {
    field: wanted.field,
    test: 'between',
    ...(low === null || low === undefined ? {} : { from: isWhole ? clamped(Math.ceil(low)) : low }),
    ...(high === null || high === undefined ? {} : { to: isWhole ? clamped(Math.floor(high)) : high }),
  };
}

/** `{ Values, IsNone }`; a bare list means its values. */
function fromMultiple(raw: unknown, filter: FilterKind, wanted: Wanted): Condition | undefined {
  if (filter !== 'ids' && filter !== 'overlap') return wrongKind(wanted, 'another kind of value than a MultiValue');
  const isObject = typeof raw === 'object' && raw !== null && !Array.isArray(raw);
  const parts: Values = isObject ? byLowerCaseName(raw) : new Map([['values', raw]]);
  const list = parts.get('values') ?? [];
  if (!Array.isArray(list)) return wrongKind(wanted, 'a list of whole numbers');
  const values: number[] = [];
  for (const item of list) {
    const value = wholeNumber(item, wanted.decoding);
    if (value === undefined) return undefined;
    values.push(value);
  }
  const isNone = parts.get('isnone');
  const orNull =
    isNone === true || isNone === 1 || /^(true|1|y)$/i.test(String(isNone ?? '')) || values.includes(IS_NULL);
  return anyOf(filter, wanted.field, values, orNull);
}

function anyOf(filter: FilterKind, field: string, values: number[], orNull: boolean): Condition {
  return filter === 'overlap' ? { field, test: 'overlaps', values, orNull } : { field, test: 'anyOf', values, orNull };
}

function fromDates(raw: unknown, filter: FilterKind, wanted: Wanted): Condition | undefined {
  const { decoding, field } = wanted;
  if (filter !== 'dates') return wrongKind(wanted, 'another kind of value than a DateRangeValue');
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
    return wrongKind(wanted, 'an object with StartDate and EndDate');
  }
  const parts = byLowerCaseName(raw);
  const from = endDate(parts.get('startdate'), decoding.at('startDate'));
  const to = endDate(parts.get('enddate'), decoding.at('endDate'));
  if (from === 'wrong' || to === 'wrong') return undefined;
  if (from && to && from > to) {
    decoding.report('invalid', 'StartDate lies after EndDate');
    return undefined;
  }
  const considersTimes = /^(true|1|y)$/i.test(String(parts.get('considertimes') ?? ''));
  return considersTimes
    ? { field, test: 'between', ...(from ? { from } : {}), ...(to ? { to } : {}) }
    : { field, test: 'within', ...wholeDays(from, to) };
}

function endDate(raw: unknown, decoding: Decoding): Date | undefined | 'wrong' {
  if (!isSet(raw)) return undefined;
  const parsed = typeof raw === 'string' ? parseDate(raw) : undefined;
  if (parsed) return parsed;
  decoding.report('invalid', `${String(JSON.stringify(raw)).slice(0, 60)} is not a date`);
  return 'wrong';
}

/** From the beginning of the first UTC day to the end of the last. */
function wholeDays(from: Date | undefined, to: Date | undefined): { from?: Date; before?: Date } {
  const dayOf = (instant: Date) => Math.floor(instant.getTime() / DAY_MS) * DAY_MS;
  return {
    ...(from ? { from: new Date(dayOf(from)) } : {}),
    ...(to ? { before: new Date(dayOf(to) + DAY_MS) } : {}),
  };
}

function wrongKind({ object, decoding }: Wanted, wanted: string): undefined {
  decoding.report('invalid', `this field of ${object.name} is filtered by ${wanted}`);
}

/** No id or count lies beyond 32 bits, so a larger number stands for one that matches nothing. */
function clamped(value: number): number {
  return Math.max(-LARGEST_ID, Math.min(LARGEST_ID, value));
}

function wholeNumber(raw: unknown, decoding: Decoding): number | undefined {
  const isText = typeof raw === 'string' && /^[+-]?\d{1,400}(\.0+)?$/.test(raw.trim());
  const value = typeof raw === 'number' ? raw : isText ? Number(raw) : Number.NaN;
  if (Number.isInteger(value) || value === Infinity || value === -Infinity) return clamped(value);
  decoding.report('invalid', `${String(JSON.stringify(raw)).slice(0, 60)} is not a whole number`);
  return undefined;
}
