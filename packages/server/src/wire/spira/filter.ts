import type { Condition } from '../../domain/filter.ts';
import { type CustomFields, customCondition, customNumber, customPropertyOf } from './custom-filter.ts';
import {
  byLowerCaseName,
  clamped,
  dateRange,
  type FilterValues,
  IS_NULL,
  isSet,
  multipleValues,
  numberRange,
  textValue,
  wholeDays,
  wholeNumber,
  yesOrNo,
} from './filter-values.ts';
import type { FilterKind, MemberKind } from './member.ts';
import { type Decoding, parseDate } from './scalars.ts';

/** What filters need to know of an object. */
export interface Filterable {
  readonly name: string;
  filterOf(wireName: string): { field: string; filter: FilterKind; kind: MemberKind } | undefined;
  filterNames(): string[];
  hasField(field: string): boolean;
}

const MOST_FILTERS = 200;
const MOST_WORDS = 50;

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
export function decodeFilters(
  raw: unknown,
  object: Filterable,
  { decoding, customFields = [] }: { decoding: Decoding; customFields?: CustomFields },
): Condition[] {
  if (raw === undefined || raw === null || raw === '') return [];
  const list = Array.isArray(raw) ? raw : [raw];
  if (list.length > MOST_FILTERS) {
    decoding.report('invalid', `${list.length} filters were sent; at most ${MOST_FILTERS} are taken`);
    return [];
  }
  return list.flatMap(
    (item, index) => decodeFilter(item, object, { decoding: decoding.item(index), customFields }) ?? [],
  );
}

function decodeFilter(
  raw: unknown,
  object: Filterable,
  { decoding, customFields }: { decoding: Decoding; customFields: CustomFields },
): Condition | undefined {
  if (raw === null || typeof raw !== 'object' || Array.isArray(raw)) {
    decoding.report('invalid', 'an object (RemoteFilter) is wanted here');
    return undefined;
  }
  const values = byLowerCaseName(raw);
  const name = values.get('propertyname');
  const member = typeof name === 'string' ? object.filterOf(name) : undefined;
  const custom = typeof name === 'string' && object.hasField('customProperties') ? customNumber(name) : undefined;
  if (custom !== undefined) {
    const property = customPropertyOf(custom, customFields, decoding);
    return (
      property &&
      customCondition(property, ({ filter, kind }) =>
        conditionOf(values, filter, { object, field: 'customProperties', kind, decoding }),
      )
    );
  }
  if (!member) {
    const shown = typeof name === 'string' ? name.slice(0, 60) : JSON.stringify(name ?? null).slice(0, 60);
    const customNames = object.hasField('customProperties') ? ['Custom_01 to Custom_99'] : [];
    const allowed = [...object.filterNames(), ...customNames].join(', ');
    decoding.at('propertyName').report('invalid', `${shown} cannot be filtered by; allowed are ${allowed}`);
    return undefined;
  }
  return conditionOf(values, member.filter, { object, field: member.field, kind: member.kind, decoding });
}

/** Only one value is used, the first that is set; without any the filter says nothing. */
function conditionOf(values: FilterValues, filter: FilterKind, wanted: Wanted): Condition | undefined {
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
  const text = textValue(raw);
  const { field, decoding } = wanted;
  switch (filter) {
    case 'text':
      return { field, test: 'contains', text };
    case 'words':
      return fromWords(text, wanted);
    case 'boolean': {
      const value = yesOrNo(text);
      return value === undefined ? wrongKind(wanted, 'Y or N') : { field, test: 'isTrue', value };
    }
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
      return day ? { field, ...wholeDays(day, day) } : wrongKind(wanted, 'a DateRangeValue');
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

function fromNumberRange(text: string, wanted: Wanted): Condition | undefined {
  const range = numberRange(text);
  if (!range) return wrongKind(wanted, 'a range of numbers like 10|20');
  const { from, to } = range;
  const isWhole = wanted.kind !== 'decimal';
  return {
    field: wanted.field,
    test: 'between',
    ...(from === undefined ? {} : { from: isWhole ? clamped(Math.ceil(from)) : from }),
    ...(to === undefined ? {} : { to: isWhole ? clamped(Math.floor(to)) : to }),
  };
}

function fromMultiple(raw: unknown, filter: FilterKind, wanted: Wanted): Condition | undefined {
  if (filter !== 'ids' && filter !== 'overlap') return wrongKind(wanted, 'another kind of value than a MultiValue');
  const several = multipleValues(raw, wanted.decoding);
  return several && anyOf(filter, wanted.field, several.values, several.orNull);
}

function anyOf(filter: FilterKind, field: string, values: number[], orNull: boolean): Condition {
  return filter === 'overlap' ? { field, test: 'overlaps', values, orNull } : { field, test: 'anyOf', values, orNull };
}

function fromDates(raw: unknown, filter: FilterKind, wanted: Wanted): Condition | undefined {
  if (filter !== 'dates') return wrongKind(wanted, 'another kind of value than a DateRangeValue');
  const range = dateRange(raw, wanted.decoding);
  return range && { field: wanted.field, ...range };
}

function wrongKind({ object, decoding }: Wanted, wanted: string): undefined {
  decoding.report('invalid', `this field of ${object.name} is filtered by ${wanted}`);
}
