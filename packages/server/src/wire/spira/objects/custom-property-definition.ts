import { artifactTypes, customPropertyOptions, customPropertyTypes } from '../../../domain/tables.ts';
import { boolean, constant, enumeration, integer, object, objects, text } from '../member.ts';
import { type Decoded, spiraObject } from '../object.ts';
import { trio } from '../trio.ts';

const template = constant(1, 'Always 1: there is one built-in template.');

export const RemoteCustomListValue = spiraObject(
  'RemoteCustomListValue',
  { description: 'One value of a custom list.' },
  {
    CustomPropertyValueId: integer('Id of the value; in the list of an update missing or 0 makes a new one.'),
    CustomPropertyListId: integer('The list that it belongs to: that of the path.').readOnly().notNull(),
    Name: text('What is shown.', 255).required().notNull(),
    Active: boolean('Can be chosen; missing on create: yes.').notNull(),
    ParentCustomPropertyValueId: integer('The value that it stands below, of any list.'),
    ...trio,
  },
);

export const RemoteCustomList = spiraObject(
  'RemoteCustomList',
  { description: 'A list that the values of custom fields are chosen from.' },
  {
    CustomPropertyListId: integer('Id of the list.').notNull(),
    ProjectTemplateId: template,
    Name: text('Name.', 255).required().notNull(),
    Active: boolean('Is in use; missing on create: yes.').notNull(),
    SortedOnValue: boolean('Values are shown by name, else in the order in which they were made.').notNull(),
    Values: objects<Decoded<typeof RemoteCustomListValue>>(
      () => RemoteCustomListValue,
      'The values; null in lists of lists. An update changes those with an id, adds the others and keeps the rest.',
    ),
    ...trio,
  },
);

export const RemoteCustomPropertyOption = spiraObject(
  'RemoteCustomPropertyOption',
  { description: 'One option of a custom field.' },
  {
    CustomPropertyOptionId: enumeration(customPropertyOptions, 'Which option.').required().notNull(),
    Value: text('Its value: a number, Y or N, or for the default any text.'),
  },
);

export const RemoteCustomProperty = spiraObject(
  'RemoteCustomProperty',
  { description: 'A custom field of an artifact type.' },
  {
    CustomPropertyId: integer('Id of the field.').readOnly().notNull(),
    ProjectTemplateId: template,
    ArtifactTypeId: enumeration(artifactTypes, 'The artifact type that carries it; stays.').required().notNull(),
    Name: text('Name.', 255).required().notNull(),
    CustomList: object<Decoded<typeof RemoteCustomList>>(
      () => RemoteCustomList,
      'The list that the two list types choose from; on create its id may stand in the query. It stays.',
    ),
    CustomPropertyFieldName: text('What filters call it: Custom_01.').readOnly().notNull(),
    CustomPropertyTypeId: enumeration(customPropertyTypes, 'The type of its values; stays.').required().notNull(),
    CustomPropertyTypeName: text('Name of the type.').readOnly().notNull(),
    IsDeleted: boolean('Is deleted.').readOnly().notNull(),
    PropertyNumber: integer('Its number, from 1 to 99, once for each artifact type; stays.').required().notNull(),
    SystemDataType: text('The kind of value, as the original names it.').readOnly().notNull(),
    Options: objects<Decoded<typeof RemoteCustomPropertyOption>>(
      () => RemoteCustomPropertyOption,
      'What is asked of values; an update replaces them.',
    ),
    Position: integer('Place in forms.'),
    Description: text('Description.'),
    ...trio,
  },
);
