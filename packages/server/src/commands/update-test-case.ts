import { appendChange } from '../changes/change-log.ts';
import { notFound, refuse } from '../domain/errors.ts';
import { updateStamped } from '../storage/concurrency.ts';
import type { Transaction } from '../storage/database.ts';
import type { ProjectCommand } from './context.ts';
import { CarriesValues, settleOwnCustomValues } from './custom-properties.ts';
import { blankName, changedReferences, missingReferences } from './input-checks.ts';
import { type Modifies, refuseForeign } from './ownership.ts';
import {
  componentReferences,
  missingFolder,
  type TestCaseInput,
  testCaseDefaults,
  testCaseReferences,
  testCaseValueIssues,
} from './test-case-input.ts';

/** A test case as it is sent back: which one, what the caller read of it (its stamp), and its values. */
export interface TestCaseUpdate extends TestCaseInput {
  testCaseId?: number | null;
  concurrencyDate?: Date | null;
}

/**
 * Updates a test case; missing members keep their value, null clears those that may be empty. Its steps and its execution
 * status stay (TC-3). Refused: a stale or missing stamp (CC-1), unknown references, values outside their tables.
 */
export async function updateTestCase(
  { db, figures, actor, projectId }: ProjectCommand,
  update: TestCaseUpdate,
  modifies: Modifies = 'all',
): Promise<void> {
  const isMoved = await db.transaction(async (transaction) => {
    const before = await findTestCase(transaction, projectId, update.testCaseId);
    refuseForeign(actor, modifies, before && [before.authorId, before.ownerId]);
    if (!before) throw notFound(`Test case ${update.testCaseId ?? ''}`.trim());
    const references = [
      ...changedReferences(testCaseReferences(update), before),
      ...componentReferences(update, before.componentIds ?? []),
    ];
    const custom = await settleOwnCustomValues(transaction, projectId, {
      artifactTypeId: CarriesValues.testCase,
      sent: update.customProperties,
      stored: before.customProperties,
    });
    refuse([
      ...blankName(update.name, 'A test case'),
      ...(await missingReferences(transaction, projectId, references)),
      ...(await missingFolder(transaction, projectId, {
        field: 'testCaseFolderId',
        folderId: update.testCaseFolderId,
      })),
      ...testCaseValueIssues(update),
      ...custom.issues,
    ]);
    await writeCase(transaction, projectId, { ...update, testCaseId: before.testCaseId, customJson: custom.json });
    if (update.testCaseFolderId === undefined || update.testCaseFolderId === before.testCaseFolderId) return false;
    await appendChange(transaction, projectId, { kind: 'cases', testCaseIds: [before.testCaseId] });
    return true;
  });
  if (isMoved) await figures.afterCommit(projectId, 'facts');
}

async function findTestCase(transaction: Transaction, projectId: number, testCaseId: number | null | undefined) {
  return transaction.kysely
    .selectFrom('testCase')
    .selectAll()
    .where('projectId', '=', projectId)
    .where('testCaseId', '=', testCaseId ?? 0)
    .where('isDeleted', '=', false)
    .forNoKeyUpdate()
    .executeTakeFirst();
}

async function writeCase(
  transaction: Transaction,
  projectId: number,
  update: TestCaseUpdate & { testCaseId: number; customJson: string | null | undefined },
): Promise<void> {
  const { testCaseId, testCaseTypeId, testCasePriorityId } = update;
  await updateStamped(transaction, {
    table: 'testCase',
    key: { projectId, testCaseId },
    what: `Test case ${testCaseId}`,
    stamp: update.concurrencyDate,
    changes: {
      name: update.name ?? undefined,
      description: update.description,
      testCaseStatusId: update.testCaseStatusId || undefined,
      testCaseTypeId: testCaseTypeId === undefined ? undefined : testCaseTypeId || testCaseDefaults.typeId,
      testCasePriorityId: testCasePriorityId === undefined ? undefined : testCasePriorityId || null,
      testCaseFolderId: update.testCaseFolderId,
      authorId: update.authorId ?? undefined,
      ownerId: update.ownerId,
      componentIds: update.componentIds,
      automationEngineId: update.automationEngineId,
      automationAttachmentId: update.automationAttachmentId,
      estimatedDuration: update.estimatedDuration,
      isSuspect: update.isSuspect ?? undefined,
      tags: update.tags,
      customProperties: update.customJson,
    },
  });
}
