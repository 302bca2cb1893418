import { notFound, refuse } from '../domain/errors.ts';
import { parameterName } from '../domain/parameter-token.ts';
import { updateGuidStamped } from '../storage/concurrency.ts';
import type { Transaction } from '../storage/database.ts';
import type { ProjectCommand } from './context.ts';
import {
  lockParametersOf,
  parameterNameIssues,
  refuseDuplicate,
  type TestCaseParameterInput,
} from './create-test-case-parameter.ts';
import { blankName } from './input-checks.ts';

/** A parameter as it is sent back: which one, its stamp as the caller read it, and its values. */
export interface TestCaseParameterUpdate extends TestCaseParameterInput {
  testCaseParameterId?: number | null;
  concurrencyGuid?: string | null;
}

/**
 * Changes the name or the default value of a parameter; the case that declares it stays. Refused: a stale stamp (a
 * missing one is not checked: the object is small and clients send none), a name that the case has already.
 */
export async function updateTestCaseParameter(
  { db, projectId }: ProjectCommand,
  update: TestCaseParameterUpdate,
): Promise<void> {
  await db.transaction(async (transaction) => {
    const id = update.testCaseParameterId;
    const stored = await findParameter(transaction, projectId, id);
    const name = parameterName(update.name ?? stored.name);
    refuse([...blankName(name, 'A parameter'), ...parameterNameIssues(name)]);
    await lockParametersOf(transaction, projectId, stored.testCaseId);
    await refuseDuplicate(transaction, projectId, {
      testCaseId: stored.testCaseId,
      name,
      exceptId: stored.testCaseParameterId,
    });
    await updateGuidStamped(transaction, {
      table: 'testCaseParameter',
      key: { projectId, testCaseParameterId: stored.testCaseParameterId },
      what: `Parameter ${id}`,
      stamp: update.concurrencyGuid || stored.concurrencyGuid,
      changes: { name, defaultValue: update.defaultValue },
    });
  });
}

/** Returns a parameter of a case that is not deleted; throws `notFound`. */
export async function findParameter(
  transaction: Transaction,
  projectId: number,
  testCaseParameterId: number | null | undefined,
) {
  const found = await transaction.kysely
    .selectFrom('testCaseParameter as q')
    .innerJoin('testCase as c', (join) =>
      join.onRef('c.projectId', '=', 'q.projectId').onRef('c.testCaseId', '=', 'q.testCaseId'),
    )
    .select(['q.testCaseParameterId', 'q.testCaseId', 'q.name', 'q.concurrencyGuid'])
    .where('q.projectId', '=', projectId)
    .where('q.testCaseParameterId', '=', testCaseParameterId ?? 0)
    .where('c.isDeleted', '=', false)
    .executeTakeFirst();
  if (!found) throw notFound(`Test case parameter ${testCaseParameterId ?? ''}`.trimEnd());
  return found;
}
