import type { Issue } from './errors.ts';
import { allowedValues, artifactTypes, customPropertyOptions, customPropertyTypes } from './tables.ts';

/** The member of a value that a type uses (rest-v7 22.3). */
export type ValueMember =
  | 'stringValue'
  | 'integerValue'
  | 'decimalValue'
  | 'booleanValue'
  | 'dateTimeValue'
  | 'integerListValue';

/** What the ids of a value name, for the types whose values are ids. */
export type NamedByValue = 'listValue' | 'member' | 'release' | 'automationHost';

export interface CustomPropertyTypeRule {
  member: ValueMember;
  names?: NamedByValue;
}

/** Which member of a value each type uses, and what the ids in it name. */
export const typeRules: ReadonlyMap<number, CustomPropertyTypeRule> = new Map([
  [1, { member: 'stringValue' }],
  [2, { member: 'integerValue' }],
  [3, { member: 'decimalValue' }],
  [4, { member: 'booleanValue' }],
  [5, { member: 'dateTimeValue' }],
  [6, { member: 'integerValue', names: 'listValue' }],
  [7, { member: 'integerListValue', names: 'listValue' }],
  [8, { member: 'integerValue', names: 'member' }],
  [9, { member: 'stringValue' }],
  [10, { member: 'integerValue', names: 'release' }],
  [11, { member: 'dateTimeValue' }],
  [12, { member: 'integerValue', names: 'automationHost' }],
]);

/** The artifact types that carry values: requirements, cases, incidents, releases, runs, steps, sets, hosts, documents. */
export const artifactTypesWithValues: readonly number[] = [1, 2, 3, 4, 5, 7, 8, 9, 13];

/** The texts of the options that are set, by option id. */
export type CustomPropertyOptions = Readonly<Record<string, string>>;

/** What rules need to know of a custom property of an artifact type. */
export interface CustomPropertyDefinition {
  customPropertyId: number;
  propertyNumber: number;
  name: string;
  customPropertyTypeId: number;
  /** The list that values are chosen from, for the two list types. */
  customListId: number | null;
  options: CustomPropertyOptions;
}

/** What the options ask of a value. Rich text, default and precision are for those who show a form. */
export interface ValueLimits {
  isRequired: boolean;
  maxLength?: number;
  minLength?: number;
  maxValue?: number;
  minValue?: number;
}

const AllowEmpty = '1';
const numericOptions: ReadonlyMap<string, Exclude<keyof ValueLimits, 'isRequired'>> = new Map([
  ['2', 'maxLength'],
  ['3', 'minLength'],
  ['6', 'maxValue'],
  ['7', 'minValue'],
]);
const numberTypes: readonly number[] = [2, 3];
const textTypes: readonly number[] = [1, 9];

const isNo = (text: string): boolean => /^\s*(n|no|false|0)\s*$/i.test(text);
const asNumber = (text: string): number | undefined => {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : undefined;
};

/** Returns the limits that a property's options set; lengths bind texts only, values bind numbers only. */
export function limitsOf({ customPropertyTypeId: type, options }: CustomPropertyDefinition): ValueLimits {
  const limits: ValueLimits = { isRequired: isNo(options[AllowEmpty] ?? 'Y') };
  for (const [option, limit] of numericOptions) {
    const value = asNumber(options[option] ?? '');
    const applies = limit.endsWith('Length') ? textTypes.includes(type) : numberTypes.includes(type);
    if (value !== undefined && applies) limits[limit] = value;
  }
  return limits;
}

/** One option as it is sent. */
export interface SentOption {
  customPropertyOptionId?: number | null;
  value?: string | null;
}

/** What is said of a property when it is made or changed. */
export interface CustomPropertyFacts {
  artifactTypeId: number;
  propertyNumber: number;
  customPropertyTypeId: number;
}

/** Returns what is wrong with where a property belongs and what it holds. */
export function definitionIssues(facts: CustomPropertyFacts): Issue[] {
  const { artifactTypeId, propertyNumber, customPropertyTypeId } = facts;
  const issues: Issue[] = [];
  if (!artifactTypesWithValues.includes(artifactTypeId)) {
    const allowed = allowedValues(new Map([...artifactTypes].filter(([id]) => artifactTypesWithValues.includes(id))));
    const message = `${artifactTypeId} is not an artifact type with custom properties; allowed are ${allowed}`;
    issues.push({ code: 'outsideTable', field: 'artifactTypeId', message });
  }
  if (!customPropertyTypes.has(customPropertyTypeId)) {
    const message = `${customPropertyTypeId} is not a type; allowed are ${allowedValues(customPropertyTypes)}`;
    issues.push({ code: 'outsideTable', field: 'customPropertyTypeId', message });
  }
  if (propertyNumber < 1 || propertyNumber > 99) {
    issues.push({ code: 'invalid', field: 'propertyNumber', message: 'A PropertyNumber lies between 1 and 99' });
  }
  return issues;
}

/** Returns what is wrong with the options of a property: ids that are none, numbers that are none. */
export function optionIssues(options: readonly (SentOption | undefined)[] | null | undefined): Issue[] {
  return (options ?? []).flatMap((option, at): Issue[] => {
    const id = option?.customPropertyOptionId ?? 0;
    const field = `options[${at}]`;
    if (!customPropertyOptions.has(id)) {
      const message = `${id} is not an option; allowed are ${allowedValues(customPropertyOptions)}`;
      return [{ code: 'outsideTable', field: `${field}.customPropertyOptionId`, message }];
    }
    const value = option?.value ?? '';
    if (!numericOptions.has(String(id)) || value === '' || asNumber(value) !== undefined) return [];
    const message = `The value of ${customPropertyOptions.get(id)} is a number, not ${value.slice(0, 40)}`;
    return [{ code: 'invalid', field: `${field}.value`, message }];
  });
}

/** Returns options as they are stored; one without a value is not set. */
export function storedOptions(options: readonly (SentOption | undefined)[] | null | undefined): Record<string, string> {
  const set = (options ?? []).filter((option) => (option?.value ?? '') !== '');
  return Object.fromEntries(set.map((option) => [String(option?.customPropertyOptionId), option?.value ?? '']));
}

/** Returns `Custom_01`, the name that filters know a property by. */
export function customFieldName(propertyNumber: number): string {
  return `Custom_${String(propertyNumber).padStart(2, '0')}`;
}

/** Returns the properties as `1 Browser, 2 Owner`, for messages that say what is defined. */
export function definedProperties(definitions: readonly CustomPropertyDefinition[]): string {
  const names = definitions.map(({ propertyNumber, name }) => `${propertyNumber} ${name}`);
  return names.length === 0 ? 'none is defined' : `defined are ${names.join(', ')}`;
}
