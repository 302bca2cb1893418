import { notFound } from '../domain/errors.ts';
import type { Transaction } from '../storage/database.ts';
import { listPlacedRows } from '../storage/test-set-rows.ts';
import type { ProjectCommand } from './context.ts';
import { requireExisting } from './input-checks.ts';
import { type ParameterOwner, type ParameterValue, saveParameterValues } from './test-set-parameter-values.ts';

/** Gives a parameter a value for a set (row 0) or one of its rows. Throws `notFound` for what does not exist. */
export async function setTestSetParameter(
  { db, projectId }: ProjectCommand,
  { owner, value }: { owner: ParameterOwner; value: ParameterValue },
): Promise<void> {
  await db.transaction(async (transaction) => {
    await requireOwner(transaction, projectId, owner);
    await saveParameterValues(transaction, projectId, owner, [value]);
  });
}

/** Takes the value away again, so that the next in the order of SP-5 counts. Throws `notFound` when there is none. */
export async function clearTestSetParameter(
  { db, projectId }: ProjectCommand,
  { owner, testCaseParameterId }: { owner: ParameterOwner; testCaseParameterId: number },
): Promise<void> {
  await db.transaction(async (transaction) => {
    await requireOwner(transaction, projectId, owner);
    const removed = await transaction.query(
      `delete from test_set_parameter where project_id = $1 and test_set_id = $2 and test_set_row_id = $3
          and test_case_parameter_id = $4 returning 1`,
      [projectId, owner.testSetId, owner.testSetRowId, testCaseParameterId],
    );
    if (removed.length === 0) throw notFound(`A value of test case parameter ${testCaseParameterId}`);
  });
}

async function requireOwner(transaction: Transaction, projectId: number, owner: ParameterOwner): Promise<void> {
  await requireExisting(transaction, projectId, { kind: 'testSet', id: owner.testSetId });
  if (owner.testSetRowId === 0) return;
  const placed = await listPlacedRows(transaction, projectId, owner.testSetId);
  if (!placed.some((row) => row.rowId === owner.testSetRowId))
    throw notFound(`Row ${owner.testSetRowId} of this test set`);
}
