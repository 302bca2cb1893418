import { DomainError, type Issue, refuse } from '../domain/errors.ts';
import { updateGuidStamped } from '../storage/concurrency.ts';
import { existingListValues, insertListValues, updateListValues } from '../storage/custom-lists.ts';
import type { Transaction } from '../storage/database.ts';
import type { ServerCommand } from './context.ts';
import { blankName } from './input-checks.ts';

/** What can be said of a value of a list. Missing keeps the stored value on update and means the default for a new one. */
export interface CustomListValueInput {
  customPropertyValueId?: number | null;
  name?: string | null;
  active?: boolean | null;
  parentCustomPropertyValueId?: number | null;
}

/** What can be said of a list. Missing keeps the stored value on update and means the default on create. */
export interface CustomListInput {
  name?: string | null;
  active?: boolean | null;
  sortedOnValue?: boolean | null;
  /** Those with an id change, the others are new, the rest of the list stays. */
  values?: readonly (CustomListValueInput | undefined)[] | null;
}

/** Creates a list with its values and returns its id. Refused: values without a name, parents that do not exist. */
export async function createCustomList({ db }: ServerCommand, list: CustomListInput): Promise<number> {
  return db.transaction(async (transaction) => {
    const { customListId } = await transaction.kysely
      .insertInto('customList')
      .values({
        name: list.name ?? '',
        isActive: list.active ?? true,
        isSortedOnValue: list.sortedOnValue ?? false,
      })
      .returning('customListId')
      .executeTakeFirstOrThrow();
    // Ids of values that are sent with a new list are those of another one, from which it was copied.
    const values = (list.values ?? []).map((value) => ({ ...value, customPropertyValueId: null }));
    await saveValues(transaction, customListId, values);
    return customListId;
  });
}

/**
 * Updates a list; missing members keep their value. Values that are not sent stay: artifacts may have them. Refused: a
 * stale stamp, values of other lists, new values without a name, parents that do not exist.
 */
export async function updateCustomList(
  { db }: ServerCommand,
  { customListId, list }: { customListId: number; list: CustomListInput & { concurrencyGuid?: string | null } },
): Promise<void> {
  await db.transaction(async (transaction) => {
    await requireList(transaction, customListId);
    refuse(blankName(list.name, 'A custom list'));
    await saveValues(transaction, customListId, list.values ?? []);
    await updateGuidStamped(transaction, {
      table: 'customList',
      key: { customListId },
      what: `Custom list ${customListId}`,
      stamp: list.concurrencyGuid,
      changes: {
        name: list.name ?? undefined,
        isActive: list.active ?? undefined,
        isSortedOnValue: list.sortedOnValue ?? undefined,
      },
    });
  });
}

/** Adds a value to a list and returns its id. Refused: a list or parent that does not exist. */
export async function addCustomListValue(
  { db }: ServerCommand,
  { customListId, value }: { customListId: number; value: CustomListValueInput },
): Promise<number> {
  return db.transaction(async (transaction) => {
    await requireList(transaction, customListId);
    refuse(await parentIssues(transaction, [value], (member) => member));
    const [valueId] = await insertListValues(transaction, customListId, [value]);
    if (valueId === undefined) throw new Error('One value was inserted, so there is an id');
    return valueId;
  });
}

async function requireList(transaction: Transaction, customListId: number): Promise<void> {
  const found = await transaction.query('select from custom_list where custom_list_id = $1 for no key update', [
    customListId,
  ]);
  if (found.length === 0) throw new DomainError('notFound', `Custom list ${customListId} does not exist`);
}

async function saveValues(
  transaction: Transaction,
  customListId: number,
  sent: readonly (CustomListValueInput | undefined)[],
): Promise<void> {
  if (sent.length === 0) return;
  const values = sent.map((value) => value ?? {});
  const field = (member: string, at: number) => `values[${at}].${member}`;
  const changed = values.filter((value) => (value.customPropertyValueId ?? 0) > 0);
  const ids = changed.map((value) => value.customPropertyValueId ?? 0);
  const own = await existingListValues(transaction, ids, customListId);
  const issues = values.flatMap((value, at): Issue[] => {
    const id = value.customPropertyValueId ?? 0;
    if (id > 0 && !own.has(id)) {
      const message = `Value ${id} does not exist in custom list ${customListId}`;
      return [{ code: 'notFound', field: field('customPropertyValueId', at), message }];
    }
    const isBlank = id > 0 ? value.name?.trim() === '' : !value.name?.trim();
    return isBlank ? [{ code: 'invalid', field: field('name', at), message: 'A value needs a name' }] : [];
  });
  refuse([...issues, ...(await parentIssues(transaction, values, field))]);
  await updateListValues(transaction, customListId, changed);
  await insertListValues(
    transaction,
    customListId,
    values.filter((value) => !changed.includes(value)),
  );
}

async function parentIssues(
  transaction: Transaction,
  values: readonly CustomListValueInput[],
  field: (member: string, at: number) => string,
): Promise<Issue[]> {
  const parentOf = ({ parentCustomPropertyValueId: id }: CustomListValueInput) => id ?? 0;
  const existing = await existingListValues(transaction, values.map(parentOf).filter(Boolean));
  return values.flatMap((value, at): Issue[] => {
    const id = parentOf(value);
    if (id === 0 || existing.has(id)) return [];
    const message = `Custom list value ${id} does not exist`;
    return [{ code: 'notFound', field: field('parentCustomPropertyValueId', at), message }];
  });
}
