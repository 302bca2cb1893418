import { incidentStatuses, incidentTypes, openIncidentStatuses, priorities, severities } from '../domain/tables.ts';
import type { Queryable } from '../storage/database.ts';
import { artifactColumns, userColumns } from './artifact-columns.ts';
import { ownProjectsSql } from './own-projects.ts';
import { nameSql } from './table-names.ts';
import { boolean, date, number, numbers, text, view } from './view.ts';

const isOpen = `t.incident_status_id in (${openIncidentStatuses.join(', ')})`;

/** From a link to its run step and run, for joins; links to deleted runs find nothing. */
const runOfStep = `
  join test_run_step s on s.project_id = l.project_id and s.test_run_step_id = l.test_run_step_id
  join test_run r on r.project_id = s.project_id and r.test_run_id = s.test_run_id and not r.is_deleted`;

const ofRelease = <Prefix extends string>(prefix: Prefix, column: string) => {
  const found = (what: string) =>
    text(`(select ${what} from release r where r.project_id = t.project_id and r.release_id = ${column})`);
  return {
    [`${prefix}Id`]: number(column),
    [`${prefix}Guid`]: found('r.guid::text'),
    [`${prefix}VersionNumber`]: found('r.version_number'),
  } as Record<`${Prefix}Id`, ReturnType<typeof number>> &
    Record<`${Prefix}Guid` | `${Prefix}VersionNumber`, ReturnType<typeof text>>;
};

const buildName = (column: string) =>
  text(`(select b.name from build b where b.project_id = t.project_id and b.build_id = ${column})`);

const columns = {
  ...artifactColumns(3, 't.incident_id'),
  ...userColumns('opener', 't.opener_id'),
  ...userColumns('owner', 't.owner_id'),
  ...ofRelease('detectedRelease', 't.detected_release_id'),
  ...ofRelease('resolvedRelease', 't.resolved_release_id'),
  ...ofRelease('verifiedRelease', 't.verified_release_id'),
  incidentId: number('t.incident_id'),
  name: text('t.name'),
  description: text('t.description'),
  incidentTypeId: number('t.incident_type_id'),
  incidentTypeName: text(nameSql(incidentTypes, 't.incident_type_id')),
  incidentStatusId: number('t.incident_status_id'),
  incidentStatusName: text(nameSql(incidentStatuses, 't.incident_status_id')),
  incidentStatusOpenStatus: boolean(isOpen),
  priorityId: number('t.priority_id'),
  priorityName: text(nameSql(priorities, 't.priority_id')),
  severityId: number('t.severity_id'),
  severityName: text(nameSql(severities, 't.severity_id')),
  creationDate: date('t.created_at'),
  lastUpdateDate: date('t.updated_at'),
  closedDate: date('t.closed_date'),
  startDate: date('t.start_date'),
  endDate: date('t.end_date'),
  detectedBuildId: number('t.detected_build_id'),
  detectedBuildName: buildName('t.detected_build_id'),
  fixedBuildId: number('t.fixed_build_id'),
  fixedBuildName: buildName('t.fixed_build_id'),
  componentIds: numbers('t.component_ids'),
  estimatedEffort: number('t.estimated_effort'),
  actualEffort: number('t.actual_effort'),
  remainingEffort: number('t.remaining_effort'),
  projectedEffort: number(
    'case when coalesce(t.actual_effort, t.remaining_effort) is null then null else coalesce(t.actual_effort, 0)::bigint + coalesce(t.remaining_effort, 0) end',
  ),
  completionPercent: number(
    'case when t.estimated_effort > 0 and t.remaining_effort is not null then least(100, greatest(0, round(100.0 * (t.estimated_effort::bigint - t.remaining_effort) / t.estimated_effort))) else 0 end',
  ),
  projectName: text('(select p.name from project p where p.project_id = t.project_id)'),
  // Links to deleted runs stay but are out of view (IM-6). float8: the driver gives numbers for it, text for bigint.
  testRunStepIds: numbers(`(select array_agg(l.test_run_step_id::float8 order by l.test_run_step_id)
    from incident_test_run_step l ${runOfStep}
    where l.project_id = t.project_id and l.incident_id = t.incident_id)`),
};

const newestFirst = { field: 'creationDate', descending: true };

/** The incidents of a project, newest first. Parameters: project id. */
export const incidents = view({
  from: 'incident t',
  scope: 't.project_id = $1 and not t.is_deleted',
  key: 'incidentId',
  defaultSort: newestFirst,
  columns,
});

/** The open incidents that a user owns, in every product he is a member of. Parameters: user id. */
export const ownOpenIncidents = view({
  from: 'incident t',
  scope: `t.owner_id = $1 and t.project_id in ${ownProjectsSql('$1')} and not t.is_deleted and ${isOpen}`,
  key: 'incidentId',
  defaultSort: newestFirst,
  columns,
});

/** Returns the ids of the incidents noticed in runs of a test case, in its own runs or in steps it lent to others. */
export async function incidentsOfTestCase(db: Queryable, projectId: number, testCaseId: number): Promise<number[]> {
  return linkedIncidents(db, [projectId, testCaseId], '(s.test_case_id = $2 or r.test_case_id = $2)');
}

/** Returns the ids of the incidents noticed in runs of a test step. */
export async function incidentsOfTestStep(db: Queryable, projectId: number, testStepId: number): Promise<number[]> {
  return linkedIncidents(db, [projectId, testStepId], 's.test_step_id = $2');
}

/** Returns the ids of the incidents noticed in one step of a run, undefined when there is no such step. */
export async function incidentsOfTestRunStep(
  db: Queryable,
  projectId: number,
  testRunStepId: number,
): Promise<number[] | undefined> {
  const steps = await db.query(
    `select from test_run_step s join test_run r
        on r.project_id = s.project_id and r.test_run_id = s.test_run_id and not r.is_deleted
      where s.project_id = $1 and s.test_run_step_id = $2`,
    [projectId, testRunStepId],
  );
  if (steps.length === 0) return undefined;
  return linkedIncidents(db, [projectId, testRunStepId], 'l.test_run_step_id = $2');
}

async function linkedIncidents(db: Queryable, values: [number, number], condition: string): Promise<number[]> {
  const rows = await db.query<{ id: number }>(
    `select distinct l.incident_id as id from incident_test_run_step l ${runOfStep} where l.project_id = $1 and ${condition}`,
    values,
  );
  return rows.map((row) => row.id);
}
