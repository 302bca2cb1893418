import { recurrences, testSetStatuses } from '../domain/tables.ts';
import type { Queryable } from '../storage/database.ts';
import { artifactColumns, counterColumns, userColumns } from './artifact-columns.ts';
import { ownProjectsSql } from './own-projects.ts';
import { nameSql } from './table-names.ts';
import { boolean, date, number, text, view } from './view.ts';

const ofRelease = (column: string) =>
  text(`(select r.${column} from release r where r.project_id = t.project_id and r.release_id = t.release_id)`);

/** The sum of the estimates of the cases in the set's rows (TX-7); it follows the cases at once. */
export const estimatedDurationSql = `(select sum(c.estimated_duration) from test_set_row w
  join test_case c on c.project_id = w.project_id and c.test_case_id = w.test_case_id and not c.is_deleted
  where w.project_id = t.project_id and w.test_set_id = t.test_set_id and not w.is_removed)`;

const columns = {
  ...artifactColumns(8, 't.test_set_id'),
  ...userColumns('creator', 't.creator_id'),
  ...userColumns('owner', 't.owner_id'),
  ...counterColumns(),
  testSetId: number('t.test_set_id'),
  indentLevel: text('null::text'),
  testSetStatusId: number('t.test_set_status_id'),
  testSetStatusName: text(nameSql(testSetStatuses, 't.test_set_status_id')),
  releaseId: number('t.release_id'),
  releaseGuid: ofRelease('guid::text'),
  releaseVersionNumber: ofRelease('version_number'),
  automationHostId: number('t.automation_host_id'),
  testRunTypeId: number('t.test_run_type_id'),
  recurrenceId: number('t.recurrence_id'),
  recurrenceName: text(nameSql(recurrences, 't.recurrence_id')),
  name: text('t.name'),
  description: text('t.description'),
  creationDate: date('t.created_at'),
  lastUpdateDate: date('t.updated_at'),
  plannedDate: date('t.planned_date'),
  executionDate: date('f.execution_date'),
  projectName: text('(select p.name from project p where p.project_id = t.project_id)'),
  testSetFolderId: number('t.test_set_folder_id'),
  estimatedDuration: number(estimatedDurationSql),
  actualDuration: number('f.actual_duration'),
  isAutoScheduled: boolean('t.is_auto_scheduled'),
  isDynamic: boolean('t.is_dynamic'),
  dynamicQuery: text('t.dynamic_query'),
  testConfigurationSetId: number('t.test_configuration_set_id'),
  buildExecuteTimeInterval: number('t.build_execute_time_interval'),
};

const from = 'test_set t left join set_figure f on f.project_id = t.project_id and f.test_set_id = t.test_set_id';

/** The test sets of a project with their figures over all releases (TX-2, TX-3). Parameters: project id. */
export const testSets = view({ from, scope: 't.project_id = $1 and not t.is_deleted', key: 'testSetId', columns });

/**
 * The test sets that were executed in the releases, or are planned for one of them (PG-6), with their figures for these
 * releases (TX-4 to TX-6). Parameters: project id, ids of Roll(r).
 */
export const testSetsForRelease = view({
  from: `test_set t cross join lateral (
    select ${countIfRun(1)} as count_failed, ${countIfRun(2)} as count_passed,
           case when count(w.status) = 0 then count(*) filter (where not w.is_removed)
                else count(*) filter (where w.status = 3) end as count_not_run,
           ${countIfRun(4)} as count_not_applicable, ${countIfRun(5)} as count_blocked, ${countIfRun(6)} as count_caution,
           min(w.end_date) as execution_date, sum(w.actual_duration) as actual_duration, count(w.status) as rows_run
      from (select s.is_removed, latest.*
              from test_set_row s
              join test_case c on c.project_id = s.project_id and c.test_case_id = s.test_case_id and not c.is_deleted
              left join lateral (
                select l.execution_status_id as status, l.end_date, l.actual_duration
                  from cell l
                 where l.project_id = s.project_id and l.test_set_row_id = s.test_set_row_id and l.test_set_row_id <> 0
                   and l.release_id = any($2::int[])
                 order by l.end_date desc, l.test_run_id desc
                 limit 1) latest on true
             where s.project_id = t.project_id and s.test_set_id = t.test_set_id) w) f`,
  scope: 't.project_id = $1 and not t.is_deleted and (t.release_id = any($2::int[]) or f.rows_run > 0)',
  key: 'testSetId',
  columns,
});

/** The test sets that a user owns, in every active product that he is a member of. Parameters: user id. */
export const ownTestSets = view({
  from,
  scope: `t.owner_id = $1 and not t.is_deleted and t.project_id in ${ownProjectsSql('$1')}`,
  key: 'testSetId',
  columns,
});

/** Returns the ids of the sets that have a row with this case. */
export async function testSetsHolding(db: Queryable, projectId: number, testCaseId: number): Promise<number[]> {
  const rows = await db.query<{ id: number }>(
    `select distinct test_set_id as id from test_set_row
      where project_id = $1 and test_case_id = $2 and not is_removed`,
    [projectId, testCaseId],
  );
  return rows.map((row) => row.id);
}

function countIfRun(status: number): string {
  return `count(*) filter (where w.status = ${status})`;
}
