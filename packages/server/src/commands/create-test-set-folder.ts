import { refuse } from '../domain/errors.ts';
import type { ProjectCommand } from './context.ts';
import { missingFolder } from './create-test-set.ts';

/** What can be said of a folder of test sets. */
export interface TestSetFolderInput {
  name?: string | null;
  description?: string | null;
  parentTestSetFolderId?: number | null;
}

/** Creates an empty folder of test sets and returns its id. Throws `notFound` for an unknown parent. */
export async function createTestSetFolder(
  { db, projectId }: ProjectCommand,
  input: TestSetFolderInput,
): Promise<number> {
  return db.transaction(async (transaction) => {
    const folderId = input.parentTestSetFolderId;
    refuse(await missingFolder(transaction, projectId, { field: 'parentTestSetFolderId', folderId }));
    const created = await transaction.kysely
      .insertInto('testSetFolder')
      .values({
        projectId,
        name: input.name ?? '',
        description: input.description ?? null,
        parentTestSetFolderId: folderId ?? null,
      })
      .returning('testSetFolderId')
      .executeTakeFirstOrThrow();
    return created.testSetFolderId;
  });
}
