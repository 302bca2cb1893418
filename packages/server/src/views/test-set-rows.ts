import type { Queryable } from '../storage/database.ts';
import { boolean, date, number, text, view } from './view.ts';

/** The rows of a test set by position; rows of deleted cases are not shown (DL-4). Parameters: project id, set id. */
export const testSetRows = view({
  from: `test_set_row t
    join test_set s on s.project_id = t.project_id and s.test_set_id = t.test_set_id
    join test_case c on c.project_id = t.project_id and c.test_case_id = t.test_case_id and not c.is_deleted`,
  scope: 't.project_id = $1 and t.test_set_id = $2 and not t.is_removed',
  key: 'testSetTestCaseId',
  defaultSort: { field: 'position', descending: false },
  columns: {
    testSetTestCaseId: number('t.test_set_row_id'),
    testSetId: number('t.test_set_id'),
    testCaseId: number('t.test_case_id'),
    testSetGuid: text('s.guid::text'),
    testCaseGuid: text('c.guid::text'),
    ownerId: number('t.owner_id'),
    ownerGuid: text('(select u.guid::text from app_user u where u.user_id = t.owner_id)'),
    plannedDate: date('t.planned_date'),
    isSetupTeardown: boolean('t.is_setup_teardown'),
    position: number('t.position'),
    guid: text('t.guid::text'),
    concurrencyGuid: text('t.concurrency_guid::text'),
    lastUpdateDate: date('t.updated_at'),
  },
});

/** The parameter values of a set and of its rows; those of the set itself have row 0. Parameters: project id, set id. */
export const testSetParameters = view({
  from: `test_set_parameter t
    join test_case_parameter p on p.project_id = t.project_id and p.test_case_parameter_id = t.test_case_parameter_id`,
  scope: 't.project_id = $1 and t.test_set_id = $2',
  key: 'testCaseParameterId',
  columns: {
    testSetId: number('t.test_set_id'),
    testSetTestCaseId: number('t.test_set_row_id'),
    testCaseParameterId: number('t.test_case_parameter_id'),
    testCaseParameterGuid: text('p.guid::text'),
    name: text('p.name'),
    value: text('t.value'),
    guid: text('null::text'),
    concurrencyGuid: text('t.concurrency_guid::text'),
    lastUpdateDate: date('t.updated_at'),
  },
});

/** Returns whether a row of the set is there to be seen. */
export async function hasRow(
  db: Queryable,
  projectId: number,
  row: { testSetId: number; testSetTestCaseId: number },
): Promise<boolean> {
  return (await testSetRows.find(db, [projectId, row.testSetId], row.testSetTestCaseId)) !== undefined;
}
