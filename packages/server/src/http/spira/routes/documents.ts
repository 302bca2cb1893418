import { attachDocument, detachDocument } from '../../../commands/attach-document.ts';
import { createDocument } from '../../../commands/create-document.ts';
import { deleteDocument } from '../../../commands/delete-document.ts';
import { documentContent, documents, documentsOfArtifact, findDocument } from '../../../views/documents.ts';
import { RemoteDocument } from '../../../wire/spira/objects/document.ts';
import { artifactOfPath, existingArtifactOfPath, refuseUnattachable } from '../artifact-access.ts';
import { uploadOf } from '../document-upload.ts';
import { listing } from '../listing.ts';
import { commandOf, deleting, readingOne } from '../one-thing.ts';
import { anyBody, type Call, can, empty, noBody, one, operation, scalar, toCreate } from '../operation.ts';
import { idOfPath } from '../things.ts';

const AT_ARTIFACT = 'projects/{project_id}/artifact-types/{artifact_type_id}/artifacts/{artifact_id}/documents';

type Upload = Parameters<typeof createDocument>[1];

async function created(call: Call<unknown>, upload: Upload) {
  const { services, project } = call;
  for (const artifact of upload.document.attachedArtifacts ?? []) {
    refuseUnattachable(project.role, artifact?.artifactTypeId ?? 0);
  }
  const documentId = await createDocument(commandOf(call), upload);
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

const atArtifact = listing({
  object: RemoteDocument,
  needs: can('document:view'),
  source: async (call) => {
    const { artifactTypeId, artifactId } = await existingArtifactOfPath(call);
    return { view: documentsOfArtifact, parameters: [call.project.projectId, artifactTypeId, artifactId] };
  },
});

const attaching = [
  atArtifact.list({
    path: AT_ARTIFACT,
    summary: 'The documents attached to an artifact.',
    priority: 1,
    slice: 'whole',
  }),
  atArtifact.search({
    path: `${AT_ARTIFACT}/search`,
    summary: 'The documents attached to an artifact that meet the filters.',
    priority: 2,
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
      return attachDocument(commandOf(call), { documentId: idOfPath(call, 'document'), artifact });
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
      return detachDocument(commandOf(call), { documentId: idOfPath(call, 'document'), artifact });
    },
  }),
];

const inProduct = listing({
  object: RemoteDocument,
  needs: can('document:view'),
  source: ({ project }) => ({ view: documents, parameters: [project.projectId] }),
});

const reading = [
  inProduct.list({
    path: 'projects/{project_id}/documents',
    summary: 'The documents of the product; at most 500.',
    priority: 2,
    slice: 'firstPage',
  }),
  inProduct.search({
    path: 'projects/{project_id}/documents/search',
    summary: 'The documents that meet the filters.',
    priority: 2,
  }),
  readingOne({
    path: 'projects/{project_id}/documents/{document_id}',
    summary: 'One document with what it is attached to.',
    priority: 1,
    needs: can('document:view'),
    object: RemoteDocument,
    thing: 'document',
    find: findDocument,
  }),
  operation({
    method: 'GET',
    path: 'projects/{project_id}/documents/{document_id}/open',
    summary: 'The bytes of a file, as base64 text.',
    priority: 1,
    needs: can('document:view'),
    body: noBody,
    returns: scalar('string'),
    handle: async (call) => documentContent(call.services.read, call.project.projectId, idOfPath(call, 'document')),
  }),
  deleting({
    path: 'projects/{project_id}/documents/{document_id}',
    summary: 'Deletes a document and detaches it from everything.',
    priority: 2,
    needs: can('document:delete'),
    thing: 'document',
    act: deleteDocument,
  }),
];

export const documentOperations = [...uploading, ...attaching, ...reading];
