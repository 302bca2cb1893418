import type { SentValues } from '../domain/custom-properties.ts';
import type { Issue } from '../domain/errors.ts';
import { priorities, testCaseStatuses, testCaseTypes } from '../domain/tables.ts';
import type { Transaction } from '../storage/database.ts';
import { holdFolder } from '../storage/folder-locks.ts';
import { testCaseFolderTree } from '../storage/folder-trees.ts';
import { outsideTable, type Reference } from './input-checks.ts';

/** What can be said of a test case. Missing keeps the stored value on update and means the default on create. */
export interface TestCaseInput {
  name?: string | null;
  description?: string | null;
  testCaseStatusId?: number | null;
  testCaseTypeId?: number | null;
  testCasePriorityId?: number | null;
  testCaseFolderId?: number | null;
  authorId?: number | null;
  ownerId?: number | null;
  componentIds?: number[] | null;
  automationEngineId?: number | null;
  automationAttachmentId?: number | null;
  estimatedDuration?: number | null;
  isSuspect?: boolean | null;
  tags?: string | null;
  customProperties?: SentValues;
}

/** What a case is when nothing else is said: Draft, Functional. */
export const testCaseDefaults = { statusId: 1, typeId: 3 } as const;

/** Returns what a test case refers to, its folder aside. */
export function testCaseReferences(input: TestCaseInput): Reference[] {
  return [
    { kind: 'member', field: 'authorId', id: input.authorId },
    { kind: 'member', field: 'ownerId', id: input.ownerId },
    { kind: 'automationEngine', field: 'automationEngineId', id: input.automationEngineId },
    { kind: 'document', field: 'automationAttachmentId', id: input.automationAttachmentId },
  ];
}

/** Returns the components of a test case as references; `except` are not looked at. */
export function componentReferences({ componentIds }: TestCaseInput, except: readonly number[] = []): Reference[] {
  return (componentIds ?? [])
    .filter((id) => !except.includes(id))
    .map((id) => ({ kind: 'component', field: 'componentIds', id }) as const);
}

/** Returns an issue when the folder does not exist; an existing one stays until the transaction ends. */
export async function missingFolder(
  transaction: Transaction,
  projectId: number,
  { field, folderId }: { field: string; folderId: number | null | undefined },
): Promise<Issue[]> {
  if (typeof folderId !== 'number' || (await holdFolder(transaction, testCaseFolderTree, projectId, folderId)))
    return [];
  return [{ code: 'notFound', field, message: `Test case folder ${folderId} does not exist in this project` }];
}

/** Returns what is wrong with the values of a test case; 0 means nothing in the three tables. */
export function testCaseValueIssues(input: TestCaseInput): Issue[] {
  return [
    ...outsideTable(testCaseStatuses, 'testCaseStatusId', input.testCaseStatusId || null, 'a test case status'),
    ...outsideTable(testCaseTypes, 'testCaseTypeId', input.testCaseTypeId || null, 'a test case type'),
    ...outsideTable(priorities, 'testCasePriorityId', input.testCasePriorityId || null, 'a test case priority'),
    ...negativeMinutes(input.estimatedDuration),
  ];
}

function negativeMinutes(minutes: number | null | undefined): Issue[] {
  if (typeof minutes !== 'number' || minutes >= 0) return [];
  return [{ code: 'invalid', field: 'estimatedDuration', message: 'An estimated duration is 0 minutes or more' }];
}
