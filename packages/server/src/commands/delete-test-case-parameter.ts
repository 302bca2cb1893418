import type { ProjectCommand } from './context.ts';
import { findParameter } from './update-test-case-parameter.ts';

/**
 * Deletes a parameter, together with the values that test sets and configurations give it. Its token stays in the texts
 * of steps, as text. Throws `notFound` for an unknown parameter.
 */
export async function deleteTestCaseParameter(
  { db, projectId }: ProjectCommand,
  testCaseParameterId: number | null | undefined,
): Promise<void> {
  await db.transaction(async (transaction) => {
    const { testCaseParameterId: id } = await findParameter(transaction, projectId, testCaseParameterId);
    for (const table of ['test_set_parameter', 'test_configuration_value', 'test_case_parameter']) {
      await transaction.query(`delete from ${table} where project_id = $1 and test_case_parameter_id = $2`, [
        projectId,
        id,
      ]);
    }
  });
}
