import { recurrences, testSetStatuses } from '../domain/tables.ts';
import type { Queryable } from '../storage/database.ts';
import { artifactColumns, counterColumns, userColumns } from './artifact-columns.ts';
import { ownProjectsSql } from './own-projects.ts';
import { nameSql } from './table-names.ts';
import { boolean, date, number, text, view } from './view.ts';

const ofRelease = (column: string) =>
  text(`(select r.${column} from release r where r.project_id = t.project_id and r.release_id = t.release_id)`);

// Cases are looked up one by one below: as a join, each set would read all cases of the project to find its fifty.
const liveCase = (what: string) =>
  `(select ${what} from test_case c where c.project_id = w.project_id and c.test_case_id = w.test_case_id and not c.is_deleted)`;
const currentRows =
  'test_set_row w where w.project_id = t.project_id and w.test_set_id = t.test_set_id and not w.is_removed';

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
  estimatedDuration: number(`(select sum(${liveCase('c.estimated_duration')}) from ${currentRows})`),
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

const counted = (status: number) => `count(*) filter (where r.status = ${status})`;

/** TX-4 to TX-6: the latest cell of each row, removed rows included, summed by set. A set without any has no line here. */
const figuresForReleases = `
  select r.test_set_id, ${counted(1)} as count_failed, ${counted(2)} as count_passed, ${counted(3)} as count_not_run,
         ${counted(4)} as count_not_applicable, ${counted(5)} as count_blocked, ${counted(6)} as count_caution,
         min(r.end_date) as execution_date, sum(r.actual_duration) as actual_duration
    from (select distinct on (l.test_set_row_id)
                 w.test_set_id, l.execution_status_id as status, l.end_date, l.actual_duration
            from cell l
            join test_set_row w on w.project_id = l.project_id and w.test_set_row_id = l.test_set_row_id
            join test_case c on c.project_id = w.project_id and c.test_case_id = w.test_case_id and not c.is_deleted
           where l.project_id = $1 and l.test_set_row_id <> 0 and l.release_id = any($2::int[])
           order by l.test_set_row_id, l.end_date desc, l.test_run_id desc) r
   group by r.test_set_id`;

/**
 * The test sets that were executed in the releases, or are planned for one of them (PG-6), with their figures for these
 * releases. One that is only planned shows all of its rows as Not Run (TX-5). Parameters: project id, ids of Roll(r).
 */
export const testSetsForRelease = view({
  from: `test_set t left join (${figuresForReleases}) f on f.test_set_id = t.test_set_id`,
  scope: 't.project_id = $1 and not t.is_deleted and (t.release_id = any($2::int[]) or f.test_set_id is not null)',
  key: 'testSetId',
  columns: {
    ...columns,
    countNotRun: number(
      `case when f.test_set_id is null then (select count(${liveCase('1')}) from ${currentRows}) else f.count_not_run end`,
    ),
  },
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
