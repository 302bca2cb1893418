import { appendChange } from '../changes/change-log.ts';
import { refuse } from '../domain/errors.ts';
import type { Transaction } from '../storage/database.ts';
import type { ProjectCommand } from './context.ts';
import { missingReferences } from './input-checks.ts';
import { insertMappings } from './map-test-cases.ts';

/** A test case that covers a requirement. */
export interface Coverage {
  requirementId?: number | null;
  testCaseId?: number | null;
}

/**
 * Covers a requirement by a test case, and maps the case to the requirement's release and, if that is a sprint, to its
 * parent (semantics 1.6). What is covered already stays as it is. Throws `notFound` for an unknown requirement or case.
 */
export async function addCoverage({ db, figures, projectId }: ProjectCommand, coverage: Coverage): Promise<void> {
  await db.transaction(async (transaction) => {
    const { requirementId, testCaseId } = await existing(transaction, projectId, coverage);
    const added = await transaction.query(
      `insert into requirement_test_case (project_id, requirement_id, test_case_id) values ($1, $2, $3)
       on conflict do nothing returning 1`,
      [projectId, requirementId, testCaseId],
    );
    if (added.length === 0) return;
    await appendChange(transaction, projectId, { kind: 'requirements', requirementIds: [requirementId] });
    const releaseId = await releaseOf(transaction, projectId, requirementId);
    if (releaseId === null) return;
    const mapped = await insertMappings(transaction, projectId, { releaseId, testCaseIds: [testCaseId] });
    await appendChange(transaction, projectId, { kind: 'cases', testCaseIds: mapped });
  });
  await figures.afterCommit(projectId, 'facts');
}

/**
 * Takes coverage away; the case stays mapped to the release (semantics 1.6). Coverage that is not there is ignored.
 * Throws `notFound` for an unknown requirement or case.
 */
export async function removeCoverage({ db, figures, projectId }: ProjectCommand, coverage: Coverage): Promise<void> {
  await db.transaction(async (transaction) => {
    const { requirementId, testCaseId } = await existing(transaction, projectId, coverage);
    const removed = await transaction.query(
      `delete from requirement_test_case where project_id = $1 and requirement_id = $2 and test_case_id = $3
       returning 1`,
      [projectId, requirementId, testCaseId],
    );
    if (removed.length === 0) return;
    await appendChange(transaction, projectId, { kind: 'requirements', requirementIds: [requirementId] });
  });
  await figures.afterCommit(projectId, 'facts');
}

async function existing(
  transaction: Transaction,
  projectId: number,
  { requirementId, testCaseId }: Coverage,
): Promise<{ requirementId: number; testCaseId: number }> {
  refuse(
    await missingReferences(transaction, projectId, [
      { kind: 'requirement', field: 'requirementId', id: requirementId ?? 0 },
      { kind: 'testCase', field: 'testCaseId', id: testCaseId ?? 0 },
    ]),
  );
  return { requirementId: requirementId ?? 0, testCaseId: testCaseId ?? 0 };
}

/** Returns the release that a requirement is planned for, null without one or when it is deleted. */
async function releaseOf(transaction: Transaction, projectId: number, requirementId: number): Promise<number | null> {
  const [row] = await transaction.query<{ releaseId: number }>(
    `select r.release_id as "releaseId" from requirement q
       join release r on r.project_id = q.project_id and r.release_id = q.release_id and not r.is_deleted
      where q.project_id = $1 and q.requirement_id = $2`,
    [projectId, requirementId],
  );
  return row?.releaseId ?? null;
}
