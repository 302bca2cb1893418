import type { Queryable } from './database.ts';

/** What a command can refer to by id, and where it lives. Deleted things do not exist, except where the name says so. */
const sources = {
  release: 'select release_id as id from release where project_id = $1 and release_id = any($2) and not is_deleted',
  build: 'select build_id as id from build where project_id = $1 and build_id = any($2) and not is_deleted',
  testCase:
    'select test_case_id as id from test_case where project_id = $1 and test_case_id = any($2) and not is_deleted',
  testCaseFolder:
    'select test_case_folder_id as id from test_case_folder where project_id = $1 and test_case_folder_id = any($2)',
  testStep:
    'select test_step_id as id from test_step where project_id = $1 and test_step_id = any($2) and not is_deleted',
  testStepEvenDeleted: 'select test_step_id as id from test_step where project_id = $1 and test_step_id = any($2)',
  testCaseEvenDeleted: 'select test_case_id as id from test_case where project_id = $1 and test_case_id = any($2)',
  testSet: 'select test_set_id as id from test_set where project_id = $1 and test_set_id = any($2) and not is_deleted',
  testSetFolder:
    'select test_set_folder_id as id from test_set_folder where project_id = $1 and test_set_folder_id = any($2)',
  testConfiguration:
    'select test_configuration_id as id from test_configuration where project_id = $1 and test_configuration_id = any($2)',
  testConfigurationSet:
    'select test_configuration_set_id as id from test_configuration_set where project_id = $1 and test_configuration_set_id = any($2)',
  requirement:
    'select requirement_id as id from requirement where project_id = $1 and requirement_id = any($2) and not is_deleted',
  component:
    'select component_id as id from component where project_id = $1 and component_id = any($2) and not is_deleted',
  automationHost:
    'select automation_host_id as id from automation_host where project_id = $1 and automation_host_id = any($2) and not is_deleted',
  automationEngine:
    'select automation_engine_id as id from automation_engine where $1 > 0 and automation_engine_id = any($2)',
  document: 'select document_id as id from document where project_id = $1 and document_id = any($2) and not is_deleted',
  incident: 'select incident_id as id from incident where project_id = $1 and incident_id = any($2) and not is_deleted',
  testRun: 'select test_run_id as id from test_run where project_id = $1 and test_run_id = any($2) and not is_deleted',
  testRunStep: 'select test_run_step_id as id from test_run_step where project_id = $1 and test_run_step_id = any($2)',
  /** A member of the project; the built-in administrator is one everywhere. */
  member: `select user_id as id from project_member where project_id = $1 and user_id = any($2)
    union select user_id from app_user where user_id = 1 and user_id = any($2)`,
} as const;

export type ReferenceKind = keyof typeof sources;

/** Returns which of the ids exist in the project: one statement, whatever the number of ids. */
export async function existingIds(
  db: Queryable,
  projectId: number,
  kind: ReferenceKind,
  ids: Iterable<number>,
): Promise<Set<number>> {
  const wanted = [...new Set(ids)];
  if (wanted.length === 0) return new Set();
  const rows = await db.query<{ id: number }>({
    name: `existing-${kind}`,
    text: sources[kind],
    values: [projectId, wanted],
  });
  return new Set(rows.map((row) => row.id));
}
