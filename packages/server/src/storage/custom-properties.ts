import type { CustomPropertyDefinition } from '../domain/custom-property.ts';
import type { Queryable } from './database.ts';

/** Returns the custom properties of an artifact type, by number. */
export async function listDefinitions(db: Queryable, artifactTypeId: number): Promise<CustomPropertyDefinition[]> {
  return db.query<CustomPropertyDefinition>({
    name: 'custom-properties-of-type',
    text: `select custom_property_id as "customPropertyId", property_number as "propertyNumber", name,
                  custom_property_type_id as "customPropertyTypeId", custom_list_id as "customListId", options
             from custom_property where artifact_type_id = $1 and not is_deleted order by property_number`,
    values: [artifactTypeId],
  });
}

/** Returns the list of each list value that exists and can be chosen, by value id. */
export async function listsOfValues(db: Queryable, valueIds: Iterable<number>): Promise<Map<number, number>> {
  const rows = await db.query<{ valueId: number; listId: number }>({
    name: 'lists-of-custom-values',
    text: `select custom_list_value_id as "valueId", custom_list_id as "listId"
             from custom_list_value where custom_list_value_id = any($1) and is_active`,
    values: [[...new Set(valueIds)]],
  });
  return new Map(rows.map((row) => [row.valueId, row.listId]));
}
