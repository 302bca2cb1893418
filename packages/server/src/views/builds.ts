import { buildStatuses } from '../domain/tables.ts';
import { nameSql } from './table-names.ts';
import { date, json, number, text, view } from './view.ts';

/** A commit of a build; the date is text as it goes onto the wire. */
export interface BuildRevision {
  buildId: number;
  revisionKey: string;
  creationDate: string | null;
}

const revisionsSql = `(
  select json_agg(json_build_object('buildId', v.build_id, 'revisionKey', v.revision_key,
           'creationDate', to_char(v.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) order by v.position)
    from build_revision v where v.project_id = t.project_id and v.build_id = t.build_id)`;

const buildView = ({ description, revisions }: { description: string; revisions: string }) =>
  view({
    from: 'build t join release r on r.project_id = t.project_id and r.release_id = t.release_id',
    scope: 't.project_id = $1 and t.release_id = $2 and not t.is_deleted and not r.is_deleted',
    key: 'buildId',
    defaultSort: { field: 'creationDate', descending: true },
    columns: {
      buildId: number('t.build_id'),
      guid: text('t.guid::text'),
      buildStatusId: number('t.build_status_id'),
      buildStatusName: text(nameSql(buildStatuses, 't.build_status_id')),
      projectId: number('t.project_id'),
      releaseId: number('t.release_id'),
      releaseGuid: text('r.guid::text'),
      name: text('t.name'),
      description: text(description),
      lastUpdateDate: date('t.updated_at'),
      creationDate: date('t.created_at'),
      revisions: json<BuildRevision[]>(revisions),
    },
  });

// A description may be a whole console log, so each view reads only what it shows. Parameters: project id, release id.

/** The builds of a release, newest first, without their commits. */
export const builds = buildView({ description: 't.description', revisions: 'null::json' });

/** The same without descriptions. */
export const buildsWithoutDescription = buildView({ description: 'null::text', revisions: 'null::json' });

/** One build with its commits. */
export const buildDetails = buildView({ description: 't.description', revisions: revisionsSql });

/** One build with its commits, without its description. */
export const buildDetailsWithoutDescription = buildView({ description: 'null::text', revisions: revisionsSql });
