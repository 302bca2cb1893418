import { boolean, constant, date, integer, objects, text } from './member.ts';
import type { Decoded } from './object.ts';
import { RemoteArtifactCustomProperty } from './objects/custom-property.ts';

export { trio } from './trio.ts';

/** The members that every artifact carries (rest-v7 11.1); `artifactTypeId` is the constant of the class. */
export const artifactBase = (artifactTypeId: number) => ({
  ProjectId: integer('The product of the path, whatever the body says.').readOnly().notNull(),
  ProjectGuid: text('Guid of the product.').readOnly(),
  ArtifactTypeId: constant(artifactTypeId, 'The kind of artifact; the same for all objects of this type.'),
  ConcurrencyDate: date('Stamp of the last change; an update must send the one it read.').notNull(),
  CustomProperties: objects<Decoded<typeof RemoteArtifactCustomProperty>>(
    () => RemoteArtifactCustomProperty,
    'Values of custom fields; null when the object has none. What is not sent keeps its value.',
  ),
  IsAttachments: boolean('Has at least one document.').readOnly().notNull(),
  Tags: text('Words separated by commas.').filter('text'),
  Guid: text('Guid of the object, stable for life.').readOnly(),
});
