import type { Condition, CustomTest } from '../../domain/filter.ts';
import {
  dateRange,
  type FilterValues,
  IS_NULL,
  isSet,
  multipleValues,
  numberRange,
  textValue,
  wholeNumber,
  yesOrNo,
} from './filter-values.ts';
import type { Decoding } from './scalars.ts';

/** Returns the number of a custom field behind `Custom_01`, undefined for other names. */
export function customNumber(propertyName: string): number | undefined {
  const digits = /^\s*custom_(\d{2})\s*$/i.exec(propertyName)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/**
 * Returns the condition on a custom field. Nothing declares the type of a custom field here, so a value is compared
 * with whichever member of the stored value it can be meant for (rest-v7 7.3).
 */
export function customCondition(number: number, values: FilterValues, decoding: Decoding): Condition | undefined {
  const test = customTest(values, decoding);
  return test && { field: 'customProperties', test: 'custom', number, is: test };
}

function customTest(values: FilterValues, decoding: Decoding): CustomTest | undefined {
  const int = values.get('intvalue');
  if (isSet(int)) {
    const value = wholeNumber(int, decoding.at('intValue'));
    if (value === undefined) return undefined;
    return value === IS_NULL ? { kind: 'missing' } : { kind: 'anyOf', values: [value], orMissing: false };
  }
  const text = values.get('stringvalue');
  if (isSet(text)) return fromText(textValue(text));
  const multiple = values.get('multivalue');
  if (isSet(multiple)) {
    const several = multipleValues(multiple, decoding.at('multiValue'));
    return several && { kind: 'anyOf', values: several.values, orMissing: several.orNull };
  }
  const range = values.get('daterangevalue');
  if (!isSet(range)) return undefined;
  const dates = dateRange(range, decoding.at('dateRangeValue'));
  return dates && { kind: 'dates', range: dates };
}

/** `Y` may be a text or a yes, `10|20` a text or a range: each field holds only one of them. */
function fromText(text: string): CustomTest {
  const isYes = yesOrNo(text);
  const range = text.includes('|') ? numberRange(text) : undefined;
  return { kind: 'text', text, ...(isYes === undefined ? {} : { isYes }), ...(range ? { range } : {}) };
}
