import { date, number, text, view } from './view.ts';

// The tree is walked once a statement: `path` holds the ids from the root to the folder, so that a folder's subtree is
// what has it in its path. Folders have no place of their own; they stand by name within their parent.
const tree = `
  siblings as (
    select test_case_folder_id as id, parent_test_case_folder_id as parent_id,
           (row_number() over (partition by parent_test_case_folder_id order by lower(name), test_case_folder_id) - 1)::int as position
      from test_case_folder where project_id = $1),
  segments as (
    select id, parent_id, chr(65 + position / 676) || chr(65 + position / 26 % 26) || chr(65 + position % 26) as segment
      from siblings),
  tree (id, path, indent_level) as (
    select id, array[id], segment from segments where parent_id is null
    union all
    select s.id, p.path || s.id, p.indent_level || s.segment from tree p join segments s on s.parent_id = p.id)`;

/** What lies directly in each folder, over all runs: kept by the roll-ups, but for the estimates. */
const directFigures = `
  direct as (
    select f.test_case_folder_id as id, f.count_failed, f.count_passed, f.count_not_run, f.count_not_applicable,
           f.count_blocked, f.count_caution, f.execution_date, f.actual_duration, null::bigint as estimated_duration
      from folder_figure f where f.project_id = $1
    union all
    select test_case_folder_id, 0, 0, 0, 0, 0, 0, null, null, sum(estimated_duration)
      from test_case
     where project_id = $1 and not is_deleted and test_case_folder_id is not null and estimated_duration is not null
     group by test_case_folder_id)`;

const counted = (status: number) => `(count(*) filter (where coalesce(f.execution_status_id, 3) = ${status}))::int`;

/** The same for the cases mapped to a release (FO-4). */
const directFiguresOfRelease = `
  direct as (
    select c.test_case_folder_id as id, ${counted(1)} as count_failed, ${counted(2)} as count_passed,
           ${counted(3)} as count_not_run, ${counted(4)} as count_not_applicable, ${counted(5)} as count_blocked,
           ${counted(6)} as count_caution, max(f.end_date) as execution_date,
           sum(f.actual_duration) as actual_duration, sum(c.estimated_duration) as estimated_duration
      from release_test_case m
      join test_case c on c.project_id = m.project_id and c.test_case_id = m.test_case_id and not c.is_deleted
      left join mapping_figure f
        on f.project_id = m.project_id and f.test_case_id = m.test_case_id and f.release_id = m.release_id
     where m.project_id = $1 and m.release_id = $2 and c.test_case_folder_id is not null
     group by c.test_case_folder_id)`;

const counters = [
  'count_failed',
  'count_passed',
  'count_not_run',
  'count_not_applicable',
  'count_blocked',
  'count_caution',
  'actual_duration',
  'estimated_duration',
];

/** Every folder with the sums over its subtree (FO-1 to FO-3); minutes beyond 32 bits stop there. */
const foldersWith = (direct: string) => `(
  with recursive ${tree}, ${direct},
  summed as (
    select a.id, ${counters.map((column) => `(case when sum(d.${column}) > 2147483647 then 2147483647 else sum(d.${column}) end)::int as ${column}`).join(', ')},
           max(d.execution_date) as execution_date
      from direct d join tree t on t.id = d.id cross join unnest(t.path) as a (id)
     group by a.id)
  select o.*, t.indent_level, ${[...counters, 'execution_date'].map((column) => `s.${column}`).join(', ')}
    from tree t
    join test_case_folder o on o.project_id = $1 and o.test_case_folder_id = t.id
    left join summed s on s.id = t.id) t`;

const foldersView = (direct: string, scope: string) =>
  view({
    from: foldersWith(direct),
    scope,
    key: 'testCaseFolderId',
    defaultSort: { field: 'indentLevel', descending: false },
    columns: {
      testCaseFolderId: number('t.test_case_folder_id'),
      guid: text('t.guid::text'),
      projectId: number('t.project_id'),
      indentLevel: text('t.indent_level collate "C"'),
      name: text('t.name'),
      description: text('t.description'),
      parentTestCaseFolderId: number('t.parent_test_case_folder_id'),
      lastUpdateDate: date('t.updated_at'),
      executionDate: date('t.execution_date'),
      estimatedDuration: number('t.estimated_duration'),
      actualDuration: number('t.actual_duration'),
      projectName: text('(select p.name from project p where p.project_id = t.project_id)'),
      countFailed: number('coalesce(t.count_failed, 0)'),
      countPassed: number('coalesce(t.count_passed, 0)'),
      countNotRun: number('coalesce(t.count_not_run, 0)'),
      countNotApplicable: number('coalesce(t.count_not_applicable, 0)'),
      countBlocked: number('coalesce(t.count_blocked, 0)'),
      countCaution: number('coalesce(t.count_caution, 0)'),
    },
  });

/** The folders of test cases in tree order, with the sums over what lies below them. Parameters: project id. */
export const testCaseFolders = foldersView(directFigures, 't.project_id = $1');

/** The same over the cases mapped to a release. Parameters: project id, release id. */
const testCaseFoldersOfRelease = foldersView(directFiguresOfRelease, 't.project_id = $1');

/** Returns the folders to list and the view's parameters: figures over all runs, or those for a release (FO-4). */
export function testCaseFoldersFor(projectId: number, releaseId: number | undefined) {
  return releaseId === undefined
    ? { view: testCaseFolders, parameters: [projectId] }
    : { view: testCaseFoldersOfRelease, parameters: [projectId, releaseId] };
}
