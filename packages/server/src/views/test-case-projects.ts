import { BUILT_IN_ADMINISTRATOR } from '../domain/actor.ts';
import type { Queryable } from '../storage/database.ts';

/**
 * Returns which of the test cases lie in which project, looking only into the active projects that the user is a member
 * of: to everybody else they do not exist.
 */
export async function projectsOfTestCases(
  db: Queryable,
  userId: number,
  testCaseIds: readonly number[],
): Promise<Map<number, number>> {
  const rows = await db.query<{ testCaseId: number; projectId: number }>({
    name: 'projects-of-test-cases',
    text: `select c.test_case_id as "testCaseId", c.project_id as "projectId"
             from project p
             join test_case c on c.project_id = p.project_id and c.test_case_id = any($2::int[]) and not c.is_deleted
            where p.is_active and ($1 = ${BUILT_IN_ADMINISTRATOR} or exists (
              select from project_member m where m.project_id = p.project_id and m.user_id = $1))`,
    values: [userId, testCaseIds],
  });
  return new Map(rows.map((row) => [row.testCaseId, row.projectId]));
}
