import { importances, requirementStatuses, requirementTypes } from '../domain/tables.ts';
import { artifactColumns, userColumns } from './artifact-columns.ts';
import { ownProjectsSql } from './own-projects.ts';
import { nameSql } from './table-names.ts';
import { boolean, date, number, text, view } from './view.ts';

/** What lies below `t`, by its level: a range of the index on it. '[' is the character after 'Z'. */
const below = (alias: string) =>
  `${alias}.project_id = t.project_id and ${alias}.indent_level > t.indent_level and ${alias}.indent_level < t.indent_level || '[' and not ${alias}.is_deleted`;
const itselfAndBelow = (alias: string) => below(alias).replace('.indent_level > ', '.indent_level >= ');

// Deleted requirements keep a level that another may have by now; none of these ranges counts them.
const definition = {
  from: `requirement t
    left join lateral (
      select sum(f.count_failed)::int as failed, sum(f.count_passed)::int as passed, sum(f.count_blocked)::int as blocked,
             sum(f.count_caution)::int as caution, sum(f.count_failed + f.count_passed + f.count_not_run
               + f.count_not_applicable + f.count_blocked + f.count_caution)::int as total
        from requirement d
        join requirement_figure f on f.project_id = d.project_id and f.requirement_id = d.requirement_id
       where ${itselfAndBelow('d')}) s on true
    left join release r on r.project_id = t.project_id and r.release_id = t.release_id`,
  key: 'requirementId',
  columns: {
    ...artifactColumns(1, 't.requirement_id'),
    ...userColumns('author', 't.author_id'),
    ...userColumns('owner', 't.owner_id'),
    requirementId: number('t.requirement_id'),
    parentRequirementId: number('t.parent_requirement_id'),
    indentLevel: text('t.indent_level'),
    name: text('t.name'),
    description: text('t.description'),
    statusId: number('t.requirement_status_id'),
    statusName: text(nameSql(requirementStatuses, 't.requirement_status_id')),
    requirementTypeId: number('t.requirement_type_id'),
    requirementTypeName: text(nameSql(requirementTypes, 't.requirement_type_id')),
    importanceId: number('t.importance_id'),
    importanceName: text(nameSql(importances, 't.importance_id')),
    releaseId: number('t.release_id'),
    releaseGuid: text('r.guid::text'),
    releaseVersionNumber: text('r.version_number'),
    componentId: number('t.component_id'),
    projectName: text('(select p.name from project p where p.project_id = t.project_id)'),
    creationDate: date('t.created_at'),
    lastUpdateDate: date('t.updated_at'),
    summary: boolean(`(select true from requirement c where ${below('c')} limit 1) is not null`),
    coverageCountTotal: number('coalesce(s.total, 0)'),
    coverageCountPassed: number('coalesce(s.passed, 0)'),
    coverageCountFailed: number('coalesce(s.failed, 0)'),
    coverageCountCaution: number('coalesce(s.caution, 0)'),
    coverageCountBlocked: number('coalesce(s.blocked, 0)'),
    estimatePoints: number('t.estimate_points'),
    taskCount: number('0'),
    startDate: date('t.start_date'),
    endDate: date('t.end_date'),
    percentComplete: number('t.percent_complete'),
    themeId: number('t.theme_id'),
    goalId: number('t.goal_id'),
    isSuspect: boolean('t.is_suspect'),
  },
} as const;

/** The requirements in tree order, with the coverage of their subtrees (RQ-1, RQ-2). Parameters: project id. */
export const requirements = view({
  ...definition,
  scope: 't.project_id = $1 and not t.is_deleted',
  defaultSort: { field: 'indentLevel', descending: false },
});

/** The requirements that a user owns in all projects he is a member of. Parameters: user id. */
export const ownRequirements = view({
  ...definition,
  scope: `t.owner_id = $1 and t.project_id in ${ownProjectsSql('$1')} and not t.is_deleted`,
});

/** The children of a requirement in order. Parameters: project id, requirement id. */
export const childRequirements = view({
  ...definition,
  scope: 't.project_id = $1 and not t.is_deleted and t.parent_requirement_id = $2',
  defaultSort: { field: 'indentLevel', descending: false },
});

/** The ancestors of a requirement, from the root down. Parameters: project id, requirement id. */
export const ancestorRequirements = view({
  ...definition,
  scope: `t.project_id = $1 and not t.is_deleted and exists (
    select from requirement c where c.requirement_id = $2 and ${below('c')})`,
  defaultSort: { field: 'indentLevel', descending: false },
});
