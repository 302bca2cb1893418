import { executionStatuses, priorities, testCaseStatuses, testCaseTypes } from '../domain/tables.ts';
import type { Queryable } from '../storage/database.ts';
import { artifactColumns, userColumns } from './artifact-columns.ts';
import { ownProjectsSql } from './own-projects.ts';
import { nameSql } from './table-names.ts';
import { testSteps } from './test-steps.ts';
import { boolean, date, number, numbers, text, view } from './view.ts';

// `t` the case, `f` the figure behind its status. A case without a figure was never run: Not Run, no date.
const columnsWith = (shownStatus: string) => ({
  ...artifactColumns(2, 't.test_case_id'),
  ...userColumns('author', 't.author_id'),
  ...userColumns('owner', 't.owner_id'),
  testCaseId: number('t.test_case_id'),
  name: text('t.name'),
  description: text('t.description'),
  testCaseStatusId: number('t.test_case_status_id'),
  testCaseStatusName: text(nameSql(testCaseStatuses, 't.test_case_status_id')),
  testCaseTypeId: number('t.test_case_type_id'),
  testCaseTypeName: text(nameSql(testCaseTypes, 't.test_case_type_id')),
  testCasePriorityId: number('t.test_case_priority_id'),
  testCasePriorityName: text(nameSql(priorities, 't.test_case_priority_id')),
  testCaseFolderId: number('t.test_case_folder_id'),
  componentIds: numbers('t.component_ids'),
  automationEngineId: number('t.automation_engine_id'),
  automationAttachmentId: number('t.automation_attachment_id'),
  creationDate: date('t.created_at'),
  lastUpdateDate: date('t.updated_at'),
  executionStatusId: number(shownStatus),
  executionStatusName: text(nameSql(executionStatuses, shownStatus)),
  executionDate: date('f.end_date'),
  estimatedDuration: number('t.estimated_duration'),
  actualDuration: number('f.actual_duration'),
  projectName: text('(select p.name from project p where p.project_id = t.project_id)'),
  isSuspect: boolean('t.is_suspect'),
  isTestSteps: boolean(
    '(select true from test_step s where s.project_id = t.project_id and s.test_case_id = t.test_case_id and not s.is_deleted limit 1) is not null',
  ),
});

const allRuns = {
  from: 'test_case t left join case_figure f on f.project_id = t.project_id and f.test_case_id = t.test_case_id',
  key: 'testCaseId',
  columns: columnsWith('coalesce(f.mark, f.execution_status_id, 3)'),
} as const;

/** Test cases with the figures of their newest runs, or the manual mark (TC-1, TC-2). Parameters: project id. */
export const testCases = view({ ...allRuns, scope: 't.project_id = $1 and not t.is_deleted' });

/** The cases mapped to a release, with their figures for it (RL-1). Parameters: project id, release id. */
const testCasesOfRelease = view({
  from: `release_test_case m
    join test_case t on t.project_id = m.project_id and t.test_case_id = m.test_case_id
    left join mapping_figure f
      on f.project_id = m.project_id and f.test_case_id = m.test_case_id and f.release_id = m.release_id`,
  scope: 'm.project_id = $1 and m.release_id = $2 and not t.is_deleted',
  key: 'testCaseId',
  columns: columnsWith('coalesce(f.execution_status_id, 3)'),
});

/** One case per row of a test set, by position, with the figures of the row (TX-1). Parameters: project id, set id. */
export const testCasesOfSet = view({
  from: `test_set_row w
    join test_case t on t.project_id = w.project_id and t.test_case_id = w.test_case_id
    left join row_figure f on f.project_id = w.project_id and f.test_set_row_id = w.test_set_row_id`,
  scope: 'w.project_id = $1 and w.test_set_id = $2 and not w.is_removed and not t.is_deleted',
  key: 'testCaseId',
  defaultSort: { field: 'rowPosition', descending: false },
  columns: { ...columnsWith('coalesce(f.execution_status_id, 3)'), rowPosition: number('w.position') },
});

/** The cases that a user owns in all projects he is a member of. Parameters: user id. */
export const ownTestCases = view({
  ...allRuns,
  scope: `t.owner_id = $1 and t.project_id in ${ownProjectsSql('$1')} and not t.is_deleted`,
});

/** Returns the test cases to list and the view's parameters: all, or those mapped to a release (PG-5). */
export function testCasesFor(projectId: number, releaseId: number | undefined) {
  return releaseId === undefined
    ? { view: testCases, parameters: [projectId] }
    : { view: testCasesOfRelease, parameters: [projectId, releaseId] };
}

/** Returns one test case with its steps in order, undefined when there is none. */
export async function findTestCase(db: Queryable, projectId: number, testCaseId: number) {
  const found = await testCases.find(db, [projectId], testCaseId);
  if (!found) return undefined;
  return { ...found, testSteps: await testSteps.list(db, [projectId, testCaseId]) };
}
