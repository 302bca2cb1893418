import {
  definitionIssues,
  optionIssues,
  type SentOption,
  storedOptions,
  typeRules,
} from '../domain/custom-property.ts';
import { DomainError, type Issue, refuse } from '../domain/errors.ts';
import { artifactTypes } from '../domain/tables.ts';
import { updateGuidStamped } from '../storage/concurrency.ts';
import type { Transaction } from '../storage/database.ts';
import type { ServerCommand } from './context.ts';
import { blankName } from './input-checks.ts';

/** What can be said of a custom property. Missing keeps the stored value on update. */
export interface CustomPropertyInput {
  artifactTypeId?: number | null;
  propertyNumber?: number | null;
  customPropertyTypeId?: number | null;
  name?: string | null;
  /** The list that values are chosen from, for the two list types. */
  customListId?: number | null;
  options?: readonly (SentOption | undefined)[] | null;
  position?: number | null;
  description?: string | null;
}

/**
 * Defines a custom property for all projects and returns its id. Refused: artifact types without values, types that are
 * none, a list type without its list, options that make no sense; `duplicate` when the artifact type has the number.
 */
export async function defineCustomProperty({ db }: ServerCommand, input: CustomPropertyInput): Promise<number> {
  const facts = {
    artifactTypeId: input.artifactTypeId ?? 0,
    propertyNumber: input.propertyNumber ?? 0,
    customPropertyTypeId: input.customPropertyTypeId ?? 0,
  };
  return db.transaction(async (transaction) => {
    const choosesFromList = typeRules.get(facts.customPropertyTypeId)?.names === 'listValue';
    refuse([
      ...definitionIssues(facts),
      ...optionIssues(input.options),
      ...(choosesFromList ? await listIssues(transaction, input.customListId) : []),
    ]);
    const created = await transaction.kysely
      .insertInto('customProperty')
      .values({
        ...facts,
        name: input.name ?? '',
        customListId: choosesFromList ? (input.customListId ?? null) : null,
        options: JSON.stringify(storedOptions(input.options)),
        position: input.position ?? null,
        description: input.description ?? null,
      })
      .onConflict((conflict) =>
        conflict.columns(['artifactTypeId', 'propertyNumber']).where('isDeleted', '=', false).doNothing(),
      )
      .returning('customPropertyId')
      .executeTakeFirst();
    if (created) return created.customPropertyId;
    const what = artifactTypes.get(facts.artifactTypeId);
    throw new DomainError(
      'duplicate',
      `${what} already has a custom property with PropertyNumber ${facts.propertyNumber}`,
    );
  });
}

async function listIssues(transaction: Transaction, customListId: number | null | undefined): Promise<Issue[]> {
  const field = 'customList';
  if (!customListId) {
    return [{ code: 'invalid', field, message: 'A list type needs the list that it chooses from (custom_list_id)' }];
  }
  const found = await transaction.query('select from custom_list where custom_list_id = $1', [customListId]);
  return found.length > 0 ? [] : [{ code: 'notFound', field, message: `Custom list ${customListId} does not exist` }];
}

/** Members that stay as they are: values that artifacts have depend on them. */
const fixed = ['artifactTypeId', 'propertyNumber', 'customPropertyTypeId', 'customListId'] as const;

/**
 * Updates a custom property; missing members keep their value. What values depend on (artifact type, number, type, list)
 * stays: another one is another property. Values that artifacts have are not checked against new options. Refused: a
 * stale stamp.
 */
export async function updateCustomProperty(
  { db }: ServerCommand,
  {
    customPropertyId,
    property,
  }: { customPropertyId: number; property: CustomPropertyInput & { concurrencyGuid?: string | null } },
): Promise<void> {
  await db.transaction(async (transaction) => {
    const stored = await transaction.kysely
      .selectFrom('customProperty')
      .select(fixed)
      .where('customPropertyId', '=', customPropertyId)
      .where('isDeleted', '=', false)
      .forNoKeyUpdate()
      .executeTakeFirst();
    if (!stored) throw noProperty(customPropertyId);
    const changed = fixed.filter((member) => {
      const sent = property[member];
      return sent !== undefined && sent !== null && sent !== stored[member];
    });
    refuse([
      ...blankName(property.name, 'A custom property'),
      ...optionIssues(property.options),
      ...changed.map((member): Issue => {
        const message = `This cannot be changed: values depend on it. It is ${stored[member] ?? 'none'}`;
        return { code: 'invalid', field: member === 'customListId' ? 'customList' : member, message };
      }),
    ]);
    await updateGuidStamped(transaction, {
      table: 'customProperty',
      key: { customPropertyId },
      what: `Custom property ${customPropertyId}`,
      stamp: property.concurrencyGuid,
      changes: {
        name: property.name ?? undefined,
        options: property.options === undefined ? undefined : JSON.stringify(storedOptions(property.options)),
        position: property.position,
        description: property.description,
      },
    });
  });
}

/** Deletes a custom property; its number is free again, and the values that artifacts have of it are seen no more. */
export async function deleteCustomProperty({ db }: ServerCommand, customPropertyId: number): Promise<void> {
  await db.transaction(async (transaction) => {
    const deleted = await transaction.query(
      `update custom_property set is_deleted = true, updated_at = now(), concurrency_guid = gen_random_uuid()
        where custom_property_id = $1 and not is_deleted returning 1`,
      [customPropertyId],
    );
    if (deleted.length === 0) throw noProperty(customPropertyId);
  });
}

const noProperty = (id: number) => new DomainError('notFound', `Custom property ${id} does not exist`);
