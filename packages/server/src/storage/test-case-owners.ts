import type { Transaction } from './database.ts';

/**
 * Takes the owner off test cases that have one, without touching their stamp. The rows are locked in the order of their
 * ids, so that two calls about the same cases wait for each other instead of blocking each other for good.
 */
export async function clearOwners(
  transaction: Transaction,
  projectId: number,
  testCaseIds: readonly number[],
): Promise<void> {
  if (testCaseIds.length === 0) return;
  await transaction.query({
    name: 'clear-owners',
    text: `update test_case set owner_id = null
            where project_id = $1 and test_case_id in (
              select test_case_id from test_case
               where project_id = $1 and test_case_id = any($2::int[]) and owner_id is not null
               order by test_case_id for no key update)`,
    values: [projectId, [...new Set(testCaseIds)]],
  });
}
