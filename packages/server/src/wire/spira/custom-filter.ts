import {
  type CustomPropertyDefinition,
  customFieldName,
  definedProperties,
  typeRules,
} from '../../domain/custom-property.ts';
import type { Condition } from '../../domain/filter.ts';
import type { FilterKind, MemberKind } from './member.ts';
import type { Decoding } from './scalars.ts';

/** The custom fields that the objects of a filter list have. */
export type CustomFields = readonly CustomPropertyDefinition[];

/** How a member is filtered, and what its values are. */
export interface CustomFilterKind {
  filter: FilterKind;
  kind: MemberKind;
}

const ids: CustomFilterKind = { filter: 'ids', kind: 'reference' };
const texts: CustomFilterKind = { filter: 'text', kind: 'text' };
const dates: CustomFilterKind = { filter: 'dates', kind: 'date' };

/** What may be asked of a custom field follows from its type (rest-v7 7.3). */
const filterKinds: ReadonlyMap<number, CustomFilterKind> = new Map([
  [1, texts],
  [2, { filter: 'range', kind: 'integer' }],
  [3, { filter: 'range', kind: 'decimal' }],
  [4, { filter: 'boolean', kind: 'boolean' }],
  [5, dates],
  [6, ids],
  [7, { filter: 'overlap', kind: 'ids' }],
  [8, ids],
  [9, texts],
  [10, ids],
  [11, dates],
  [12, ids],
]);

/** Returns the number of a custom field behind `Custom_01`, undefined for other names. */
export function customNumber(propertyName: string): number | undefined {
  const digits = /^\s*custom_(\d{2})\s*$/i.exec(propertyName)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** Returns whether a filter list (raw JSON) asks for a custom field, so that definitions are needed to read it. */
export function asksForCustomField(raw: unknown): boolean {
  const list: unknown[] = Array.isArray(raw) ? raw : [raw];
  return list.some(
    (filter) =>
      filter !== null &&
      typeof filter === 'object' &&
      Object.values(filter).some((value) => typeof value === 'string' && customNumber(value) !== undefined),
  );
}

/** Returns the custom field with this number; without one the name is reported as one that cannot be filtered by. */
export function customPropertyOf(
  number: number,
  customFields: CustomFields,
  decoding: Decoding,
): CustomPropertyDefinition | undefined {
  const property = customFields.find(({ propertyNumber }) => propertyNumber === number);
  if (!property) {
    const message = `${customFieldName(number)} is no custom field here; ${definedProperties(customFields)}`;
    decoding.at('propertyName').report('invalid', message);
  }
  return property;
}

/** Returns the condition on a custom field; `conditionOf` reads the filter's value as it does for a member of that kind. */
export function customCondition(
  { customPropertyId, customPropertyTypeId }: CustomPropertyDefinition,
  conditionOf: (kind: CustomFilterKind) => Condition | undefined,
): Condition | undefined {
  const condition = conditionOf(filterKinds.get(customPropertyTypeId) ?? texts);
  if (!condition || condition.test === 'words' || condition.test === 'custom') return undefined;
  const { field, ...is } = condition;
  const member = typeRules.get(customPropertyTypeId)?.member ?? 'stringValue';
  return { field, test: 'custom', customPropertyId, member, is };
}
