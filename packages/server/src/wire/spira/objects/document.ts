import { attachmentTypes, documentStatuses, documentTypes } from '../../../domain/tables.ts';
import { artifactBase } from '../artifact.ts';
import { binary, date, enumeration, integer, objects, reference, text } from '../member.ts';
import { type Decoded, type RowFor, spiraObject } from '../object.ts';

export const RemoteLinkedArtifact = spiraObject(
  'RemoteLinkedArtifact',
  { description: 'An artifact that a document is attached to.' },
  {
    ArtifactId: reference('Id of the artifact.').required('notFound').notNull(),
    ArtifactTypeId: integer('Its artifact type.').required().notNull(),
    Name: text('Its name.').readOnly(),
    Status: text('Name of its status.').readOnly(),
    Guid: text('Its guid.').readOnly(),
  },
);

export const RemoteDocumentVersion = spiraObject(
  'RemoteDocumentVersion',
  { description: 'One version of a document.' },
  {
    AttachmentVersionId: reference('Id of the version.').readOnly(),
    AttachmentId: reference('Id of the document.').notNull(),
    AuthorId: reference('Who uploaded it.'),
    AuthorName: text('Full name of that user.').readOnly(),
    FilenameOrUrl: text('File name or address.').notNull(),
    Description: text('Description.'),
    UploadDate: date('When it was uploaded.').readOnly().notNull(),
    Size: integer('Bytes.').readOnly().notNull(),
    VersionNumber: text('Number of the version.').notNull(),
  },
);

const documentMembers = {
  ...artifactBase(13),
  AttachmentId: reference('Id of the document.').readOnly().filter('ids'),
  AttachmentTypeId: enumeration(attachmentTypes, 'File or URL; decided by the operation, whatever is sent.')
    .readOnly()
    .notNull(),
  AttachmentTypeName: text('Name of the attachment type.').readOnly().notNull(),
  FilenameOrUrl: text('File name or address, kept as sent.').required().notNull().filter('text'),
  Description: text('Description.').filter('text'),
  Size: integer('Bytes; 0 for a URL.').readOnly().notNull().filter('range'),
  UploadDate: date('When it was uploaded.').readOnly().notNull().filter('dates'),
  EditedDate: date('When it was last changed.').readOnly().notNull().filter('dates'),
  AuthorId: reference('Who uploaded it; missing or null: the caller.').filter('ids'),
  AuthorGuid: text('Guid of the author.').readOnly(),
  AuthorName: text('Full name of the author.').readOnly(),
  EditorId: reference('Who edited it last.').filter('ids'),
  EditorGuid: text('Guid of the editor.').readOnly(),
  EditorName: text('Full name of the editor.').readOnly(),
  DocumentTypeId: enumeration(documentTypes, 'Type; missing or null: Default.').filter('ids'),
  DocumentTypeName: text('Name of the type.').readOnly(),
  DocumentStatusId: enumeration(documentStatuses, 'Status; missing or null: Draft.').filter('ids'),
  DocumentStatusName: text('Name of the status.').readOnly(),
  ProjectAttachmentFolderId: reference('Folder; null: the root.').filter('ids'),
  CurrentVersion: text('Number of the current version; missing or null: 1.0.', 50),
  AttachedArtifacts: objects<Decoded<typeof RemoteLinkedArtifact> & Partial<RowFor<typeof RemoteLinkedArtifact>>>(
    () => RemoteLinkedArtifact,
    'Artifacts that it is attached to; null in lists.',
  ),
  Versions: objects<RowFor<typeof RemoteDocumentVersion>>(
    () => RemoteDocumentVersion,
    'Versions; null in lists.',
  ).readOnly(),
};

export const RemoteDocument = spiraObject(
  'RemoteDocument',
  { description: 'A file or a link that is kept in the product and attached to artifacts.' },
  documentMembers,
);

export const RemoteDocumentFile = spiraObject(
  'RemoteDocumentFile',
  { description: 'A document together with the bytes of its file.' },
  {
    ...documentMembers,
    BinaryData: binary(
      'The bytes: base64 text or a list of numbers, from 0 to 255 or from -128 to 127; "" is an empty file.',
    ).required(),
  },
);
