import {
  documentStatuses,
  executionStatuses,
  incidentStatuses,
  releaseStatuses,
  requirementStatuses,
  testCaseStatuses,
  testSetStatuses,
} from '../domain/tables.ts';
import { nameSql } from './table-names.ts';

/** How artifacts of a type are called: their table, and what stands for name, status and guid there. */
const sources = [
  { type: 1, table: 'requirement', name: 'n.name', status: nameSql(requirementStatuses, 'n.requirement_status_id') },
  { type: 2, table: 'test_case', name: 'n.name', status: nameSql(testCaseStatuses, 'n.test_case_status_id') },
  { type: 3, table: 'incident', name: 'n.name', status: nameSql(incidentStatuses, 'n.incident_status_id') },
  { type: 4, table: 'release', name: 'n.name', status: nameSql(releaseStatuses, 'n.release_status_id') },
  {
    type: 5,
    table: 'test_run',
    name: 'n.name',
    status: nameSql(executionStatuses, 'n.execution_status_id'),
    guid: 'null::text',
  },
  { type: 7, table: 'test_step', name: 'n.description', status: 'null::text' },
  { type: 8, table: 'test_set', name: 'n.name', status: nameSql(testSetStatuses, 'n.test_set_status_id') },
  { type: 9, table: 'automation_host', name: 'n.name', status: 'null::text' },
  { type: 13, table: 'document', name: 'n.filename_or_url', status: nameSql(documentStatuses, 'n.document_status_id') },
];

/**
 * Returns a subquery for a lateral join that finds name, status and guid of one artifact; nothing when it is deleted.
 * The arguments are SQL: `a.project_id`, `a.artifact_type_id`, `a.artifact_id`.
 */
export function namedArtifactSql(artifact: { projectId: string; typeId: string; id: string }): string {
  const parts = sources.map(
    ({ type, table, name, status, guid = 'n.guid::text' }) =>
      `select ${name} as name, ${status} as status, ${guid} as guid from ${table} n
        where ${artifact.typeId} = ${type} and n.project_id = ${artifact.projectId}
          and n.${table}_id = ${artifact.id} and not n.is_deleted`,
  );
  return `(${parts.join(' union all ')})`;
}
