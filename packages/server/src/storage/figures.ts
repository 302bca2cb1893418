import type { Queryable } from './database.ts';
import { milliseconds } from './milliseconds.ts';

/** A stored figure as one comparable text by a readable key: `case 12` -> `status 2, end 1715688000000, run 88, minutes 6`. */
export type FigureTexts = Map<string, FigureText>;

export interface FigureText {
  text: string;
  /** The case that the figure belongs to; absent for counters and steps. */
  testCaseId?: number;
}

const result = (alias: string) =>
  `${alias}.execution_status_id as status, ${milliseconds(`${alias}.end_date`)} as "endMs", ${alias}.test_run_id as "runId", ${alias}.actual_duration as minutes`;

interface LatestRow {
  key: string;
  testCaseId: number;
  status: number;
  endMs: number | null;
  runId: number | null;
  minutes: number | null;
}

/** Returns how a latest result is written for comparison; undefined: never run. */
export function resultText(
  latest: { executionStatusId: number; endMs: number; testRunId: number; actualDuration: number | null } | undefined,
): string {
  return latest
    ? `status ${latest.executionStatusId}, end ${latest.endMs}, run ${latest.testRunId}, minutes ${latest.actualDuration ?? 'none'}`
    : 'status 3, end none, run none, minutes none';
}

/** Returns the stored cells and latest-run figures of a project. Marks (TC-2) are no figures and are left out. */
export async function readLatestFigures(snapshot: Queryable, projectId: number): Promise<FigureTexts> {
  const rows = await snapshot.query<LatestRow>(
    `select 'cell case ' || test_case_id || ' release ' || release_id || ' row ' || test_set_row_id as key, test_case_id as "testCaseId", ${result('f')}
       from cell f where project_id = $1
     union all
     select 'case ' || test_case_id, test_case_id, ${result('f')} from case_figure f where project_id = $1
     union all
     select 'mapping case ' || test_case_id || ' release ' || release_id, test_case_id, ${result('f')} from mapping_figure f where project_id = $1
     union all
     select 'row ' || test_set_row_id, test_case_id, ${result('f')} from row_figure f where project_id = $1`,
    [projectId],
  );
  return new Map(
    rows.map((row) => [
      row.key,
      {
        testCaseId: row.testCaseId,
        text: `status ${row.status}, end ${row.endMs ?? 'none'}, run ${row.runId ?? 'none'}, minutes ${row.minutes ?? 'none'}`,
      },
    ]),
  );
}

/** Returns the stored step figures of a project. */
export async function readStepFigures(snapshot: Queryable, projectId: number): Promise<FigureTexts> {
  const rows = await snapshot.query<{ id: number; status: number; endMs: number; runId: number }>(
    `select test_step_id as id, execution_status_id as status, ${milliseconds('end_date')} as "endMs", test_run_id as "runId"
       from step_figure where project_id = $1`,
    [projectId],
  );
  return new Map(rows.map((row) => [`step ${row.id}`, { text: stepText(row.status, row.endMs, row.runId) }]));
}

export function stepText(status: number, endMs: number, runId: number): string {
  return `status ${status}, end ${endMs}, run ${runId}`;
}

const counted = `count_failed as "1", count_passed as "2", count_not_run as "3", count_not_applicable as "4", count_blocked as "5", count_caution as "6"`;

interface CounterRow extends Record<number, number> {
  key: string;
  dateMs: number | null;
  minutes: number | null;
}

/** Returns the stored counters of a project; releases and requirements carry no date and no minutes. */
export async function readCounters(snapshot: Queryable, projectId: number): Promise<FigureTexts> {
  const none = `null::float8 as "dateMs", null::int as minutes`;
  const dated = `${milliseconds('execution_date')}, actual_duration`;
  const rows = await snapshot.query<CounterRow>(
    `select 'release ' || release_id as key, ${counted}, ${none} from release_figure where project_id = $1
     union all select 'set ' || test_set_id, ${counted}, ${dated} from set_figure where project_id = $1
     union all select 'folder ' || test_case_folder_id, ${counted}, ${dated} from folder_figure where project_id = $1
     union all select 'requirement ' || requirement_id, ${counted}, null, null from requirement_figure where project_id = $1`,
    [projectId],
  );
  return new Map(rows.map((row) => [row.key, { text: counterText(row, row.dateMs, row.minutes) }]));
}

/** Returns how counters are written for comparison. */
export function counterText(byStatus: Record<number, number>, dateMs: number | null, minutes: number | null): string {
  const counts = [1, 2, 3, 4, 5, 6].map((status) => byStatus[status] ?? 0).join('/');
  return `failed/passed/not run/n.a./blocked/caution ${counts}, date ${dateMs ?? 'none'}, minutes ${minutes ?? 'none'}`;
}
