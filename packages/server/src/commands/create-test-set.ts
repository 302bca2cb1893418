import type { SentValues } from '../domain/custom-properties.ts';
import { type Issue, refuse } from '../domain/errors.ts';
import { recurrences, testRunTypes, testSetStatuses } from '../domain/tables.ts';
import type { Transaction } from '../storage/database.ts';
import { holdFolder } from '../storage/folder-locks.ts';
import { testSetFolderTree } from '../storage/folder-trees.ts';
import type { ProjectCommand } from './context.ts';
import { CarriesValues, settleOwnCustomValues } from './custom-properties.ts';
import { missingReferences, outsideTable, type Reference } from './input-checks.ts';

/** What can be said of a test set. Missing keeps the stored value on update and means the default on create. */
export interface TestSetInput {
  name?: string | null;
  description?: string | null;
  testSetStatusId?: number | null;
  testRunTypeId?: number | null;
  creatorId?: number | null;
  ownerId?: number | null;
  releaseId?: number | null;
  automationHostId?: number | null;
  recurrenceId?: number | null;
  plannedDate?: Date | null;
  testSetFolderId?: number | null;
  isAutoScheduled?: boolean | null;
  isDynamic?: boolean | null;
  dynamicQuery?: string | null;
  testConfigurationSetId?: number | null;
  buildExecuteTimeInterval?: number | null;
  tags?: string | null;
  customProperties?: SentValues;
}

/** Returns what a test set refers to. */
export function testSetReferences(input: TestSetInput): Reference[] {
  return [
    { kind: 'member', field: 'creatorId', id: input.creatorId },
    { kind: 'member', field: 'ownerId', id: input.ownerId },
    { kind: 'release', field: 'releaseId', id: input.releaseId },
    { kind: 'automationHost', field: 'automationHostId', id: input.automationHostId },
    { kind: 'testConfigurationSet', field: 'testConfigurationSetId', id: input.testConfigurationSetId },
  ];
}

/** Returns an issue when the folder does not exist; an existing one stays until the transaction ends. */
export async function missingFolder(
  transaction: Transaction,
  projectId: number,
  { field, folderId }: { field: string; folderId: number | null | undefined },
): Promise<Issue[]> {
  if (typeof folderId !== 'number' || (await holdFolder(transaction, testSetFolderTree, projectId, folderId)))
    return [];
  return [{ code: 'notFound', field, message: `Test set folder ${folderId} does not exist in this project` }];
}

/** Returns what is wrong with the values of a test set. */
export function testSetValueIssues(input: TestSetInput): Issue[] {
  return [
    ...outsideTable(testSetStatuses, 'testSetStatusId', input.testSetStatusId, 'a test set status'),
    ...outsideTable(testRunTypes, 'testRunTypeId', input.testRunTypeId, 'a test run type'),
    ...outsideTable(recurrences, 'recurrenceId', input.recurrenceId, 'a recurrence'),
  ];
}

/**
 * Creates a test set without rows and returns its id. Refused: unknown people, releases, hosts, folders and
 * configuration sets, and values outside their tables. No figure changes: an empty set counts nothing.
 */
export async function createTestSet({ db, actor, projectId }: ProjectCommand, input: TestSetInput): Promise<number> {
  return db.transaction(async (transaction) => {
    const custom = await settleOwnCustomValues(transaction, projectId, {
      artifactTypeId: CarriesValues.testSet,
      sent: input.customProperties,
    });
    refuse([
      ...(await missingReferences(transaction, projectId, testSetReferences(input))),
      ...(await missingFolder(transaction, projectId, { field: 'testSetFolderId', folderId: input.testSetFolderId })),
      ...testSetValueIssues(input),
      ...custom.issues,
    ]);
    const created = await transaction.kysely
      .insertInto('testSet')
      .values({
        projectId,
        name: input.name ?? '',
        description: input.description ?? null,
        testSetStatusId: input.testSetStatusId ?? 1,
        testRunTypeId: input.testRunTypeId ?? 1,
        creatorId: input.creatorId ?? actor.userId,
        ownerId: input.ownerId ?? null,
        releaseId: input.releaseId ?? null,
        automationHostId: input.automationHostId ?? null,
        recurrenceId: input.recurrenceId ?? null,
        plannedDate: input.plannedDate ?? null,
        testSetFolderId: input.testSetFolderId ?? null,
        isAutoScheduled: input.isAutoScheduled ?? false,
        isDynamic: input.isDynamic ?? false,
        dynamicQuery: input.dynamicQuery ?? null,
        testConfigurationSetId: input.testConfigurationSetId ?? null,
        buildExecuteTimeInterval: input.buildExecuteTimeInterval ?? null,
        tags: input.tags ?? null,
        customProperties: custom.json ?? null,
      })
      .returning('testSetId')
      .executeTakeFirstOrThrow();
    return created.testSetId;
  });
}
