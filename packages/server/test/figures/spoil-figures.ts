import type { Database } from '../../src/storage/database.ts';

const spoilers = [
  `update case_figure set execution_status_id = 1 + (execution_status_id + 1) % 6 where project_id = $1 and test_case_id % 3 = $2 % 3`,
  `update case_figure set end_date = '2999-01-01', test_run_id = 9e15::bigint where project_id = $1 and test_case_id % 3 = $2 % 3`,
  `update case_figure set test_case_folder_id = null where project_id = $1`,
  `delete from case_figure where project_id = $1 and test_case_id % 4 = $2 % 4`,
  `update mapping_figure set end_date = '2999-01-01', test_run_id = 9e15::bigint where project_id = $1 and test_case_id % 2 = $2 % 2`,
  `delete from mapping_figure where project_id = $1 and test_case_id % 3 = $2 % 3`,
  `insert into mapping_figure (project_id, test_case_id, release_id, execution_status_id) values ($1, 900000 + $2, 900000, 2) on conflict do nothing`,
  `update row_figure set execution_status_id = 5, test_run_id = null where project_id = $1 and test_set_row_id % 2 = $2 % 2`,
  `update row_figure set test_set_id = 900000 + $2 where project_id = $1`,
  `delete from row_figure where project_id = $1 and test_set_row_id % 2 = $2 % 2`,
  `delete from step_figure where project_id = $1 and test_step_id % 2 = $2 % 2`,
  `update step_figure set end_date = '2999-01-01' where project_id = $1 and test_step_id % 2 = $2 % 2`,
  `update cell set end_date = '2999-01-01', test_run_id = 9e15::bigint where project_id = $1 and test_case_id % 3 = $2 % 3`,
  `update cell set actual_duration = 77 where project_id = $1 and test_case_id % 3 = $2 % 3`,
  `delete from cell where project_id = $1 and test_case_id % 3 = $2 % 3`,
  `update release_figure set count_passed = count_passed + 1 where project_id = $1 and release_id % 2 = $2 % 2`,
  `delete from release_figure where project_id = $1 and release_id % 2 = $2 % 2`,
  `update set_figure set execution_date = null where project_id = $1 and test_set_id % 2 = $2 % 2`,
  `insert into folder_figure select $1, 900000 + $2, 1, 1, 1, 1, 1, 1, null, null on conflict do nothing`,
  `update requirement_figure set count_failed = -1 where project_id = $1 and requirement_id % 2 = $2 % 2`,
] as const;

/** Makes figures of the project wrong in a few of the ways that a fault could, chosen by the dice. */
export async function spoilFigures(db: Database, projectId: number, die: () => number): Promise<void> {
  const count = 1 + (die() % 6);
  for (let spoiled = 0; spoiled < count; spoiled += 1) {
    const sql = spoilers[die() % spoilers.length] ?? '';
    await db.query(sql, sql.includes('$2') ? [projectId, die()] : [projectId]);
  }
}
