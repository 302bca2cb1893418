import { DomainError, type Issue, refuse } from '../domain/errors.ts';
import type { Transaction } from '../storage/database.ts';
import { lockStepsOf, putStepParameters, requireStepOf } from '../storage/test-steps.ts';
import type { ProjectCommand } from './context.ts';
import { type StepParameter, valuesByName } from './test-step-input.ts';

/** The step whose values are changed, and the values. */
export interface StepParametersOf {
  testCaseId: number;
  testStepId: number;
  parameters: readonly StepParameter[];
}

/** Adds values that a linking step passes; a name that it passes already gets the new value. */
export async function addStepParameters(command: ProjectCommand, change: StepParametersOf): Promise<void> {
  await onLinkingStep(command, change, async (transaction, values) => {
    await putStepParameters(transaction, command.projectId, { testStepId: change.testStepId, values });
  });
}

/** Changes values that a linking step passes. Throws `notFound` for a name that it does not pass. */
export async function updateStepParameters(command: ProjectCommand, change: StepParametersOf): Promise<void> {
  await onLinkingStep(command, change, async (transaction, values) => {
    const rows = await transaction.query<{ name: string }>(
      'select name from test_step_parameter where project_id = $1 and test_step_id = $2',
      [command.projectId, change.testStepId],
    );
    const known = new Set(rows.map((row) => row.name));
    refuse(
      [...values.keys()].flatMap((name, index): Issue[] =>
        known.has(name)
          ? []
          : [{ code: 'notFound', index, field: 'name', message: `The step passes no value for ${name}` }],
      ),
    );
    await putStepParameters(transaction, command.projectId, { testStepId: change.testStepId, values });
  });
}

/** Takes values away from a linking step; names that it does not pass are ignored. */
export async function deleteStepParameters(command: ProjectCommand, change: StepParametersOf): Promise<void> {
  await onLinkingStep(command, change, async (transaction, values) => {
    await transaction.query(
      'delete from test_step_parameter where project_id = $1 and test_step_id = $2 and name = any($3)',
      [command.projectId, change.testStepId, [...values.keys()]],
    );
  });
}

/** Values change what the step means for later runs, so its last update moves; its own members and stamp stay. */
async function onLinkingStep(
  { db, projectId }: ProjectCommand,
  { testCaseId, testStepId, parameters }: StepParametersOf,
  write: (transaction: Transaction, values: Map<string, string | null>) => Promise<void>,
): Promise<void> {
  await db.transaction(async (transaction) => {
    await lockStepsOf(transaction, projectId, testCaseId);
    const step = await requireStepOf(transaction, projectId, { testCaseId, testStepId });
    if (step.linkedTestCaseId === null) {
      throw new DomainError('invalid', `Test step ${testStepId} does not link to another test case`);
    }
    await write(transaction, valuesByName(parameters));
    await transaction.query('update test_step set updated_at = now() where project_id = $1 and test_step_id = $2', [
      projectId,
      testStepId,
    ]);
  });
}
