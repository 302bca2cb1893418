import type { Queryable } from '../storage/database.ts';
import { artifactColumns } from './artifact-columns.ts';
import { date, number, text, view } from './view.ts';

/** The steps of a case in their order, each with its last status (TC-5). Parameters: project id, test case id. */
export const testSteps = view({
  from: `test_step t
    join test_case c on c.project_id = t.project_id and c.test_case_id = t.test_case_id and not c.is_deleted
    left join step_figure f on f.project_id = t.project_id and f.test_step_id = t.test_step_id`,
  scope: 't.project_id = $1 and t.test_case_id = $2 and not t.is_deleted',
  key: 'testStepId',
  defaultSort: { field: 'position', descending: false },
  columns: {
    ...artifactColumns(7, 't.test_step_id'),
    testStepId: number('t.test_step_id'),
    testCaseId: number('t.test_case_id'),
    testCaseGuid: text('c.guid::text'),
    executionStatusId: number('coalesce(f.execution_status_id, 3)'),
    position: number('t.position'),
    description: text('t.description'),
    expectedResult: text('t.expected_result'),
    sampleData: text('t.sample_data'),
    linkedTestCaseId: number('t.linked_test_case_id'),
    lastUpdateDate: date('t.updated_at'),
    precondition: text('t.precondition'),
  },
});

/** The values that a linking step passes, by name. Parameters: project id, test step id. */
export const testStepParameters = view({
  from: `test_step_parameter t
    join test_step s on s.project_id = t.project_id and s.test_step_id = t.test_step_id and not s.is_deleted`,
  scope: 't.project_id = $1 and t.test_step_id = $2',
  key: 'name',
  columns: {
    name: text('t.name'),
    value: text('t.value'),
    lastUpdateDate: date('s.updated_at'),
  },
});

const parameters = {
  from: `test_case_parameter t
    join test_case c on c.project_id = t.project_id and c.test_case_id = t.test_case_id and not c.is_deleted`,
  key: 'testCaseParameterId',
  defaultSort: { field: 'name', descending: false },
  columns: {
    testCaseParameterId: number('t.test_case_parameter_id'),
    testCaseId: number('t.test_case_id'),
    name: text('t.name'),
    defaultValue: text('t.default_value'),
    guid: text('t.guid::text'),
    concurrencyGuid: text('t.concurrency_guid::text'),
    lastUpdateDate: date('t.updated_at'),
  },
} as const;

/** The parameters that a case declares, by name. Parameters: project id, test case id. */
export const testCaseParameters = view({ ...parameters, scope: 't.project_id = $1 and t.test_case_id = $2' });

const allParameters = view({ ...parameters, scope: 't.project_id = $1' });

/** Returns one parameter of a case, undefined when there is none. */
export async function findTestCaseParameter(db: Queryable, projectId: number, testCaseParameterId: number) {
  return allParameters.find(db, [projectId], testCaseParameterId);
}
