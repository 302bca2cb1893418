import type { Queryable, Transaction } from './database.ts';

/** A value to write. Missing keeps what is stored; a new one is active and has no parent. */
export interface WrittenListValue {
  customPropertyValueId?: number | null;
  name?: string | null;
  active?: boolean | null;
  parentCustomPropertyValueId?: number | null;
}

/** Returns which of the ids are values: of this list, or of any. */
export async function existingListValues(
  db: Queryable,
  ids: readonly number[],
  customListId?: number,
): Promise<Set<number>> {
  if (ids.length === 0) return new Set();
  const rows = await db.query<{ id: number }>(
    `select custom_list_value_id as id from custom_list_value
      where custom_list_value_id = any($1) and custom_list_id = coalesce($2::integer, custom_list_id)`,
    [ids, customListId ?? null],
  );
  return new Set(rows.map((row) => row.id));
}

/** Inserts values at the end of a list and returns their ids in the order given. */
export async function insertListValues(
  transaction: Transaction,
  customListId: number,
  values: readonly WrittenListValue[],
): Promise<number[]> {
  if (values.length === 0) return [];
  const rows = await transaction.query<{ id: number }>(
    `insert into custom_list_value (custom_list_id, name, is_active, parent_custom_list_value_id)
     select $1, n.name, n.active, n.parent
       from unnest($2::text[], $3::boolean[], $4::integer[]) with ordinality as n (name, active, parent, place)
      order by n.place
     returning custom_list_value_id as id`,
    [
      customListId,
      values.map((value) => value.name ?? ''),
      values.map((value) => value.active ?? true),
      values.map((value) => value.parentCustomPropertyValueId || null),
    ],
  );
  return rows.map((row) => row.id);
}

/** Updates values of a list by id; a parent of null or 0 takes the parent off. */
export async function updateListValues(
  transaction: Transaction,
  customListId: number,
  values: readonly WrittenListValue[],
): Promise<void> {
  if (values.length === 0) return;
  await transaction.query(
    `update custom_list_value v
        set name = coalesce(n.name, v.name), is_active = coalesce(n.active, v.is_active),
            parent_custom_list_value_id = case when n.keeps then v.parent_custom_list_value_id else n.parent end,
            updated_at = now(), concurrency_guid = gen_random_uuid()
       from unnest($2::integer[], $3::text[], $4::boolean[], $5::integer[], $6::boolean[])
         as n (id, name, active, parent, keeps)
      where v.custom_list_id = $1 and v.custom_list_value_id = n.id`,
    [
      customListId,
      values.map((value) => value.customPropertyValueId),
      values.map((value) => value.name ?? null),
      values.map((value) => value.active ?? null),
      values.map((value) => value.parentCustomPropertyValueId || null),
      values.map((value) => value.parentCustomPropertyValueId === undefined),
    ],
  );
}
