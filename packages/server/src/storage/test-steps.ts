import { notFound } from '../domain/errors.ts';
import type { Transaction } from './database.ts';

/**
 * Serialises edits of the steps of one case, and notes at the case that it was changed: its last update, not its stamp,
 * so that an edit of steps never makes an edit of the case itself stale. Throws `notFound` when there is no such case.
 */
export async function lockStepsOf(transaction: Transaction, projectId: number, testCaseId: number): Promise<void> {
  const rows = await transaction.query(
    `update test_case set updated_at = now()
      where project_id = $1 and test_case_id = $2 and not is_deleted returning 1`,
    [projectId, testCaseId],
  );
  if (rows.length === 0) throw notFound(`Test case ${testCaseId}`);
}

/** Returns the ids of the steps of a case in their order. */
export async function listStepIds(transaction: Transaction, projectId: number, testCaseId: number): Promise<number[]> {
  const rows = await transaction.query<{ id: number }>(
    `select test_step_id as id from test_step
      where project_id = $1 and test_case_id = $2 and not is_deleted order by position, test_step_id`,
    [projectId, testCaseId],
  );
  return rows.map((row) => row.id);
}

/** Numbers the steps from 1 in this order. Steps that are only renumbered keep their stamp. */
export async function saveStepOrder(
  transaction: Transaction,
  projectId: number,
  stepIds: readonly number[],
): Promise<void> {
  await transaction.query(
    `update test_step t set position = n.position
       from unnest($2::int[]) with ordinality as n (id, position)
      where t.project_id = $1 and t.test_step_id = n.id and t.position <> n.position`,
    [projectId, stepIds],
  );
}

/** Throws `notFound` unless this is a step of the case. */
export async function requireStepOf(
  transaction: Transaction,
  projectId: number,
  { testCaseId, testStepId }: { testCaseId: number; testStepId: number },
): Promise<{ linkedTestCaseId: number | null; customProperties: unknown }> {
  const step = await transaction.kysely
    .selectFrom('testStep')
    .select(['linkedTestCaseId', 'customProperties'])
    .where('projectId', '=', projectId)
    .where('testCaseId', '=', testCaseId)
    .where('testStepId', '=', testStepId)
    .where('isDeleted', '=', false)
    .executeTakeFirst();
  if (!step) throw notFound(`Test step ${testStepId} of test case ${testCaseId}`);
  return step;
}

/** Sets values that a linking step passes; names are kept in lower case. Those it has already get the new value. */
export async function putStepParameters(
  transaction: Transaction,
  projectId: number,
  { testStepId, values }: { testStepId: number; values: ReadonlyMap<string, string | null> },
): Promise<void> {
  await transaction.query(
    `insert into test_step_parameter (project_id, test_step_id, name, value)
     select $1, $2, n.name, n.value from unnest($3::text[], $4::text[]) as n (name, value)
     on conflict (project_id, test_step_id, name) do update set value = excluded.value`,
    [projectId, testStepId, [...values.keys()], [...values.values()]],
  );
}
