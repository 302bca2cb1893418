import type { StoredValue } from '../../domain/custom-properties.ts';
import { type CustomPropertyRow, customPropertiesOf, filterableProperties } from '../../views/custom-properties.ts';
import { asksForCustomField, type CustomFields } from '../../wire/spira/custom-filter.ts';
import type { ObjectLike } from '../../wire/spira/member.ts';
import type { Services } from '../services.ts';
import type { BodyShape, ResultShape } from './operation.ts';

interface Holder {
  row: { customProperties?: unknown };
  artifactTypeId: number;
}

/**
 * Completes the custom values in a result that is about to be answered: each gets its definition (rest-v7 22.3), values
 * of properties that are deleted go. One place for every artifact; definitions are read only when some row has values.
 * The lists of definitions come with their values where one object is answered.
 */
export async function completeCustomValues(
  read: Services['read'],
  shape: ResultShape,
  result: unknown,
): Promise<unknown> {
  if (!('object' in shape) || result === null || typeof result !== 'object') return result;
  const rows = (Array.isArray(result) ? result : [result]) as object[];
  const holders = rows.flatMap((row) => holdersIn(row, shape.object));
  if (holders.length === 0) return result;
  const definitions = await customPropertiesOf(read, [...new Set(holders.map((one) => one.artifactTypeId))], {
    listValues: !Array.isArray(result),
  });
  const byId = new Map(definitions.map((definition) => [definition.customPropertyId, definition]));
  for (const { row } of holders) row.customProperties = completed(row.customProperties as StoredValue[], byId);
  return result;
}

/** Returns the custom fields that a body filters by one of; they are read only when it does. */
export async function customFieldsOfFilters(
  read: Services['read'],
  shape: BodyShape,
  raw: unknown,
): Promise<CustomFields> {
  if (shape.kind !== 'filters' && shape.kind !== 'oneOrFilters') return [];
  const artifactTypeId = carriedType(shape.object);
  if (artifactTypeId === undefined || !asksForCustomField(raw)) return [];
  return filterableProperties(read, artifactTypeId);
}

/** The row itself and those nested in it, as far as they have custom values. */
function holdersIn(row: object, object: ObjectLike): Holder[] {
  const { carries, nested } = partsOf(object);
  const fields = row as Record<string, unknown>;
  const own =
    carries !== undefined && Array.isArray(fields['customProperties']) ? [{ row, artifactTypeId: carries }] : [];
  const inside = nested.flatMap(({ field, of }) => {
    const value = fields[field];
    const items = Array.isArray(value) ? value : value ? [value] : [];
    return items.flatMap((item: object) => holdersIn(item, of));
  });
  return inside.length === 0 ? own : [...own, ...inside];
}

interface Parts {
  /** The artifact type whose custom properties the object has. */
  carries: number | undefined;
  /** Members that hold objects with custom properties. */
  nested: readonly { field: string; of: ObjectLike }[];
}

const known = new WeakMap<ObjectLike, Parts>();

/** Returns the artifact type whose custom properties an object has; undefined for objects without. */
export function carriedType({ members }: ObjectLike): number | undefined {
  const has = members.some((member) => member.wireName === 'CustomProperties' && member.options.kind === 'objects');
  const type = members.find((member) => member.wireName === 'ArtifactTypeId')?.options.constant;
  return has && typeof type === 'number' ? type : undefined;
}

function partsOf(object: ObjectLike): Parts {
  const before = known.get(object);
  if (before) return before;
  const nested = object.members.flatMap(({ wireName, field, options }) => {
    const of = wireName === 'CustomProperties' ? undefined : options.of?.();
    return of && carriedType(of) !== undefined ? [{ field, of }] : [];
  });
  const parts = { carries: carriedType(object), nested };
  known.set(object, parts);
  return parts;
}

function completed(values: readonly StoredValue[], byId: ReadonlyMap<number | null, CustomPropertyRow>) {
  const shown = values.flatMap((value) => {
    const definition = byId.get(value.customPropertyId);
    return definition ? [{ ...value, definition }] : [];
  });
  return shown.length === 0 ? null : shown;
}
