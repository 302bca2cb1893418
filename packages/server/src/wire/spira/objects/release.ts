import { releaseStatuses, releaseTypes } from '../../../domain/tables.ts';
import { artifactBase } from '../artifact.ts';
import { boolean, date, decimal, enumeration, integer, reference, text } from '../member.ts';
import { spiraObject } from '../object.ts';

export const RemoteRelease = spiraObject(
  'RemoteRelease',
  { description: 'A release, sprint or phase: what test runs are executed against.' },
  {
    ...artifactBase(4),
    ReleaseId: reference('Id of the release; ignored on create.').filter('ids'),
    CreatorId: reference('Who created it; missing or null: the caller.').filter('ids'),
    OwnerId: reference('Who is responsible for it.').filter('ids'),
    CreatorGuid: text('Guid of the creator.').readOnly(),
    OwnerGuid: text('Guid of the owner.').readOnly(),
    CreatorName: text('Full name of the creator.').readOnly(),
    OwnerName: text('Full name of the owner.').readOnly(),
    IndentLevel: text('Place in the tree: three letters a level.').readOnly().notNull(),
    Name: text('Name.', 255).required().filter('words'),
    Description: text('Description; may hold HTML.').filter('text'),
    VersionNumber: text('Version number; missing or null: the name, cut to 20 characters.', 20)
      .notNull()
      .filter('text'),
    FullName: text('Version number and name.').readOnly().notNull(),
    CreationDate: date('When it was created.').readOnly().notNull().filter('dates'),
    LastUpdateDate: date('When it was last changed.').readOnly().notNull().filter('dates'),
    Summary: boolean('Has child releases.').readOnly().notNull(),
    Active: boolean('Status is Planned, In Progress or Completed.').readOnly().notNull().filter('boolean'),
    ReleaseStatusId: enumeration(releaseStatuses, 'Status.').required().notNull().filter('ids'),
    ReleaseStatusName: text('Name of the status.').readOnly().notNull(),
    ReleaseTypeId: enumeration(releaseTypes, 'Type; decides whether results count in the parent.')
      .required()
      .notNull()
      .filter('ids'),
    ReleaseTypeName: text('Name of the type.').readOnly().notNull(),
    StartDate: date('First day.').required().notNull().filter('dates'),
    EndDate: date('Last day.').required().notNull().filter('dates'),
    ResourceCount: decimal('Number of people working on it.').notNull(),
    DaysNonWorking: decimal('Days on which nobody works.').notNull(),
    PlannedEffort: integer('Planned effort in minutes.').readOnly(),
    AvailableEffort: integer('Planned effort not yet taken by tasks, in minutes.').readOnly(),
    TaskEstimatedEffort: integer('Estimated effort of its tasks in minutes.').readOnly(),
    TaskActualEffort: integer('Actual effort of its tasks in minutes.').readOnly(),
    TaskCount: integer('Number of its tasks.').readOnly(),
    CountBlocked: integer('Mapped test cases whose latest run is Blocked.').readOnly().notNull(),
    CountCaution: integer('Mapped test cases whose latest run is Caution.').readOnly().notNull(),
    CountFailed: integer('Mapped test cases whose latest run is Failed.').readOnly().notNull(),
    CountNotApplicable: integer('Mapped test cases whose latest run is N/A.').readOnly().notNull(),
    CountNotRun: integer('Mapped test cases without a run, or whose latest run is Not Run.').readOnly().notNull(),
    CountPassed: integer('Mapped test cases whose latest run is Passed.').readOnly().notNull(),
    PercentComplete: integer('Share of its requirements that are done, in percent.').readOnly().notNull(),
    RequirementCount: integer('Requirements planned for it.').readOnly().notNull(),
    RequirementPoints: decimal('Sum of the estimate points of its requirements.').readOnly(),
    MilestoneId: integer('Program milestone.'),
  },
);
