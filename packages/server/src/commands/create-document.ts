import type { SentValues } from '../domain/custom-properties.ts';
import { type Issue, refuse } from '../domain/errors.ts';
import { documentStatuses, documentTypes } from '../domain/tables.ts';
import type { Transaction } from '../storage/database.ts';
import { holdReferences } from '../storage/locks.ts';
import { type ArtifactName, missingArtifacts } from './artifact-checks.ts';
import type { ProjectCommand } from './context.ts';
import { CarriesValues, settleOwnCustomValues } from './custom-properties.ts';
import { missingReferences, outsideTable } from './input-checks.ts';

/** What can be said of a document. */
export interface DocumentInput {
  filenameOrUrl?: string | null;
  description?: string | null;
  authorId?: number | null;
  editorId?: number | null;
  documentTypeId?: number | null;
  documentStatusId?: number | null;
  projectAttachmentFolderId?: number | null;
  currentVersion?: string | null;
  tags?: string | null;
  customProperties?: SentValues;
  attachedArtifacts?: readonly (ArtifactName | undefined)[] | null;
}

const FILE = 1;
const URL = 2;

/**
 * Stores a file with its bytes (`content`) or a link (no content), attaches it to the artifacts and returns its id.
 * Nothing is stored when one of the artifacts or people does not exist, or an artifact type is none.
 */
export async function createDocument(
  { db, actor, projectId }: ProjectCommand,
  { document, content }: { document: DocumentInput; content: Uint8Array | null },
): Promise<number> {
  return db.transaction(async (transaction) => {
    await holdReferences(transaction, projectId);
    const custom = await settleOwnCustomValues(transaction, projectId, {
      artifactTypeId: CarriesValues.document,
      sent: document.customProperties,
    });
    refuse([...(await documentIssues(transaction, projectId, document)), ...custom.issues]);
    const created = await transaction.kysely
      .insertInto('document')
      .values({
        projectId,
        attachmentTypeId: content ? FILE : URL,
        filenameOrUrl: document.filenameOrUrl ?? '',
        description: document.description ?? null,
        authorId: document.authorId ?? actor.userId,
        editorId: document.editorId ?? document.authorId ?? actor.userId,
        documentTypeId: document.documentTypeId ?? 1,
        documentStatusId: document.documentStatusId ?? 1,
        currentVersion: document.currentVersion || '1.0',
        sizeBytes: content?.length ?? 0,
        content: content && asBuffer(content),
        tags: document.tags ?? null,
        customProperties: custom.json ?? null,
      })
      .returning('documentId')
      .executeTakeFirstOrThrow();
    await attach(transaction, projectId, {
      documentId: created.documentId,
      artifacts: document.attachedArtifacts ?? [],
    });
    return created.documentId;
  });
}

async function documentIssues(transaction: Transaction, projectId: number, document: DocumentInput): Promise<Issue[]> {
  const artifacts = (document.attachedArtifacts ?? []).map((artifact, position) => ({
    ...artifact,
    field: `attachedArtifacts[${position}].`,
  }));
  return [
    ...(await missingReferences(transaction, projectId, [
      { kind: 'member', field: 'authorId', id: document.authorId },
      { kind: 'member', field: 'editorId', id: document.editorId },
    ])),
    ...(await missingArtifacts(transaction, projectId, artifacts)),
    ...missingFolder(document.projectAttachmentFolderId),
    ...outsideTable(documentTypes, 'documentTypeId', document.documentTypeId, 'a document type'),
    ...outsideTable(documentStatuses, 'documentStatusId', document.documentStatusId, 'a document status'),
  ];
}

/** There is one folder so far, the root, which is no id. */
function missingFolder(folderId: number | null | undefined): Issue[] {
  if (typeof folderId !== 'number') return [];
  const message = `Document folder ${folderId} does not exist in this project`;
  return [{ code: 'notFound', field: 'projectAttachmentFolderId', message }];
}

/** The driver sends a Buffer as it is; this makes one of the same memory. */
function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

async function attach(
  transaction: Transaction,
  projectId: number,
  { documentId, artifacts }: { documentId: number; artifacts: readonly (ArtifactName | undefined)[] },
): Promise<void> {
  if (artifacts.length === 0) return;
  await transaction.query(
    `insert into document_attachment (project_id, artifact_type_id, artifact_id, document_id)
     select $1, n.type, n.id, $2 from unnest($3::int[], $4::bigint[]) as n (type, id)
     on conflict do nothing`,
    [
      projectId,
      documentId,
      artifacts.map((artifact) => artifact?.artifactTypeId),
      artifacts.map((artifact) => artifact?.artifactId),
    ],
  );
}
