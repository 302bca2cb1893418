import {
  type CustomPropertyDefinition,
  definedProperties,
  limitsOf,
  type NamedByValue,
  typeRules,
  type ValueMember,
} from './custom-property.ts';
import type { Issue } from './errors.ts';
import { artifactTypes } from './tables.ts';

/** The value of one custom property of an artifact, as it is sent. */
export interface CustomPropertyValue {
  propertyNumber?: number | null;
  stringValue?: string | null;
  integerValue?: number | null;
  booleanValue?: boolean | null;
  dateTimeValue?: Date | string | null;
  decimalValue?: number | null;
  integerListValue?: number[] | null;
}

/** The values sent for one artifact; null and missing say nothing. */
export type SentValues = readonly (CustomPropertyValue | undefined)[] | null | undefined;

/**
 * A value as an artifact's row holds it: in the member of its type, nothing else. It names its property by id, since a
 * number may be used again for another one.
 */
export type StoredValue = { customPropertyId: number; propertyNumber: number } & {
  [Member in ValueMember]?: string | number | boolean | number[];
};

/** An id in a value that has to name something. */
export interface NamedInValue {
  names: NamedByValue;
  id: number;
  /** The list that a list value has to be of. */
  customListId: number | null;
  field: string;
}

/** What an artifact's values become. */
export interface SettledValues {
  issues: Issue[];
  /** What still has to be looked up. */
  named: NamedInValue[];
  /** Undefined when what is stored stays, null when nothing is left. */
  values: StoredValue[] | null | undefined;
}

const members: readonly ValueMember[] = [
  'stringValue',
  'integerValue',
  'decimalValue',
  'booleanValue',
  'dateTimeValue',
  'integerListValue',
];

const storedList = (stored: unknown): StoredValue[] => (Array.isArray(stored) ? (stored as StoredValue[]) : []);
const isGiven = (value: unknown): boolean => value !== null && value !== undefined;
const hasValue = (entry: CustomPropertyValue | undefined): boolean =>
  members.some((member) => isGiven(entry?.[member]));

/** Returns whether values that were sent can change or break anything, so that definitions have to be read. */
export function saysSomething(sent: SentValues, stored: unknown): boolean {
  if (!sent || sent.length === 0) return false;
  return sent.some(hasValue) || storedList(stored).length > 0;
}

/**
 * Returns what the values of an artifact become (rest-v7 22.3): entries not sent keep their value, an entry without a
 * value in the member of its type clears it. Reported: numbers without a definition (unless the entry says nothing),
 * values beyond the limits of the options, required properties that are left without one. A value that stays as it was
 * stored is not checked again: what it names may be gone since. Call it for artifacts whose values say something.
 */
export function settledValues(
  { sent, stored }: { sent: SentValues; stored: unknown },
  { definitions, artifactTypeId }: { definitions: readonly CustomPropertyDefinition[]; artifactTypeId: number },
): SettledValues {
  const byNumber = new Map(definitions.map((definition) => [definition.propertyNumber, definition]));
  const known = new Set(definitions.map((definition) => definition.customPropertyId));
  const kept = storedList(stored).filter((value) => known.has(value.customPropertyId));
  const values = new Map(kept.map((value) => [value.customPropertyId, value]));
  const fields = new Map<number, string>();
  const issues: Issue[] = [];
  const named: NamedInValue[] = [];
  for (const [at, entry] of (sent ?? []).entries()) {
    const definition = byNumber.get(entry?.propertyNumber ?? 0);
    if (!definition) {
      if (hasValue(entry)) issues.push(undefinedNumber(entry, at, { definitions, artifactTypeId }));
      continue;
    }
    const { customPropertyId } = definition;
    const field = `customProperties[${at}].${memberOf(definition)}`;
    fields.set(customPropertyId, field);
    const value = storedValue(entry, definition);
    const before = values.get(customPropertyId);
    if (!value) values.delete(customPropertyId);
    else values.set(customPropertyId, value);
    if (!value || (before && isSame(before, value))) continue;
    issues.push(...limitIssues(value, definition, field));
    named.push(...namedIn(value, definition, field));
  }
  issues.push(...missingValues(definitions, values, fields));
  return { issues, named, values: values.size === 0 ? null : [...values.values()] };
}

const memberOf = (definition: CustomPropertyDefinition): ValueMember =>
  typeRules.get(definition.customPropertyTypeId)?.member ?? 'stringValue';

const isSame = (one: StoredValue, other: StoredValue): boolean =>
  members.every((member) => JSON.stringify(one[member]) === JSON.stringify(other[member]));

function undefinedNumber(
  entry: CustomPropertyValue | undefined,
  at: number,
  { definitions, artifactTypeId }: { definitions: readonly CustomPropertyDefinition[]; artifactTypeId: number },
): Issue {
  const what = `PropertyNumber ${entry?.propertyNumber ?? null} is no custom property of ${artifactTypes.get(artifactTypeId)}`;
  return {
    code: 'invalid',
    field: `customProperties[${at}].propertyNumber`,
    message: `${what}; ${definedProperties(definitions)}`,
  };
}

/** Returns the value as it is stored, undefined when the member of its type holds none. */
function storedValue(
  entry: CustomPropertyValue | undefined,
  definition: CustomPropertyDefinition,
): StoredValue | undefined {
  const member = memberOf(definition);
  const value = normalised(entry?.[member], typeRules.get(definition.customPropertyTypeId)?.names !== undefined);
  if (value === undefined) return undefined;
  const { customPropertyId, propertyNumber } = definition;
  return { customPropertyId, propertyNumber, [member]: value };
}

/** Empty texts and lists hold nothing, and 0 and below name nothing, as everywhere on the wire (rest-v7 5.3). */
function normalised(raw: CustomPropertyValue[ValueMember], isId: boolean): StoredValue[ValueMember] | undefined {
  if (raw === null || raw === undefined || raw === '') return undefined;
  if (raw instanceof Date) return raw.toISOString();
  // Half a character (a lone surrogate) is no text that JSON columns hold.
  if (typeof raw === 'string') return raw.toWellFormed();
  if (Array.isArray(raw)) return raw.length === 0 ? undefined : [...new Set(raw)];
  return isId && typeof raw === 'number' && raw <= 0 ? undefined : raw;
}

function limitIssues(value: StoredValue, definition: CustomPropertyDefinition, field: string): Issue[] {
  const { maxLength, minLength, maxValue, minValue } = limitsOf(definition);
  const held = value[memberOf(definition)];
  const { name } = definition;
  const texts: string[] = [];
  if (typeof held === 'string') {
    if (maxLength !== undefined && held.length > maxLength) {
      texts.push(`${name} holds at most ${maxLength} characters, not ${held.length}`);
    }
    if (minLength !== undefined && held.length < minLength) {
      texts.push(`${name} holds at least ${minLength} characters, not ${held.length}`);
    }
  }
  if (typeof held === 'number') {
    if (maxValue !== undefined && held > maxValue) texts.push(`${name} is at most ${maxValue}, not ${held}`);
    if (minValue !== undefined && held < minValue) texts.push(`${name} is at least ${minValue}, not ${held}`);
  }
  return texts.slice(0, 1).map((message) => ({ code: 'invalid', field, message }));
}

function namedIn(value: StoredValue, definition: CustomPropertyDefinition, field: string): NamedInValue[] {
  const names = typeRules.get(definition.customPropertyTypeId)?.names;
  if (!names) return [];
  const held = value[memberOf(definition)];
  const ids = Array.isArray(held) ? held : [held as number];
  return ids.map((id) => ({ names, id, customListId: definition.customListId, field }));
}

function missingValues(
  definitions: readonly CustomPropertyDefinition[],
  values: ReadonlyMap<number, StoredValue>,
  fields: ReadonlyMap<number, string>,
): Issue[] {
  return definitions
    .filter((definition) => !values.has(definition.customPropertyId) && limitsOf(definition).isRequired)
    .map(({ customPropertyId, propertyNumber, name }) => ({
      code: 'invalid',
      field: fields.get(customPropertyId) ?? 'customProperties',
      message: `A value of ${name} (PropertyNumber ${propertyNumber}) is required`,
    }));
}
