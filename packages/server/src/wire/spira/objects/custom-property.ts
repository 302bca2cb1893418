import { boolean, date, decimal, ids, integer, object, text } from '../member.ts';
import { type RowFor, spiraObject } from '../object.ts';
import { RemoteCustomProperty } from './custom-property-definition.ts';

export const RemoteArtifactCustomProperty = spiraObject(
  'RemoteArtifactCustomProperty',
  { description: 'The value of one custom field; which member holds it follows from the type of the field.' },
  {
    PropertyNumber: integer('Which custom field: its number, from 1.').required().notNull(),
    StringValue: text('Value of a text.'),
    IntegerValue: integer('Value of a whole number, or the id of a list value, user, release or host.'),
    BooleanValue: boolean('Value of a yes/no field.'),
    DateTimeValue: date('Value of a date.'),
    DecimalValue: decimal('Value of a decimal number.'),
    IntegerListValue: ids('Value ids of a multiple choice.'),
    Definition: object<RowFor<typeof RemoteCustomProperty>>(
      () => RemoteCustomProperty,
      'The custom field itself; the list that it chooses from comes with its values where one object is answered.',
    ).readOnly(),
  },
);
