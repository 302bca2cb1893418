import { date, integer, reference, text } from '../member.ts';
import { spiraObject } from '../object.ts';

export const RemoteTestSetFolder = spiraObject(
  'RemoteTestSetFolder',
  { description: 'A folder of test sets; its figures cover everything below it.' },
  {
    TestSetFolderId: reference('Id of the folder; names it on update, ignored on create.'),
    Guid: text('Guid of the folder, stable for life.').readOnly(),
    ProjectId: integer('The product of the path, whatever the body says.').readOnly().notNull(),
    IndentLevel: text('Place in the tree: three letters a level.').readOnly().notNull(),
    Name: text('Name.', 255).required().notNull(),
    Description: text('Description; may hold HTML.'),
    ParentTestSetFolderId: reference('The folder above it; null: the root.'),
    CreationDate: date('When it was created.').readOnly().notNull(),
    LastUpdateDate: date('Stamp of the last change; an update must send the one it read.').notNull(),
    ExecutionDate: date('The newest execution date of the test sets below.').readOnly(),
    EstimatedDuration: integer('Sum of the estimates below in minutes.').readOnly(),
    ActualDuration: integer('Sum of the actual durations below in minutes.').readOnly(),
    ProjectName: text('Name of the product.').readOnly(),
    CountBlocked: integer('Rows below whose latest run is Blocked.').readOnly().notNull(),
    CountCaution: integer('Rows below whose latest run is Caution.').readOnly().notNull(),
    CountFailed: integer('Rows below whose latest run is Failed.').readOnly().notNull(),
    CountNotApplicable: integer('Rows below whose latest run is N/A.').readOnly().notNull(),
    CountNotRun: integer('Rows below without a run, or whose latest run is Not Run.').readOnly().notNull(),
    CountPassed: integer('Rows below whose latest run is Passed.').readOnly().notNull(),
  },
);
