import {
  type CustomPropertyDefinition,
  type CustomPropertyOptions,
  customFieldName,
  typeRules,
  type ValueMember,
} from '../domain/custom-property.ts';
import { customPropertyTypes } from '../domain/tables.ts';
import { listDefinitions } from '../storage/custom-properties.ts';
import type { Queryable } from '../storage/database.ts';
import { boolean, date, json, number, type RowOfView, text, view } from './view.ts';

const stamps = {
  guid: text('t.guid::text'),
  concurrencyGuid: text('t.concurrency_guid::text'),
  lastUpdateDate: date('t.updated_at'),
};

/** The custom properties of the template that are not deleted, by artifact type and number. Parameters: none. */
export const customProperties = view({
  from: 'custom_property t',
  scope: 'not t.is_deleted',
  key: 'customPropertyId',
  defaultSort: { field: 'propertyNumber', descending: false },
  columns: {
    customPropertyId: number('t.custom_property_id'),
    artifactTypeId: number('t.artifact_type_id'),
    propertyNumber: number('t.property_number'),
    name: text('t.name'),
    customPropertyTypeId: number('t.custom_property_type_id'),
    customListId: number('t.custom_list_id'),
    options: json<CustomPropertyOptions>('t.options'),
    position: number('t.position'),
    description: text('t.description'),
    isDeleted: boolean('t.is_deleted'),
    ...stamps,
  },
});

/** The custom lists of the template. Parameters: none. */
export const customLists = view({
  from: 'custom_list t',
  scope: 'true',
  key: 'customPropertyListId',
  columns: {
    customPropertyListId: number('t.custom_list_id'),
    name: text('t.name'),
    active: boolean('t.is_active'),
    sortedOnValue: boolean('t.is_sorted_on_value'),
    ...stamps,
  },
});

/** The values of all custom lists, in the order in which they were made. Parameters: none. */
export const customListValues = view({
  from: 'custom_list_value t',
  scope: 'true',
  key: 'customPropertyValueId',
  columns: {
    customPropertyValueId: number('t.custom_list_value_id'),
    customPropertyListId: number('t.custom_list_id'),
    name: text('t.name'),
    active: boolean('t.is_active'),
    parentCustomPropertyValueId: number('t.parent_custom_list_value_id'),
    ...stamps,
  },
});

type Property = RowOfView<typeof customProperties>;
type List = RowOfView<typeof customLists>;
type Value = RowOfView<typeof customListValues>;

/** A list; `values` is null where they are not asked for. */
export type CustomListRow = List & { values: Value[] | null };

/** A custom property with everything that is told of it. */
export type CustomPropertyRow = Omit<Property, 'options'> & {
  customPropertyFieldName: string;
  customPropertyTypeName: string | undefined;
  systemDataType: string;
  options: { customPropertyOptionId: number; value: string }[];
  customList: CustomListRow | null;
};

const systemTypes: Record<ValueMember, string> = {
  stringValue: 'System.String',
  integerValue: 'System.Int32',
  decimalValue: 'System.Decimal',
  booleanValue: 'System.Boolean',
  dateTimeValue: 'System.DateTime',
  integerListValue: 'System.Int32[]',
};

/** Returns the custom properties of artifact types, by number, their lists with or without values. */
export async function customPropertiesOf(
  db: Queryable,
  artifactTypeIds: readonly number[],
  { listValues }: { listValues: boolean },
): Promise<CustomPropertyRow[]> {
  const where = [{ field: 'artifactTypeId', test: 'anyOf', values: artifactTypeIds, orNull: false }] as const;
  return withLists(db, await customProperties.list(db, [], { where }), listValues);
}

/** Returns what filters need to know of the custom properties of an artifact type. */
export function filterableProperties(db: Queryable, artifactTypeId: number): Promise<CustomPropertyDefinition[]> {
  return listDefinitions(db, artifactTypeId);
}

/** Returns one custom property with its list and values; undefined when there is none or it is deleted. */
export async function findCustomProperty(db: Queryable, id: number): Promise<CustomPropertyRow | undefined> {
  const found = await customProperties.find(db, [], id);
  const [row] = found ? await withLists(db, [found], true) : [];
  return row;
}

/** Returns one custom list with its values, undefined when there is none. */
export async function findCustomList(db: Queryable, id: number): Promise<CustomListRow | undefined> {
  const [found] = await listsWithValues(db, [id], true);
  return found;
}

async function withLists(db: Queryable, properties: Property[], listValues: boolean): Promise<CustomPropertyRow[]> {
  const ids = properties.flatMap((property) => property.customListId ?? []);
  const lists = ids.length === 0 ? [] : await listsWithValues(db, ids, listValues);
  const byId = new Map(lists.map((list) => [list.customPropertyListId, list]));
  return properties.map((property) => ({
    ...property,
    customPropertyFieldName: customFieldName(property.propertyNumber ?? 0),
    customPropertyTypeName: customPropertyTypes.get(property.customPropertyTypeId ?? 0),
    systemDataType: systemTypes[typeRules.get(property.customPropertyTypeId ?? 0)?.member ?? 'stringValue'],
    options: Object.entries(property.options ?? {}).map(([id, value]) => ({
      customPropertyOptionId: Number(id),
      value,
    })),
    customList: byId.get(property.customListId) ?? null,
  }));
}

async function listsWithValues(db: Queryable, ids: readonly number[], listValues: boolean): Promise<CustomListRow[]> {
  const where = [{ field: 'customPropertyListId', test: 'anyOf', values: ids, orNull: false }] as const;
  const lists = await customLists.list(db, [], { where });
  if (!listValues) return lists.map((list) => ({ ...list, values: null }));
  const values = Map.groupBy(await customListValues.list(db, [], { where }), (value) => value.customPropertyListId);
  return lists.map((list) => ({ ...list, values: ordered(values.get(list.customPropertyListId) ?? [], list) }));
}

function ordered(values: Value[], { sortedOnValue }: List): Value[] {
  return sortedOnValue ? values.toSorted((a, b) => (a.name ?? '').localeCompare(b.name ?? '', 'en')) : values;
}
