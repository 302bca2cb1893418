import type { SentValues } from '../domain/custom-properties.ts';
import type { Issue } from '../domain/errors.ts';
import type { Transaction } from '../storage/database.ts';
import { missingReferences } from './input-checks.ts';

/** What can be said of a step. Missing keeps the stored value on update. */
export interface TestStepInput {
  /** Where to insert it, from 1; missing, 0 and below, and beyond the last: the end. Ignored on update. */
  position?: number | null;
  description?: string | null;
  expectedResult?: string | null;
  sampleData?: string | null;
  precondition?: string | null;
  linkedTestCaseId?: number | null;
  tags?: string | null;
  customProperties?: SentValues;
}

/** A value that a linking step passes to a parameter of the case it links to. */
export interface StepParameter {
  name?: string | null;
  value?: string | null;
}

/** Returns what is wrong with the steps of a case; `isList` says that the caller sent several, each with its place. */
export async function testStepIssues(
  transaction: Transaction,
  projectId: number,
  { testCaseId, steps, isList }: { testCaseId: number; steps: readonly TestStepInput[]; isList: boolean },
): Promise<Issue[]> {
  const links = steps.map(({ linkedTestCaseId: id }, index) => ({
    kind: 'testCase' as const,
    field: 'linkedTestCaseId',
    id,
    ...(isList ? { index } : {}),
  }));
  const toItself = links.filter((link) => link.id === testCaseId);
  return [
    ...(await missingReferences(transaction, projectId, links)),
    ...toItself.map(
      ({ field, ...link }): Issue => ({
        code: 'invalid',
        field,
        message: 'A test case cannot link to itself',
        ...('index' in link ? { index: link.index as number } : {}),
      }),
    ),
  ];
}

/** Returns the values by name as they are kept: in lower case, the last of a name counts. */
export function valuesByName(parameters: readonly StepParameter[]): Map<string, string | null> {
  return new Map(parameters.map(({ name, value }) => [(name ?? '').trim().toLowerCase(), value ?? null]));
}
