import { type Decoding, LARGEST_ID, parseDate } from './scalars.ts';

/** The values of one RemoteFilter, by lower-case member name. */
export type FilterValues = ReadonlyMap<string, unknown>;

/** IntValue -999 asks for rows where nothing is set (rest-v7 7.2). */
export const IS_NULL = -999;

const DAY_MS = 86_400_000;

export const isSet = (value: unknown): boolean => value !== undefined && value !== null && value !== '';

export function byLowerCaseName(raw: object): FilterValues {
  return new Map(Object.entries(raw).map(([name, value]) => [name.toLowerCase(), value]));
}

const isTrue = (raw: unknown): boolean => /^(true|1|y)$/i.test(String(raw ?? ''));

/** No id or count lies beyond 32 bits, so a larger number stands for one that matches nothing. */
export function clamped(value: number): number {
  return Math.max(-LARGEST_ID, Math.min(LARGEST_ID, value));
}

/** Returns a whole number, reports anything else. */
export function wholeNumber(raw: unknown, decoding: Decoding): number | undefined {
  const isText = typeof raw === 'string' && /^[+-]?\d{1,400}(\.0+)?$/.test(raw.trim());
  const value = typeof raw === 'number' ? raw : isText ? Number(raw) : Number.NaN;
  if (Number.isInteger(value) || value === Infinity || value === -Infinity) return clamped(value);
  decoding.report('invalid', `${String(JSON.stringify(raw)).slice(0, 60)} is not a whole number`);
  return undefined;
}

/** Returns the text of a StringValue; whatever else was sent is taken as its JSON text. */
export function textValue(raw: unknown): string {
  return typeof raw === 'string' ? raw.replaceAll('\u0000', '') : String(JSON.stringify(raw));
}

/** Returns true for Y, false for N (and their likes), undefined for other texts. */
export function yesOrNo(text: string): boolean | undefined {
  if (/^(y|yes|true|1)$/i.test(text.trim())) return true;
  return /^(n|no|false|0)$/i.test(text.trim()) ? false : undefined;
}

/** Returns the ends of `low|high`, either of which may be empty; a bare number is both. Undefined when it is none. */
export function numberRange(text: string): { from?: number; to?: number } | undefined {
  const ends = text.includes('|') ? text.split('|') : [text, text];
  if (ends.length !== 2) return undefined;
  const [low, high] = ends.map((end) => (end.trim() === '' ? null : Number(end)));
  if ([low, high].some((end) => end !== null && !Number.isFinite(end))) return undefined;
  return { ...(typeof low === 'number' ? { from: low } : {}), ...(typeof high === 'number' ? { to: high } : {}) };
}

/** Returns the values of a MultiValue, `{ Values, IsNone }` or a bare list; undefined (reported) when it is none. */
export function multipleValues(raw: unknown, decoding: Decoding): { values: number[]; orNull: boolean } | undefined {
  const isObject = typeof raw === 'object' && raw !== null && !Array.isArray(raw);
  const parts: FilterValues = isObject ? byLowerCaseName(raw) : new Map([['values', raw]]);
  const list = parts.get('values') ?? [];
  if (!Array.isArray(list)) {
    decoding.report('invalid', 'a list of whole numbers is wanted here');
    return undefined;
  }
  const values: number[] = [];
  for (const item of list) {
    const value = wholeNumber(item, decoding);
    if (value === undefined) return undefined;
    values.push(value);
  }
  return { values, orNull: isTrue(parts.get('isnone')) || values.includes(IS_NULL) };
}

/** A range of instants: both ends belong to it, or, of whole days, `before` does not. */
export type DateRange = { test: 'between'; from?: Date; to?: Date } | { test: 'within'; from?: Date; before?: Date };

/** Returns the range of a DateRangeValue; undefined (reported) when it is none. */
export function dateRange(raw: unknown, decoding: Decoding): DateRange | undefined {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
    decoding.report('invalid', 'an object with StartDate and EndDate is wanted here');
    return undefined;
  }
  const parts = byLowerCaseName(raw);
  const from = endDate(parts.get('startdate'), decoding.at('startDate'));
  const to = endDate(parts.get('enddate'), decoding.at('endDate'));
  if (from === 'wrong' || to === 'wrong') return undefined;
  if (from && to && from > to) {
    decoding.report('invalid', 'StartDate lies after EndDate');
    return undefined;
  }
  return isTrue(parts.get('considertimes'))
    ? { test: 'between', ...(from ? { from } : {}), ...(to ? { to } : {}) }
    : wholeDays(from, to);
}

function endDate(raw: unknown, decoding: Decoding): Date | undefined | 'wrong' {
  if (!isSet(raw)) return undefined;
  const parsed = typeof raw === 'string' ? parseDate(raw) : undefined;
  if (parsed) return parsed;
  decoding.report('invalid', `${String(JSON.stringify(raw)).slice(0, 60)} is not a date`);
  return 'wrong';
}

/** Returns the range from the beginning of the first UTC day to the end of the last. */
export function wholeDays(from: Date | undefined, to: Date | undefined): DateRange {
  const dayOf = (instant: Date) => Math.floor(instant.getTime() / DAY_MS) * DAY_MS;
  return {
    test: 'within',
    ...(from ? { from: new Date(dayOf(from)) } : {}),
    ...(to ? { before: new Date(dayOf(to) + DAY_MS) } : {}),
  };
}
