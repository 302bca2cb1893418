import { ownProjectsSql } from './own-projects.ts';
import { boolean, date, number, text, view } from './view.ts';

/** Requirement statuses that mean the work is done: Completed and Released. */
const doneRequirements = '(10, 13)';

/** The active projects that a user is a member of, by id; for the built-in administrator all. Parameters: user id. */
export const projects = view({
  from: 'project t',
  scope: `t.project_id in ${ownProjectsSql('$1')}`,
  key: 'projectId',
  columns: {
    projectId: number('t.project_id'),
    name: text('t.name'),
    description: text('t.description'),
    website: text('t.website'),
    creationDate: date('t.created_at'),
    active: boolean('t.is_active'),
    workingHours: number('t.working_hours'),
    workingDays: number('t.working_days'),
    nonWorkingHours: number('t.non_working_hours'),
    startDate: date('t.start_date'),
    endDate: date('t.end_date'),
    percentComplete: number(
      `(select coalesce(round(100.0 * count(*) filter (where q.requirement_status_id in ${doneRequirements}) / nullif(count(*), 0)), 0)
          from requirement q where q.project_id = t.project_id and not q.is_deleted)`,
    ),
    requirementCount: number(
      '(select count(*) from requirement q where q.project_id = t.project_id and not q.is_deleted)',
    ),
    guid: text('t.guid::text'),
    lastUpdatedDate: date('t.updated_at'),
    concurrencyGuid: text('t.concurrency_guid::text'),
  },
});
