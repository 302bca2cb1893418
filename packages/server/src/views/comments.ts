import { userColumns } from './artifact-columns.ts';
import { boolean, date, number, text, view } from './view.ts';

/** The comments on one artifact, oldest first. Parameters: project id, artifact type, artifact id. */
export const comments = view({
  from: 'comment t',
  scope: 't.project_id = $1 and t.artifact_type_id = $2 and t.artifact_id = $3 and not t.is_deleted',
  key: 'commentId',
  columns: {
    ...userColumns('user', 't.user_id'),
    commentId: number('t.comment_id'),
    artifactId: number('t.artifact_id'),
    guid: text('t.guid::text'),
    text: text('t.text'),
    creationDate: date('t.created_at'),
    isDeleted: boolean('t.is_deleted'),
    isPermanent: boolean('t.is_permanent'),
  },
});
