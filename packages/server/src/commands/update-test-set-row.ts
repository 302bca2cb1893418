import { notFound, refuse } from '../domain/errors.ts';
import { updateGuidStamped } from '../storage/concurrency.ts';
import { listPlacedRows, lockTestSetRows, saveRowOrder } from '../storage/test-set-rows.ts';
import type { ProjectCommand } from './context.ts';
import { changedReferences, missingReferences } from './input-checks.ts';

/** A row as it is sent back. Missing keeps the stored value; its case never changes. */
export interface TestSetRowUpdate {
  testSetTestCaseId?: number | null;
  ownerId?: number | null;
  plannedDate?: Date | null;
  isSetupTeardown?: boolean | null;
  /** From 1; beyond the end means last. */
  position?: number | null;
  /** When it is sent it must be the one that was read; versions before v7.0 do not have it. */
  concurrencyGuid?: string | null;
}

/** Updates owner, planned date, set-up flag and place of a row. No figure depends on them. */
export async function updateTestSetRow(
  { db, projectId }: ProjectCommand,
  { testSetId, row }: { testSetId: number; row: TestSetRowUpdate },
): Promise<void> {
  await db.transaction(async (transaction) => {
    if (!(await lockTestSetRows(transaction, projectId, testSetId))) throw notFound(`Test set ${testSetId}`);
    const placed = await listPlacedRows(transaction, projectId, testSetId);
    const stored = placed.find((one) => one.rowId === row.testSetTestCaseId);
    if (!stored) throw notFound(`Row ${row.testSetTestCaseId ?? ''} of test set ${testSetId}`);
    const owner = { kind: 'member', field: 'ownerId', id: row.ownerId } as const;
    refuse(await missingReferences(transaction, projectId, changedReferences([owner], stored)));
    await updateGuidStamped(transaction, {
      table: 'testSetRow',
      key: { projectId, testSetRowId: stored.rowId },
      what: `Row ${stored.rowId}`,
      stamp: row.concurrencyGuid,
      changes: {
        ownerId: row.ownerId,
        plannedDate: row.plannedDate,
        isSetupTeardown: row.isSetupTeardown ?? undefined,
      },
    });
    if (typeof row.position === 'number') {
      const others = placed.filter((one) => one !== stored).map((one) => one.rowId);
      await saveRowOrder(transaction, projectId, others.toSpliced(Math.max(row.position, 1) - 1, 0, stored.rowId));
    }
  });
}
