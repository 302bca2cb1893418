import type { Transaction } from './database.ts';

/** One current row of a set, rows of deleted cases included: they keep their place until the case is restored. */
export interface PlacedRow {
  rowId: number;
  testCaseId: number;
  ownerId: number | null;
}

/**
 * Lets one writer at a time change the rows of a set; returns false when there is no such set. The set itself stays as
 * it is, and recording runs does not wait.
 */
export async function lockTestSetRows(
  transaction: Transaction,
  projectId: number,
  testSetId: number,
): Promise<boolean> {
  const rows = await transaction.query(
    'select from test_set where project_id = $1 and test_set_id = $2 and not is_deleted for no key update',
    [projectId, testSetId],
  );
  return rows.length > 0;
}

/** Returns the current rows of a set by position. */
export async function listPlacedRows(
  transaction: Transaction,
  projectId: number,
  testSetId: number,
): Promise<PlacedRow[]> {
  return transaction.query<PlacedRow>(
    `select test_set_row_id as "rowId", test_case_id as "testCaseId", owner_id as "ownerId" from test_set_row
      where project_id = $1 and test_set_id = $2 and not is_removed order by position, test_set_row_id`,
    [projectId, testSetId],
  );
}

/** Writes the positions 1, 2, 3, ... where they differ. */
export async function saveRowOrder(
  transaction: Transaction,
  projectId: number,
  rowIds: readonly number[],
): Promise<void> {
  await transaction.query(
    `update test_set_row w set position = n.position
       from unnest($2::int[]) with ordinality as n (row_id, position)
      where w.project_id = $1 and w.test_set_row_id = n.row_id and w.position <> n.position`,
    [projectId, rowIds],
  );
}
