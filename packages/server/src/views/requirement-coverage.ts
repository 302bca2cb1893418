import { number, view } from './view.ts';

const from = `requirement_test_case t
    join requirement r on r.project_id = t.project_id and r.requirement_id = t.requirement_id and not r.is_deleted
    join test_case c on c.project_id = t.project_id and c.test_case_id = t.test_case_id and not c.is_deleted`;
const columns = { requirementId: number('t.requirement_id'), testCaseId: number('t.test_case_id') };

/** The cases that cover a requirement itself. Parameters: project id, requirement id. */
export const coverageOfRequirement = view({
  from,
  scope: 't.project_id = $1 and t.requirement_id = $2',
  key: 'testCaseId',
  columns,
});

/** The requirements that a case covers. Parameters: project id, test case id. */
export const coverageByTestCase = view({
  from,
  scope: 't.project_id = $1 and t.test_case_id = $2',
  key: 'requirementId',
  columns,
});
