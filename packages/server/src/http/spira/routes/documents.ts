import { attachDocument, detachDocument } from '../../../commands/attach-document.ts';
import { createDocument } from '../../../commands/create-document.ts';
import { deleteDocument } from '../../../commands/delete-document.ts';
import { requireArtifact } from '../../../views/artifacts.ts';
import { documentContent, documents, documentsOfArtifact, findDocument } from '../../../views/documents.ts';
import { RemoteDocument } from '../../../wire/spira/objects/document.ts';
import { LARGEST_PAGE } from '../../../wire/spira/paging.ts';
import { inProject } from '../../services.ts';
import { artifactOfPath, refuseUnattachable } from '../artifact-access.ts';
import { uploadOf } from '../document-upload.ts';
import {
  anyBody,
  type Call,
  can,
  empty,
  filtersOf,
  list,
  noBody,
  one,
  operation,
  scalar,
  toCreate,
} from '../operation.ts';

const AT_ARTIFACT = 'projects/{project_id}/artifact-types/{artifact_type_id}/artifacts/{artifact_id}/documents';

type Upload = Parameters<typeof createDocument>[1];

async function created({ services, actor, project }: Call<unknown>, upload: Upload) {
  for (const artifact of upload.document.attachedArtifacts ?? []) {
    refuseUnattachable(project.role, artifact?.artifactTypeId ?? 0);
  }
  const documentId = await createDocument(inProject(services, actor, project), upload);
  return findDocument(services.read, project.projectId, documentId);
}

const uploading = [
  operation({
    method: 'POST',
    path: 'projects/{project_id}/documents/file',
    summary: 'Stores a file and attaches it. Older form: file name in the query, the bytes alone as body.',
    priority: 1,
    needs: can('document:create'),
    body: anyBody,
    returns: one(RemoteDocument),
    handle: async (call) => created(call, uploadOf(call.body, call.query)),
  }),
  operation({
    method: 'POST',
    path: 'projects/{project_id}/documents/url',
    summary: 'Stores a link and attaches it.',
    priority: 1,
    needs: can('document:create'),
    body: toCreate(RemoteDocument),
    returns: one(RemoteDocument),
    handle: async (call) => created(call, { document: call.body, content: null }),
  }),
];

const attaching = [
  operation({
    method: 'GET',
    path: AT_ARTIFACT,
    summary: 'The documents attached to an artifact.',
    priority: 1,
    needs: can('document:view'),
    body: noBody,
    returns: list(RemoteDocument),
    handle: async (call) => {
      const { services, project } = call;
      const artifact = artifactOfPath(call);
      await requireArtifact(services.read, project.projectId, artifact);
      return documentsOfArtifact.list(services.read, [project.projectId, artifact.artifactTypeId, artifact.artifactId]);
    },
  }),
  operation({
    method: 'POST',
    path: `${AT_ARTIFACT}/search`,
    summary: 'The documents attached to an artifact that meet the filters.',
    priority: 2,
    needs: can('document:view'),
    body: filtersOf(RemoteDocument),
    returns: list(RemoteDocument),
    handle: async (call) => {
      const { services, project, body, listQuery } = call;
      const artifact = artifactOfPath(call);
      await requireArtifact(services.read, project.projectId, artifact);
      return documentsOfArtifact.list(
        services.read,
        [project.projectId, artifact.artifactTypeId, artifact.artifactId],
        listQuery(RemoteDocument, body),
      );
    },
  }),
  operation({
    method: 'POST',
    path: `${AT_ARTIFACT}/{document_id}`,
    summary: 'Attaches a stored document to an artifact.',
    priority: 2,
    needs: can('document:create', 'document:modify'),
    body: noBody,
    returns: empty,
    handle: async (call) => {
      const artifact = artifactOfPath(call, refuseUnattachable);
      const documentId = call.path.id('document_id', 'Document');
      return attachDocument(inProject(call.services, call.actor, call.project), { documentId, artifact });
    },
  }),
  operation({
    method: 'DELETE',
    path: `${AT_ARTIFACT}/{document_id}`,
    summary: 'Detaches a document from an artifact; the document stays.',
    priority: 2,
    needs: can('document:modify', 'document:delete'),
    body: noBody,
    returns: empty,
    handle: async (call) => {
      const artifact = artifactOfPath(call);
      const documentId = call.path.id('document_id', 'Document');
      return detachDocument(inProject(call.services, call.actor, call.project), { documentId, artifact });
    },
  }),
];

const reading = [
  operation({
    method: 'GET',
    path: 'projects/{project_id}/documents',
    summary: 'The documents of the product; at most 500.',
    priority: 2,
    needs: can('document:view'),
    body: noBody,
    returns: list(RemoteDocument),
    handle: async ({ services, project }) =>
      documents.list(services.read, [project.projectId], { page: { offset: 0, limit: LARGEST_PAGE } }),
  }),
  operation({
    method: 'POST',
    path: 'projects/{project_id}/documents/search',
    summary: 'The documents that meet the filters.',
    priority: 2,
    needs: can('document:view'),
    body: filtersOf(RemoteDocument),
    returns: list(RemoteDocument),
    handle: async ({ services, project, body, listQuery }) =>
      documents.list(services.read, [project.projectId], listQuery(RemoteDocument, body)),
  }),
  operation({
    method: 'GET',
    path: 'projects/{project_id}/documents/{document_id}',
    summary: 'One document with what it is attached to.',
    priority: 1,
    needs: can('document:view'),
    body: noBody,
    returns: one(RemoteDocument),
    handle: async ({ services, project, path }) =>
      findDocument(services.read, project.projectId, path.id('document_id', 'Document')),
  }),
  operation({
    method: 'GET',
    path: 'projects/{project_id}/documents/{document_id}/open',
    summary: 'The bytes of a file, as base64 text.',
    priority: 1,
    needs: can('document:view'),
    body: noBody,
    returns: scalar('string'),
    handle: async ({ services, project, path }) =>
      documentContent(services.read, project.projectId, path.id('document_id', 'Document')),
  }),
  operation({
    method: 'DELETE',
    path: 'projects/{project_id}/documents/{document_id}',
    summary: 'Deletes a document and detaches it from everything.',
    priority: 2,
    needs: can('document:delete'),
    body: noBody,
    returns: empty,
    handle: async ({ services, actor, project, path }) =>
      deleteDocument(inProject(services, actor, project), path.id('document_id', 'Document')),
  }),
];

export const documentOperations = [...uploading, ...attaching, ...reading];
