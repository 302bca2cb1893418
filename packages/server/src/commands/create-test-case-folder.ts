import { refuse } from '../domain/errors.ts';
import type { ProjectCommand } from './context.ts';
import { missingFolder } from './test-case-input.ts';

/** What can be said of a folder of test cases. */
export interface TestCaseFolderInput {
  name?: string | null;
  description?: string | null;
  parentTestCaseFolderId?: number | null;
}

/** Creates an empty folder of test cases and returns its id. Throws `notFound` for an unknown parent. */
export async function createTestCaseFolder(
  { db, projectId }: ProjectCommand,
  input: TestCaseFolderInput,
): Promise<number> {
  return db.transaction(async (transaction) => {
    const folderId = input.parentTestCaseFolderId;
    refuse(await missingFolder(transaction, projectId, { field: 'parentTestCaseFolderId', folderId }));
    const created = await transaction.kysely
      .insertInto('testCaseFolder')
      .values({
        projectId,
        name: input.name ?? '',
        description: input.description ?? null,
        parentTestCaseFolderId: folderId ?? null,
      })
      .returning('testCaseFolderId')
      .executeTakeFirstOrThrow();
    return created.testCaseFolderId;
  });
}
