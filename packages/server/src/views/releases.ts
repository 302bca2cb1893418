import { releaseStatuses, releaseTypes } from '../domain/tables.ts';
import { artifactColumns, counterColumns, userColumns } from './artifact-columns.ts';
import { nameSql } from './table-names.ts';
import { boolean, date, number, text, view } from './view.ts';

/** The release tree with its test counters, in tree order. Parameters: project id. */
export const releases = view({
  from: 'release t left join release_figure f on f.project_id = t.project_id and f.release_id = t.release_id',
  scope: 't.project_id = $1 and not t.is_deleted',
  key: 'releaseId',
  defaultSort: { field: 'indentLevel', descending: false },
  columns: {
    ...artifactColumns(4, 't.release_id'),
    ...userColumns('creator', 't.creator_id'),
    ...userColumns('owner', 't.owner_id'),
    ...counterColumns(),
    releaseId: number('t.release_id'),
    parentReleaseId: number('t.parent_release_id'),
    indentLevel: text('t.indent_level'),
    name: text('t.name'),
    description: text('t.description'),
    versionNumber: text('t.version_number'),
    fullName: text(`t.version_number || ' - ' || t.name`),
    creationDate: date('t.created_at'),
    lastUpdateDate: date('t.updated_at'),
    summary: boolean(
      'exists (select from release c where c.project_id = t.project_id and c.parent_release_id = t.release_id and not c.is_deleted)',
    ),
    active: boolean('t.release_status_id <= 3'),
    releaseStatusId: number('t.release_status_id'),
    releaseStatusName: text(nameSql(releaseStatuses, 't.release_status_id')),
    releaseTypeId: number('t.release_type_id'),
    releaseTypeName: text(nameSql(releaseTypes, 't.release_type_id')),
    startDate: date('t.start_date'),
    endDate: date('t.end_date'),
    resourceCount: number('t.resource_count'),
    daysNonWorking: number('t.days_non_working'),
    plannedEffort: number('t.planned_effort'),
    availableEffort: number('t.planned_effort'),
    taskEstimatedEffort: number('0'),
    taskActualEffort: number('0'),
    taskCount: number('0'),
    percentComplete: number('0'),
    requirementCount: number(
      '(select count(*) from requirement q where q.project_id = t.project_id and q.release_id = t.release_id and not q.is_deleted)',
    ),
    requirementPoints: number(
      '(select sum(q.estimate_points) from requirement q where q.project_id = t.project_id and q.release_id = t.release_id and not q.is_deleted)',
    ),
    milestoneId: number('t.milestone_id'),
  },
});
