import { artifactLinkTypes, artifactTypes } from '../domain/tables.ts';
import type { Queryable } from '../storage/database.ts';
import { userColumns } from './artifact-columns.ts';
import { namedArtifactSql } from './named-artifacts.ts';
import { nameSql } from './table-names.ts';
import { date, number, text, view } from './view.ts';

const own =
  'l.artifact_link_id, l.guid::text, l.artifact_link_type_id, l.creator_id, l.comment, l.created_at, l.updated_at';

/** Of incidents that were made from a run step: no id of their own, so the other end's id stands in, below zero. */
const implied = (otherEnd: string) =>
  `-(${otherEnd})::bigint as artifact_link_id, null::text as guid, 1 as artifact_link_type_id, i.opener_id as creator_id,
   null::text as comment, i.created_at, i.created_at as updated_at`;

const fromSteps = `
  (select distinct n.project_id, n.incident_id, s.test_run_id
     from incident_test_run_step n
     join test_run_step s on s.project_id = n.project_id and s.test_run_step_id = n.test_run_step_id
    where n.project_id = $1) x
  join incident i on i.project_id = x.project_id and i.incident_id = x.incident_id`;

// $1 project, $2 and $3 type and id of the artifact that is asked about, $4 the types that the caller may see. Each link
// is told from the artifact asked about, whichever end it is.
const links = `(
  select l.project_id, ${own}, l.dest_type_id as other_type_id, l.dest_id as other_id
    from artifact_link l where l.project_id = $1 and l.source_type_id = $2 and l.source_id = $3
  union all
  select l.project_id, ${own}, l.source_type_id, l.source_id
    from artifact_link l where l.project_id = $1 and l.dest_type_id = $2 and l.dest_id = $3
  union all
  select x.project_id, ${implied('x.test_run_id')}, 5, x.test_run_id from ${fromSteps} where $2 = 3 and x.incident_id = $3
  union all
  select x.project_id, ${implied('x.incident_id')}, 3, x.incident_id from ${fromSteps} where $2 = 5 and x.test_run_id = $3
) t`;

const otherEnd = namedArtifactSql({ projectId: 't.project_id', typeId: 't.other_type_id', id: 't.other_id' });
const askedEnd = namedArtifactSql({ projectId: 't.project_id', typeId: '$2', id: '$3' });

/**
 * The links of one artifact; those to deleted artifacts, and to types that the caller does not see, are left out.
 * Parameters: project id, artifact type, artifact id, visible types.
 */
export const associations = view({
  from: `${links} cross join lateral ${otherEnd} o`,
  scope: 't.project_id = $1 and t.other_type_id = any($4::int[])',
  key: 'artifactLinkId',
  columns: {
    ...userColumns('creator', 't.creator_id'),
    artifactLinkId: number('t.artifact_link_id'),
    sourceArtifactId: number('$3::bigint'),
    sourceArtifactTypeId: number('$2::int'),
    sourceArtifactGuid: text(`(select a.guid from ${askedEnd} a)`),
    destArtifactId: number('t.other_id'),
    destArtifactTypeId: number('t.other_type_id'),
    destArtifactGuid: text('o.guid'),
    destArtifactName: text('o.name'),
    destArtifactTypeName: text(nameSql(artifactTypes, 't.other_type_id')),
    artifactLinkTypeId: number('t.artifact_link_type_id'),
    artifactLinkTypeName: text(nameSql(artifactLinkTypes, 't.artifact_link_type_id')),
    comment: text('t.comment'),
    creationDate: date('t.created_at'),
    guid: text('t.guid'),
    concurrencyGuid: text('null::text'),
    lastUpdateDate: date('t.updated_at'),
  },
});

/** Returns the type of the artifact that a link starts from, undefined when there is no such link. */
export async function linkSourceType(
  db: Queryable,
  projectId: number,
  artifactLinkId: number,
): Promise<number | undefined> {
  const [link] = await db.query<{ typeId: number }>(
    'select source_type_id as "typeId" from artifact_link where project_id = $1 and artifact_link_id = $2',
    [projectId, artifactLinkId],
  );
  return link?.typeId;
}
