import { DomainError, type Issue, refuse } from '../../domain/errors.ts';
import type { Decoded } from '../../wire/spira/object.ts';
import { RemoteDocumentFile } from '../../wire/spira/objects/document.ts';
import type { QueryParameters } from '../../wire/spira/query.ts';
import { Decoding, decodeBinary, decodeText } from '../../wire/spira/scalars.ts';

export interface Upload {
  document: Omit<Decoded<typeof RemoteDocumentFile>, 'binaryData'>;
  content: Uint8Array;
}

/**
 * Returns the file that was sent: an object with the bytes in BinaryData, or, as v5.0 has it, the bytes alone with the
 * file name in the query.
 */
export function uploadOf(body: unknown, query: QueryParameters): Upload {
  if (body === undefined && query.text('filename') === undefined) {
    throw new DomainError('malformed', 'The body is empty, but an object (RemoteDocumentFile) is needed');
  }
  const isBytes = typeof body === 'string' || (Array.isArray(body) && body.every((item) => typeof item === 'number'));
  return isBytes && query.text('filename') !== undefined ? bytesOf(body, query) : objectOf(body);
}

function objectOf(body: unknown): Upload {
  const issues: Issue[] = [];
  const decoding = new Decoding(issues);
  const isListOfOne = Array.isArray(body) && body.length === 1;
  const decoded = RemoteDocumentFile.decode(isListOfOne ? body[0] : body, decoding);
  if (decoded) RemoteDocumentFile.requireMembers(decoded, decoding);
  refuse(issues);
  const { binaryData, ...document } = decoded ?? {};
  return { document, content: binaryData ?? new Uint8Array() };
}

function bytesOf(body: unknown, query: QueryParameters): Upload {
  const issues: Issue[] = [];
  const content = decodeBinary(body, new Decoding(issues).at('binaryData'));
  refuse(issues);
  const artifactTypeId = query.integer('artifact_type_id');
  const artifactId = query.id('artifact_id');
  const text = (name: string) => decodeText(query.text(name) ?? null, new Decoding()) ?? null;
  return {
    document: {
      filenameOrUrl: text('filename'),
      tags: text('tags'),
      description: text('description'),
      documentTypeId: query.id('document_type_id') ?? null,
      projectAttachmentFolderId: query.id('folder_id') ?? null,
      attachedArtifacts: artifactId === undefined ? [] : [{ artifactTypeId: artifactTypeId ?? 0, artifactId }],
    },
    content: content ?? new Uint8Array(),
  };
}
