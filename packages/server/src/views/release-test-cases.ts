import { number, view } from './view.ts';

/** The test cases mapped to a release, by id. Parameters: project id, release id. */
export const releaseTestCases = view({
  from: 'release_test_case t join test_case c on c.project_id = t.project_id and c.test_case_id = t.test_case_id',
  scope: 't.project_id = $1 and t.release_id = $2 and not c.is_deleted',
  key: 'testCaseId',
  columns: {
    releaseId: number('t.release_id'),
    testCaseId: number('t.test_case_id'),
  },
});
