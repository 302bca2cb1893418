import { DomainError, notFound } from '../domain/errors.ts';
import { attachmentTypes, documentStatuses, documentTypes } from '../domain/tables.ts';
import type { Queryable } from '../storage/database.ts';
import { artifactColumns, userColumns } from './artifact-columns.ts';
import { namedArtifactSql } from './named-artifacts.ts';
import { nameSql } from './table-names.ts';
import { date, number, text, view } from './view.ts';

const columns = {
  ...artifactColumns(13, 't.document_id'),
  ...userColumns('author', 't.author_id'),
  ...userColumns('editor', 't.editor_id'),
  attachmentId: number('t.document_id'),
  attachmentTypeId: number('t.attachment_type_id'),
  attachmentTypeName: text(nameSql(attachmentTypes, 't.attachment_type_id')),
  filenameOrUrl: text('t.filename_or_url'),
  description: text('t.description'),
  size: number('t.size_bytes'),
  uploadDate: date('t.created_at'),
  editedDate: date('t.updated_at'),
  documentTypeId: number('t.document_type_id'),
  documentTypeName: text(nameSql(documentTypes, 't.document_type_id')),
  documentStatusId: number('t.document_status_id'),
  documentStatusName: text(nameSql(documentStatuses, 't.document_status_id')),
  projectAttachmentFolderId: number('t.folder_id'),
  currentVersion: text('t.current_version'),
};

/** The documents of a project, without their bytes. Parameters: project id. */
export const documents = view({
  from: 'document t',
  scope: 't.project_id = $1 and not t.is_deleted',
  key: 'attachmentId',
  columns,
});

/** The documents attached to one artifact. Parameters: project id, artifact type, artifact id. */
export const documentsOfArtifact = view({
  from: `document_attachment a
    join document t on t.project_id = a.project_id and t.document_id = a.document_id and not t.is_deleted`,
  scope: 'a.project_id = $1 and a.artifact_type_id = $2 and a.artifact_id = $3',
  key: 'attachmentId',
  columns,
});

/** An artifact that a document is attached to. */
export interface AttachedArtifact {
  artifactTypeId: number;
  artifactId: number;
  name: string | null;
  status: string | null;
  guid: string | null;
}

/** Returns one document with what it is attached to. Throws `notFound` when there is none. */
export async function findDocument(db: Queryable, projectId: number, documentId: number) {
  const document = await documents.find(db, [projectId], documentId);
  if (!document) throw notFound(`Document ${documentId}`);
  const artifact = { projectId: 'a.project_id', typeId: 'a.artifact_type_id', id: 'a.artifact_id' };
  const attachedArtifacts = await db.query<AttachedArtifact>(
    `select a.artifact_type_id as "artifactTypeId", a.artifact_id as "artifactId", o.name, o.status, o.guid
       from document_attachment a cross join lateral ${namedArtifactSql(artifact)} o
      where a.project_id = $1 and a.document_id = $2
      order by a.artifact_type_id, a.artifact_id`,
    [projectId, documentId],
  );
  return { ...document, attachedArtifacts };
}

/**
 * Returns the bytes of a file as base64. PostgreSQL makes the text, so that no second form of a large file comes into
 * this process. Throws `notFound` when there is no such document, and when it is a link.
 */
export async function documentContent(db: Queryable, projectId: number, documentId: number): Promise<string> {
  const [found] = await db.query<{ content: string | null }>(
    `select translate(encode(content, 'base64'), E'\\n', '') as content from document
      where project_id = $1 and document_id = $2 and not is_deleted`,
    [projectId, documentId],
  );
  if (!found) throw notFound(`Document ${documentId}`);
  if (found.content === null) throw new DomainError('notFound', `Document ${documentId} is a link and holds no bytes`);
  return found.content;
}
