import { appendChange } from '../changes/change-log.ts';
import { notFound, refuse } from '../domain/errors.ts';
import { listPlacedRows, lockTestSetRows, saveRowOrder } from '../storage/test-set-rows.ts';
import type { ProjectCommand } from './context.ts';
import { missingReferences } from './input-checks.ts';
import { type ParameterValue, saveParameterValues } from './test-set-parameter-values.ts';

/** A new row. The same case may have several in one set. */
export interface NewTestSetRow {
  testSetId: number;
  testCaseId: number;
  ownerId?: number | null;
  plannedDate?: Date | null;
  /** The row that the new one is put before; null and missing: it comes last. */
  beforeRowId?: number | null;
  parameters?: readonly ParameterValue[];
}

/**
 * Adds a row to a test set and returns its id. The case is not mapped to the set's release (semantics 1.6). Throws
 * `notFound` for an unknown set, case, owner, parameter or row to put it before.
 */
export async function addTestSetRow({ db, figures, projectId }: ProjectCommand, row: NewTestSetRow): Promise<number> {
  const rowId = await db.transaction(async (transaction) => {
    const { testSetId, testCaseId } = row;
    if (!(await lockTestSetRows(transaction, projectId, testSetId))) throw notFound(`Test set ${testSetId}`);
    refuse(
      await missingReferences(transaction, projectId, [
        { kind: 'testCase', field: 'testCaseId', id: testCaseId },
        { kind: 'member', field: 'ownerId', id: row.ownerId },
      ]),
    );
    const placed = (await listPlacedRows(transaction, projectId, testSetId)).map((one) => one.rowId);
    const place = placeBefore(placed, row.beforeRowId ?? null);
    const created = await transaction.kysely
      .insertInto('testSetRow')
      .values({
        projectId,
        testSetId,
        testCaseId,
        position: place + 1,
        ownerId: row.ownerId ?? null,
        plannedDate: row.plannedDate ?? null,
      })
      .returning('testSetRowId')
      .executeTakeFirstOrThrow();
    await saveRowOrder(transaction, projectId, placed.toSpliced(place, 0, created.testSetRowId));
    const owner = { testSetId, testSetRowId: created.testSetRowId };
    await saveParameterValues(transaction, projectId, owner, row.parameters ?? []);
    await appendChange(transaction, projectId, { kind: 'cases', testCaseIds: [testCaseId] });
    return created.testSetRowId;
  });
  await figures.afterCommit(projectId, 'facts');
  return rowId;
}

function placeBefore(placed: readonly number[], beforeRowId: number | null): number {
  if (beforeRowId === null) return placed.length;
  const place = placed.indexOf(beforeRowId);
  if (place < 0) throw notFound(`Row ${beforeRowId} of this test set`);
  return place;
}
