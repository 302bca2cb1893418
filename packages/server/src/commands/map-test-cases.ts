import { appendChange } from '../changes/change-log.ts';
import { DomainError, refuse } from '../domain/errors.ts';
import { SPRINT } from '../domain/release-tree.ts';
import type { Transaction } from '../storage/database.ts';
import { lockTrees } from '../storage/locks.ts';
import type { ProjectCommand } from './context.ts';
import { missingReferences, requireExisting } from './input-checks.ts';

/**
 * Maps test cases to a release, a sprint's to its immediate parent as well (semantics 1.6). What is mapped already stays
 * mapped. An unknown case is `notFound`, and then nothing is mapped.
 */
export async function mapTestCases(
  { db, figures, projectId }: ProjectCommand,
  { releaseId, testCaseIds }: { releaseId: number; testCaseIds: readonly number[] },
): Promise<void> {
  await db.transaction(async (transaction) => {
    await lockTrees(transaction, projectId);
    await requireExisting(transaction, projectId, { kind: 'release', id: releaseId });
    refuse(
      await missingReferences(
        transaction,
        projectId,
        testCaseIds.map((id, index) => ({ kind: 'testCase', field: 'testCaseId', id, index }) as const),
      ),
    );
    const mapped = await insertMappings(transaction, projectId, { releaseId, testCaseIds });
    await appendChange(transaction, projectId, { kind: 'cases', testCaseIds: mapped });
  });
  await figures.afterCommit(projectId, 'facts');
}

/**
 * Maps the cases to a release and, if it is a sprint, to its parent (semantics 1.6). Returns those that were not mapped to
 * all of them before.
 */
export async function insertMappings(
  transaction: Transaction,
  projectId: number,
  { releaseId, testCaseIds }: { releaseId: number; testCaseIds: readonly number[] },
): Promise<number[]> {
  const rows = await transaction.query<{ testCaseId: number }>(
    `with target as (
       select release_id from release where project_id = $1 and release_id = $2
       union
       select p.release_id from release s
         join release p on p.project_id = s.project_id and p.release_id = s.parent_release_id and not p.is_deleted
        where s.project_id = $1 and s.release_id = $2 and s.release_type_id = $4)
     insert into release_test_case (project_id, release_id, test_case_id)
     select distinct $1::int, target.release_id, wanted.id from target, unnest($3::int[]) as wanted (id)
     on conflict do nothing
     returning test_case_id as "testCaseId"`,
    [projectId, releaseId, testCaseIds, SPRINT],
  );
  return [...new Set(rows.map((row) => row.testCaseId))];
}

/** Removes a mapping; that of a sprint's parent stays. Throws `notFound` when the case is not mapped to the release. */
export async function unmapTestCase(
  { db, figures, projectId }: ProjectCommand,
  { releaseId, testCaseId }: { releaseId: number; testCaseId: number },
): Promise<void> {
  await db.transaction(async (transaction) => {
    await requireExisting(transaction, projectId, { kind: 'release', id: releaseId });
    await requireExisting(transaction, projectId, { kind: 'testCase', id: testCaseId });
    const removed = await transaction.kysely
      .deleteFrom('releaseTestCase')
      .where('projectId', '=', projectId)
      .where('releaseId', '=', releaseId)
      .where('testCaseId', '=', testCaseId)
      .executeTakeFirst();
    if (removed.numDeletedRows === 0n) {
      throw new DomainError('notFound', `Test case ${testCaseId} is not mapped to release ${releaseId}`);
    }
    await appendChange(transaction, projectId, { kind: 'cases', testCaseIds: [testCaseId] });
  });
  await figures.afterCommit(projectId, 'facts');
}
