import { artifactLinkTypes, artifactTypes } from '../../../domain/tables.ts';
import { trio } from '../artifact.ts';
import { date, enumeration, integer, reference, text } from '../member.ts';
import { spiraObject } from '../object.ts';

export const RemoteAssociation = spiraObject(
  'RemoteAssociation',
  { description: 'A link between two artifacts, told from the artifact that was asked about.' },
  {
    ArtifactLinkId: integer(
      'Id of the link, ignored on create; 0 or below for a link that follows from something else.',
    ).filter('ids'),
    SourceArtifactId: reference('The artifact that links.').required('notFound').notNull(),
    SourceArtifactTypeId: enumeration(artifactTypes, 'Its artifact type.').required().notNull(),
    SourceArtifactGuid: text('Its guid.').readOnly(),
    DestArtifactId: reference('The artifact linked to.').required('notFound').notNull().filter('ids'),
    DestArtifactTypeId: enumeration(artifactTypes, 'Its artifact type.').required().notNull().filter('ids'),
    DestArtifactGuid: text('Its guid.').readOnly(),
    ArtifactLinkTypeId: enumeration(artifactLinkTypes, 'Kind of link.').required().notNull().filter('ids'),
    CreatorId: reference('Who made the link; missing or null: the caller.').filter('ids'),
    Comment: text('Remark on the link.').filter('text'),
    CreationDate: date('When it was made.').filter('dates'),
    DestArtifactName: text('Name of the artifact linked to.').readOnly().filter('text'),
    DestArtifactTypeName: text('Name of its artifact type.').readOnly(),
    CreatorName: text('Full name of the creator.').readOnly(),
    ArtifactLinkTypeName: text('Name of the kind of link.').readOnly(),
    ...trio,
  },
);
