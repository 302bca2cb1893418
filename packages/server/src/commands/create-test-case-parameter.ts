import { DomainError, type Issue, refuse } from '../domain/errors.ts';
import { parameterName } from '../domain/parameter-token.ts';
import type { Transaction } from '../storage/database.ts';
import type { ProjectCommand } from './context.ts';
import { missingReferences } from './input-checks.ts';

/** What can be said of a parameter of a test case. */
export interface TestCaseParameterInput {
  testCaseId?: number | null;
  name?: string | null;
  defaultValue?: string | null;
}

/**
 * Declares a parameter of a test case and returns its id; the name is kept in lower case. Refused: an unknown case, a
 * name that the case has already (`duplicate`), a name with braces in it.
 */
export async function createTestCaseParameter(
  { db, projectId }: ProjectCommand,
  input: TestCaseParameterInput,
): Promise<number> {
  return db.transaction(async (transaction) => {
    const { testCaseId } = input;
    if (typeof testCaseId !== 'number') throw new Error('A required reference is there once the body is decoded');
    const name = parameterName(input.name ?? '');
    refuse([
      ...(await missingReferences(transaction, projectId, [{ kind: 'testCase', field: 'testCaseId', id: testCaseId }])),
      ...parameterNameIssues(name),
    ]);
    await lockParametersOf(transaction, projectId, testCaseId);
    await refuseDuplicate(transaction, projectId, { testCaseId, name });
    const created = await transaction.kysely
      .insertInto('testCaseParameter')
      .values({ projectId, testCaseId, name, defaultValue: input.defaultValue ?? null })
      .returning('testCaseParameterId')
      .executeTakeFirstOrThrow();
    return created.testCaseParameterId;
  });
}

/** Returns what is wrong with a name: a token ends at the first closing brace. */
export function parameterNameIssues(name: string): Issue[] {
  if (!/[{}$]/.test(name)) return [];
  return [{ code: 'invalid', field: 'name', message: 'A parameter name holds no $, { or }' }];
}

/** Serialises changes of the parameters of one case, so that a name taken meanwhile is seen. */
export async function lockParametersOf(transaction: Transaction, projectId: number, testCaseId: number): Promise<void> {
  await transaction.query('select from test_case where project_id = $1 and test_case_id = $2 for no key update', [
    projectId,
    testCaseId,
  ]);
}

/** Throws `duplicate` when another parameter of the case has the name. */
export async function refuseDuplicate(
  transaction: Transaction,
  projectId: number,
  { testCaseId, name, exceptId = 0 }: { testCaseId: number; name: string; exceptId?: number },
): Promise<void> {
  const others = await transaction.query(
    `select from test_case_parameter
      where project_id = $1 and test_case_id = $2 and lower(name) = lower($3) and test_case_parameter_id <> $4`,
    [projectId, testCaseId, name, exceptId],
  );
  if (others.length > 0) {
    throw new DomainError('duplicate', `Test case ${testCaseId} already has a parameter named ${name}`);
  }
}
