import { notFound, refuse } from '../domain/errors.ts';
import { ExecutionStatus } from '../domain/tables.ts';
import { type AfterCompletion, afterCompletion, TestSetStatus } from '../domain/test-set-completion.ts';
import { testingSettings } from '../domain/testing-settings.ts';
import { updateStamped } from '../storage/concurrency.ts';
import type { Transaction } from '../storage/database.ts';
import type { ProjectCommand } from './context.ts';
import { missingFolder, type TestSetInput, testSetReferences, testSetValueIssues } from './create-test-set.ts';
import { CarriesValues, settleOwnCustomValues } from './custom-properties.ts';
import { blankName, changedReferences, missingReferences } from './input-checks.ts';
import { type Modifies, refuseForeign } from './ownership.ts';

/** A test set as it is sent back: which one, what the caller read of it (its stamp), and its values. */
export interface TestSetUpdate extends TestSetInput {
  testSetId?: number | null;
  concurrencyDate?: Date | null;
}

/**
 * Updates a test set; missing members keep their value, null clears those that may be empty. A set that becomes
 * Completed may lose its owner or start over (semantics 3.4). Refused: a stale or missing stamp (CC-1), unknown
 * references, values outside their tables. Its figures do not depend on any of this.
 */
export async function updateTestSet(
  { db, actor, projectId }: ProjectCommand,
  update: TestSetUpdate,
  modifies: Modifies = 'all',
): Promise<void> {
  await db.transaction(async (transaction) => {
    const before = await findTestSet(transaction, projectId, update.testSetId);
    refuseForeign(actor, modifies, before && [before.creatorId, before.ownerId]);
    if (!before) throw notFound(`Test set ${update.testSetId ?? ''}`.trim());
    const custom = await settleOwnCustomValues(transaction, projectId, {
      artifactTypeId: CarriesValues.testSet,
      sent: update.customProperties,
      stored: before.customProperties,
    });
    refuse([
      ...blankName(update.name, 'A test set'),
      ...(await missingReferences(transaction, projectId, changedReferences(testSetReferences(update), before))),
      ...(await missingFolder(transaction, projectId, { field: 'testSetFolderId', folderId: update.testSetFolderId })),
      ...testSetValueIssues(update),
      ...custom.issues,
    ]);
    const follows =
      update.testSetStatusId === TestSetStatus.Completed && before.testSetStatusId !== TestSetStatus.Completed
        ? await completion(transaction, projectId, { ...before, ...given(update) })
        : {};
    await write(transaction, projectId, {
      ...update,
      ...follows,
      testSetId: before.testSetId,
      customJson: custom.json,
    });
  });
}

async function findTestSet(transaction: Transaction, projectId: number, testSetId: number | null | undefined) {
  return transaction.kysely
    .selectFrom('testSet')
    .selectAll()
    .where('projectId', '=', projectId)
    .where('testSetId', '=', testSetId ?? 0)
    .where('isDeleted', '=', false)
    .forNoKeyUpdate()
    .executeTakeFirst();
}

/** What of an update takes the place of the stored values. */
function given({ recurrenceId, plannedDate }: TestSetUpdate) {
  return {
    ...(recurrenceId === undefined ? {} : { recurrenceId }),
    ...(plannedDate === undefined ? {} : { plannedDate }),
  };
}

async function completion(
  transaction: Transaction,
  projectId: number,
  set: { testSetId: number; recurrenceId: number | null; plannedDate: Date | null },
): Promise<AfterCompletion> {
  const [facts] = await transaction.query<{ rows: number; passed: number; settings: unknown }>(
    `select count(*) as rows, count(*) filter (where f.execution_status_id = $3) as passed,
            (select settings from project where project_id = $1) as settings
       from test_set_row w
       join test_case c on c.project_id = w.project_id and c.test_case_id = w.test_case_id and not c.is_deleted
       left join row_figure f on f.project_id = w.project_id and f.test_set_row_id = w.test_set_row_id
      where w.project_id = $1 and w.test_set_id = $2 and not w.is_removed`,
    [projectId, set.testSetId, ExecutionStatus.Passed],
  );
  return afterCompletion({
    recurrenceId: set.recurrenceId,
    plannedDate: set.plannedDate,
    isAllPassed: facts !== undefined && facts.rows > 0 && facts.passed === facts.rows,
    unassigns: testingSettings(facts?.settings).completingUnassignsSet,
  });
}

async function write(
  transaction: Transaction,
  projectId: number,
  update: TestSetUpdate & { testSetId: number; customJson: string | null | undefined },
): Promise<void> {
  const { testSetId } = update;
  await updateStamped(transaction, {
    table: 'testSet',
    key: { projectId, testSetId },
    what: `Test set ${testSetId}`,
    stamp: update.concurrencyDate,
    changes: {
      name: update.name ?? undefined,
      description: update.description,
      testSetStatusId: update.testSetStatusId ?? undefined,
      testRunTypeId: update.testRunTypeId ?? undefined,
      creatorId: update.creatorId ?? undefined,
      ownerId: update.ownerId,
      releaseId: update.releaseId,
      automationHostId: update.automationHostId,
      recurrenceId: update.recurrenceId,
      plannedDate: update.plannedDate,
      testSetFolderId: update.testSetFolderId,
      isAutoScheduled: update.isAutoScheduled ?? undefined,
      isDynamic: update.isDynamic ?? undefined,
      dynamicQuery: update.dynamicQuery,
      testConfigurationSetId: update.testConfigurationSetId,
      buildExecuteTimeInterval: update.buildExecuteTimeInterval,
      tags: update.tags,
      customProperties: update.customJson,
    },
  });
}
