import { boolean, constant, date, integer, reference, text } from '../member.ts';
import { spiraObject } from '../object.ts';

export const RemoteProject = spiraObject(
  'RemoteProject',
  { description: 'A product: what everything else belongs to.' },
  {
    ProjectId: reference('Id of the product.').readOnly().notNull(),
    ProjectTemplateId: constant(1, 'Always 1: there is one built-in template.'),
    ProjectGroupId: constant(null, 'Always null: there are no programs.'),
    Name: text('Name.', 255).required().notNull(),
    Description: text('Description; may hold HTML.'),
    Website: text('Address of a page about it.', 255),
    CreationDate: date('When it was created.').readOnly().notNull(),
    Active: boolean('Is shown and can be worked with; missing on create: yes.').notNull(),
    WorkingHours: integer('Working hours a day; missing on create: 8.').notNull(),
    WorkingDays: integer('Working days a week; missing on create: 5.').notNull(),
    NonWorkingHours: integer('Hours a month on which nobody works.').notNull(),
    StartDate: date('First day.'),
    EndDate: date('Last day.'),
    PercentComplete: integer('Share of its requirements that are completed or released, in percent.')
      .readOnly()
      .notNull(),
    RequirementCount: integer('Number of its requirements.').readOnly().notNull(),
    WorkspaceTypeId: constant(1, 'Always 1: a product.'),
    Guid: text('Guid of the product, stable for life.').readOnly(),
    LastUpdatedDate: date('When it was last changed.').readOnly(),
    ArtifactTypeId: constant(0, 'Always 0: a product is no artifact.'),
    ConcurrencyGuid: text('Stamp of the last change; an update that sends one must send the current one.').notNull(),
    CustomProperties: constant(null, 'Always null: products have no custom fields.'),
  },
);
