import { appendChange } from '../changes/change-log.ts';
import { notFound } from '../domain/errors.ts';
import { listPlacedRows, lockTestSetRows, saveRowOrder } from '../storage/test-set-rows.ts';
import type { ProjectCommand } from './context.ts';

/**
 * Removes a row from a test set; those after it close up. It is only flagged, since the figures of the set for a
 * release still count its runs (TX-5). Throws `notFound` for an unknown set or row.
 */
export async function removeTestSetRow(
  { db, figures, projectId }: ProjectCommand,
  { testSetId, rowId }: { testSetId: number; rowId: number },
): Promise<void> {
  await db.transaction(async (transaction) => {
    if (!(await lockTestSetRows(transaction, projectId, testSetId))) throw notFound(`Test set ${testSetId}`);
    const placed = await listPlacedRows(transaction, projectId, testSetId);
    const row = placed.find((one) => one.rowId === rowId);
    if (!row) throw notFound(`Row ${rowId} of test set ${testSetId}`);
    await transaction.query(
      `update test_set_row set is_removed = true, updated_at = now(), concurrency_guid = gen_random_uuid()
        where project_id = $1 and test_set_row_id = $2`,
      [projectId, rowId],
    );
    const others = placed.filter((one) => one !== row).map((one) => one.rowId);
    await saveRowOrder(transaction, projectId, others);
    await appendChange(transaction, projectId, { kind: 'cases', testCaseIds: [row.testCaseId] });
  });
  await figures.afterCommit(projectId, 'facts');
}
