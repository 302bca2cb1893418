import type { RunFact, StepFact, StructureFacts } from '../domain/figures.ts';
import type { Queryable } from './database.ts';
import { listReleaseNodes } from './release-tree.ts';

const BATCH = 20_000;

/** Returns everything but the runs that the figures of a project depend on. */
export async function readStructure(snapshot: Queryable, projectId: number): Promise<StructureFacts> {
  const rows = <Row extends object>(text: string) => snapshot.query<Row>(text, [projectId]);
  return {
    releases: await listReleaseNodes(snapshot, projectId),
    cases: await rows(
      `select test_case_id as "testCaseId", test_case_folder_id as "folderId" from test_case where project_id = $1 and not is_deleted`,
    ),
    mappings: await rows(
      `select release_id as "releaseId", test_case_id as "testCaseId" from release_test_case where project_id = $1`,
    ),
    rows: await rows(
      `select test_set_row_id as "testSetRowId", test_set_id as "testSetId", test_case_id as "testCaseId"
         from test_set_row where project_id = $1 and not is_removed`,
    ),
    coverage: await rows(
      `select requirement_id as "requirementId", test_case_id as "testCaseId" from requirement_test_case where project_id = $1`,
    ),
  };
}

/** Streams the completed, undeleted runs of a project in batches, so that a history of any length fits. */
export function readRuns(snapshot: Queryable, projectId: number): AsyncGenerator<RunFact[]> {
  return inBatches(snapshot, {
    cursor: 'verify_runs',
    text: `select test_run_id as "testRunId", test_case_id as "testCaseId", release_id as "releaseId", test_set_row_id as "testSetRowId",
                  execution_status_id as "executionStatusId", extract(epoch from end_date) * 1000 as "endMs", actual_duration as "actualDuration"
             from test_run where project_id = ${Number(projectId)} and not is_deleted and end_date is not null`,
  });
}

/** Streams the results of test steps in completed, undeleted runs of undeleted cases, in the order of their run steps. */
export function readStepResults(snapshot: Queryable, projectId: number): AsyncGenerator<StepFact[]> {
  return inBatches(snapshot, {
    cursor: 'verify_steps',
    text: `select s.test_step_id as "testStepId", r.test_case_id as "testCaseId", r.test_run_id as "testRunId", s.position,
                  s.execution_status_id as "executionStatusId", extract(epoch from r.end_date) * 1000 as "endMs", r.actual_duration as "actualDuration"
             from test_run_step s
             join test_run r on r.project_id = s.project_id and r.test_run_id = s.test_run_id and not r.is_deleted and r.end_date is not null
             join test_case c on c.project_id = s.project_id and c.test_case_id = r.test_case_id and not c.is_deleted
            where s.project_id = ${Number(projectId)} and s.test_step_id is not null
            order by s.test_run_id, s.test_run_step_id`,
  });
}

async function* inBatches<Row extends object>(
  snapshot: Queryable,
  { cursor, text }: { cursor: string; text: string },
): AsyncGenerator<Row[]> {
  // A cursor's query takes no parameters; the project id in it is a number by type and by conversion.
  await snapshot.query(`declare ${cursor} no scroll cursor for ${text}`);
  try {
    for (;;) {
      const rows = await snapshot.query<Row>(`fetch ${BATCH} from ${cursor}`);
      if (rows.length === 0) return;
      yield rows;
    }
  } finally {
    await snapshot.query(`close ${cursor}`);
  }
}
