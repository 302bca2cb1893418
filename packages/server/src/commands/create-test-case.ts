import { appendChange } from '../changes/change-log.ts';
import { refuse } from '../domain/errors.ts';
import type { ProjectCommand } from './context.ts';
import { CarriesValues, settleOwnCustomValues } from './custom-properties.ts';
import { missingReferences } from './input-checks.ts';
import {
  componentReferences,
  missingFolder,
  type TestCaseInput,
  testCaseDefaults,
  testCaseReferences,
  testCaseValueIssues,
} from './test-case-input.ts';

/**
 * Creates a test case without steps and returns its id. Refused for unknown people, folders, components, engines and
 * documents, and for values outside their tables.
 */
export async function createTestCase(
  { db, figures, actor, projectId }: ProjectCommand,
  testCase: TestCaseInput,
): Promise<number> {
  const testCaseId = await db.transaction(async (transaction) => {
    const references = [...testCaseReferences(testCase), ...componentReferences(testCase)];
    const custom = await settleOwnCustomValues(transaction, projectId, {
      artifactTypeId: CarriesValues.testCase,
      sent: testCase.customProperties,
    });
    refuse([
      ...(await missingReferences(transaction, projectId, references)),
      ...(await missingFolder(transaction, projectId, {
        field: 'testCaseFolderId',
        folderId: testCase.testCaseFolderId,
      })),
      ...testCaseValueIssues(testCase),
      ...custom.issues,
    ]);
    const created = await transaction.kysely
      .insertInto('testCase')
      .values({
        projectId,
        testCaseFolderId: testCase.testCaseFolderId ?? null,
        name: testCase.name ?? '',
        description: testCase.description ?? null,
        testCaseStatusId: testCase.testCaseStatusId || testCaseDefaults.statusId,
        testCaseTypeId: testCase.testCaseTypeId || testCaseDefaults.typeId,
        testCasePriorityId: testCase.testCasePriorityId || null,
        authorId: testCase.authorId ?? actor.userId,
        ownerId: testCase.ownerId ?? null,
        componentIds: testCase.componentIds ?? null,
        automationEngineId: testCase.automationEngineId ?? null,
        automationAttachmentId: testCase.automationAttachmentId ?? null,
        estimatedDuration: testCase.estimatedDuration ?? null,
        isSuspect: testCase.isSuspect ?? false,
        tags: testCase.tags ?? null,
        customProperties: custom.json ?? null,
      })
      .returning('testCaseId')
      .executeTakeFirstOrThrow();
    await appendChange(transaction, projectId, { kind: 'cases', testCaseIds: [created.testCaseId] });
    return created.testCaseId;
  });
  await figures.afterCommit(projectId, 'facts');
  return testCaseId;
}
