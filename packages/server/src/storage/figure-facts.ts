import type { RunFact, StepFact, StructureFacts } from '../domain/figures.ts';
import type { Queryable } from './database.ts';
import { milliseconds } from './milliseconds.ts';
import { listReleaseNodes } from './release-tree.ts';
import { type RunDimensionName, runDimensions } from './run-dimensions.ts';

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
                  execution_status_id as "executionStatusId", ${milliseconds('end_date')} as "endMs", actual_duration as "actualDuration"
             from test_run where project_id = ${Number(projectId)} and not is_deleted and end_date is not null`,
  });
}

/** Streams the results of test steps in completed, undeleted runs of undeleted cases, in the order of their run steps. */
export function readStepResults(snapshot: Queryable, projectId: number): AsyncGenerator<StepFact[]> {
  return inBatches(snapshot, {
    cursor: 'verify_steps',
    text: `select s.test_step_id as "testStepId", r.test_case_id as "testCaseId", r.test_run_id as "testRunId", s.position,
                  s.execution_status_id as "executionStatusId", ${milliseconds('r.end_date')} as "endMs", r.actual_duration as "actualDuration"
             from test_run_step s
             join test_run r on r.project_id = s.project_id and r.test_run_id = s.test_run_id and not r.is_deleted and r.end_date is not null
             join test_case c on c.project_id = s.project_id and c.test_case_id = r.test_case_id and not c.is_deleted
            where s.project_id = ${Number(projectId)} and s.test_step_id is not null
            order by s.test_run_id, s.test_run_step_id`,
  });
}

/** A completed, undeleted run of an undeleted case with the values that blocks are counted by. */
export type RunValues = { testRunId: number; typeId: number } & Record<RunDimensionName, number | string | null> & {
    startMs: number;
    endMs: number;
    stampMs: number;
  };

/** Streams the runs below an id, by id, with what blocks count of them. */
export function readRunValues(snapshot: Queryable, projectId: number, belowId: number): AsyncGenerator<RunValues[]> {
  const ms = (column: string, name: string) => `${milliseconds(`t.${column}`)} as "${name}"`;
  const values = Object.entries(runDimensions).map(([name, { column }]) => `t.${column} as "${name}"`);
  return inBatches(snapshot, {
    cursor: 'verify_blocks',
    text: `select t.test_run_id as "testRunId", t.test_run_type_id as "typeId", ${values.join(', ')},
                  ${ms('start_date', 'startMs')}, ${ms('end_date', 'endMs')}, ${ms('concurrency_date', 'stampMs')}
             from test_run t
             join test_case c on c.project_id = t.project_id and c.test_case_id = t.test_case_id and not c.is_deleted
            where t.project_id = ${Number(projectId)} and t.test_run_id < ${Number(belowId)} and not t.is_deleted and t.end_date is not null
            order by t.test_run_id`,
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
