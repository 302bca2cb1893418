import { trio } from '../artifact.ts';
import { boolean, integer, reference, text } from '../member.ts';
import { spiraObject } from '../object.ts';

export const RemoteComponent = spiraObject(
  'RemoteComponent',
  { description: 'A part of the product that test cases, requirements and incidents belong to.' },
  {
    ComponentId: reference('Id of the component.').readOnly().notNull(),
    ProjectId: integer('The product of the path, whatever the body says.').readOnly().notNull(),
    Name: text('Name.', 255).required().notNull(),
    IsActive: boolean('Can be chosen; missing on create: yes.').notNull(),
    IsDeleted: boolean('Is deleted.').readOnly().notNull(),
    ...trio,
  },
);
