import { type Issue, refuse } from '../domain/errors.ts';
import type { Transaction } from '../storage/database.ts';

/** A value for a parameter, named by its id or, where that is missing, by its name. */
export interface ParameterValue {
  testCaseParameterId?: number | null;
  name?: string | null;
  value?: string | null;
}

/** What the values are for: a row of a set, or (row 0) the whole set. */
export interface ParameterOwner {
  testSetId: number;
  testSetRowId: number;
}

/**
 * Stores values of parameters for a row or a set, over those it has. A parameter that is only named is looked for among
 * those of the row's case, or of the cases of the set. Unknown parameters: `notFound`.
 */
export async function saveParameterValues(
  transaction: Transaction,
  projectId: number,
  owner: ParameterOwner,
  values: readonly ParameterValue[],
): Promise<void> {
  if (values.length === 0) return;
  const ids = await parameterIds(transaction, projectId, owner, values);
  // Of two values for one parameter the later one counts, and a statement may not write a row twice.
  const byParameter = new Map(values.map((value, index) => [ids[index] ?? 0, value.value ?? null]));
  await transaction.query(
    `insert into test_set_parameter (project_id, test_set_id, test_set_row_id, test_case_parameter_id, value)
     select $1, $2, $3, n.parameter_id, n.value from unnest($4::int[], $5::text[]) as n (parameter_id, value)
     on conflict (project_id, test_set_id, test_set_row_id, test_case_parameter_id)
     do update set value = excluded.value, updated_at = now(), concurrency_guid = gen_random_uuid()`,
    [projectId, owner.testSetId, owner.testSetRowId, [...byParameter.keys()], [...byParameter.values()]],
  );
}

interface KnownParameter {
  id: number;
  name: string;
  isOfOwner: boolean;
}

async function parameterIds(
  transaction: Transaction,
  projectId: number,
  owner: ParameterOwner,
  values: readonly ParameterValue[],
): Promise<number[]> {
  const known = await transaction.query<KnownParameter>(
    `select p.test_case_parameter_id as id, lower(p.name) as name,
            exists (select from test_set_row w
                     where w.project_id = $1 and w.test_set_id = $2 and ($3 = 0 or w.test_set_row_id = $3)
                       and w.test_case_id = p.test_case_id and not w.is_removed) as "isOfOwner"
       from test_case_parameter p
      where p.project_id = $1 and (p.test_case_parameter_id = any($4) or lower(p.name) = any($5))
      order by p.test_case_parameter_id`,
    [
      projectId,
      owner.testSetId,
      owner.testSetRowId,
      values.flatMap((value) => value.testCaseParameterId ?? []),
      values.flatMap((value) => value.name?.toLowerCase() ?? []),
    ],
  );
  const issues: Issue[] = [];
  const ids = values.map((value, index) => {
    const found = known.find((parameter) => isMeant(parameter, value));
    if (!found) issues.push(unknownParameter(value, index));
    return found?.id ?? 0;
  });
  refuse(issues);
  return ids;
}

/** An id finds any parameter of the project (linked cases have their own), a name only one of the owner's cases. */
function isMeant(parameter: KnownParameter, { testCaseParameterId, name }: ParameterValue): boolean {
  if (testCaseParameterId) return parameter.id === testCaseParameterId;
  return parameter.isOfOwner && name !== null && name !== undefined && parameter.name === name.toLowerCase();
}

function unknownParameter({ testCaseParameterId, name }: ParameterValue, index: number): Issue {
  const field = testCaseParameterId ? 'testCaseParameterId' : 'name';
  const shown = testCaseParameterId ?? JSON.stringify(name ?? '');
  return { code: 'notFound', index, field, message: `Test case parameter ${shown} does not exist in this project` };
}
