import { recurrences, testRunTypes, testSetStatuses } from '../../../domain/tables.ts';
import { artifactBase } from '../artifact.ts';
import { boolean, date, enumeration, integer, reference, text } from '../member.ts';
import { spiraObject } from '../object.ts';

export const RemoteTestSet = spiraObject(
  'RemoteTestSet',
  { description: 'A list of test cases that are executed together.' },
  {
    ...artifactBase(8),
    TestSetId: reference('Id of the test set; names it on update, ignored on create.').filter('ids'),
    IndentLevel: text('Not used.').readOnly().unsortable(),
    TestSetStatusId: enumeration(testSetStatuses, 'Status of its life, apart from the results.')
      .required()
      .notNull()
      .filter('ids'),
    TestSetStatusName: text('Name of the status.').readOnly().notNull(),
    CreatorId: reference('Who created it; missing or null: the caller.').filter('ids'),
    CreatorGuid: text('Guid of the creator.').readOnly(),
    CreatorName: text('Full name of the creator.').readOnly(),
    OwnerId: reference('Who is to execute it.').filter('ids'),
    OwnerGuid: text('Guid of the owner.').readOnly(),
    OwnerName: text('Full name of the owner.').readOnly(),
    ReleaseId: reference('Release that it is planned for.').filter('ids'),
    ReleaseGuid: text('Guid of the release.').readOnly(),
    ReleaseVersionNumber: text('Version number of the release.').readOnly(),
    AutomationHostId: reference('Machine that is to execute it.').filter('ids'),
    TestRunTypeId: enumeration(testRunTypes, 'How it is executed.').required().notNull().filter('ids'),
    RecurrenceId: enumeration(recurrences, 'How often it is to be executed again; null: once.').filter('ids'),
    RecurrenceName: text('Name of the recurrence.').readOnly(),
    Name: text('Name.', 255).required().notNull().filter('words'),
    Description: text('Description; may hold HTML.').filter('text'),
    CreationDate: date('When it was created.').readOnly().notNull().filter('dates'),
    LastUpdateDate: date('When it was last changed.').readOnly().notNull().filter('dates'),
    PlannedDate: date('When it is to be executed.').filter('dates'),
    ExecutionDate: date("The earliest of its rows' latest executions.").readOnly().filter('dates'),
    CountPassed: integer('Rows whose latest run is Passed.').readOnly(),
    CountFailed: integer('Rows whose latest run is Failed.').readOnly(),
    CountCaution: integer('Rows whose latest run is Caution.').readOnly(),
    CountBlocked: integer('Rows whose latest run is Blocked.').readOnly(),
    CountNotRun: integer('Rows without a run, or whose latest run is Not Run.').readOnly(),
    CountNotApplicable: integer('Rows whose latest run is N/A.').readOnly(),
    ProjectName: text('Name of the product.').readOnly(),
    TestSetFolderId: reference('Folder that it lies in; null: the root.').filter('ids'),
    EstimatedDuration: integer("Sum of its rows' cases' estimates in minutes.").readOnly(),
    ActualDuration: integer("Sum of its rows' latest runs' durations in minutes.").readOnly(),
    IsAutoScheduled: boolean('A build of its release plans it anew.').notNull().filter('boolean'),
    IsDynamic: boolean('Kept as sent; its rows do not follow the query.').notNull().filter('boolean'),
    DynamicQuery: text('Kept as sent.').unsortable(),
    TestConfigurationSetId: reference('Set of test configurations: one run per row and configuration.').filter('ids'),
    BuildExecuteTimeInterval: integer('Seconds from a build to the planned date it gives.'),
  },
);
