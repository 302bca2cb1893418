import { importances, requirementStatuses, requirementTypes } from '../../../domain/tables.ts';
import { artifactBase } from '../artifact.ts';
import { boolean, date, decimal, enumeration, integer, objects, reference, text } from '../member.ts';
import { spiraObject } from '../object.ts';

export const RemoteRequirementStep = spiraObject(
  'RemoteRequirementStep',
  { description: 'A scenario step of a use case.' },
  {
    RequirementStepId: reference('Id of the step.').readOnly(),
    RequirementId: reference('The requirement it belongs to.').readOnly().notNull(),
    Position: integer('Place among the steps, from 1.').notNull(),
    Description: text('What happens.').required().notNull(),
    CreationDate: date('When it was created.').readOnly().notNull(),
    LastUpdateDate: date('When it was last changed.').readOnly().notNull(),
    ConcurrencyDate: date('Stamp of the last change.').notNull(),
  },
);

export const RemoteRequirement = spiraObject(
  'RemoteRequirement',
  { description: 'A requirement: what is to be covered by test cases, and how far they say it holds.' },
  {
    ...artifactBase(1),
    RequirementId: reference('Id of the requirement; ignored on create.').filter('ids'),
    IndentLevel: text('Place in the tree: three letters a level.').readOnly().notNull(),
    Name: text('Name.', 255).required().notNull().filter('words'),
    Description: text('Description; may hold HTML.').filter('text'),
    StatusId: enumeration(requirementStatuses, 'Status; null or 0: Requested.').filter('ids'),
    StatusName: text('Name of the status.').readOnly().notNull(),
    RequirementTypeId: enumeration(requirementTypes, 'Type; null or 0: Feature.').filter('ids'),
    RequirementTypeName: text('Name of the type.').readOnly().notNull(),
    ImportanceId: enumeration(importances, 'Importance.').filter('ids'),
    ImportanceName: text('Name of the importance.').readOnly(),
    AuthorId: reference('Who wrote it; missing or null: the caller.').filter('ids'),
    AuthorGuid: text('Guid of the author.').readOnly(),
    AuthorName: text('Full name of the author.').readOnly(),
    OwnerId: reference('Who is responsible for it.').filter('ids'),
    OwnerGuid: text('Guid of the owner.').readOnly(),
    OwnerName: text('Full name of the owner.').readOnly(),
    ReleaseId: reference('Release it is planned for.').filter('ids'),
    ReleaseGuid: text('Guid of the release.').readOnly(),
    ReleaseVersionNumber: text('Version number of the release.').readOnly(),
    ComponentId: reference('Component it belongs to.').filter('ids'),
    ProjectName: text('Name of the product.').readOnly(),
    CreationDate: date('When it was created.').readOnly().notNull().filter('dates'),
    LastUpdateDate: date('When it was last changed.').readOnly().notNull().filter('dates'),
    Summary: boolean('Has child requirements.').readOnly().notNull(),
    CoverageCountTotal: integer(
      'Test cases that cover it or a requirement below it, counted once for each.',
    ).readOnly(),
    CoverageCountPassed: integer('Those whose newest run is Passed.').readOnly(),
    CoverageCountFailed: integer('Those whose newest run is Failed.').readOnly(),
    CoverageCountCaution: integer('Those whose newest run is Caution.').readOnly(),
    CoverageCountBlocked: integer('Those whose newest run is Blocked.').readOnly(),
    EstimatePoints: decimal('Estimate in points.'),
    EstimatedEffort: integer('Always null: effort is estimated in points.').readOnly(),
    TaskEstimatedEffort: integer('Estimated effort of its tasks in minutes.').readOnly(),
    TaskActualEffort: integer('Actual effort of its tasks in minutes.').readOnly(),
    TaskCount: integer('Number of its tasks.').readOnly(),
    Steps: objects(() => RemoteRequirementStep, 'Scenario steps; null in lists.').readOnly(),
    StartDate: date('First day of work.'),
    EndDate: date('Last day of work.'),
    PercentComplete: integer('How much of it is done, in percent.'),
    ThemeId: integer('Theme it belongs to.'),
    GoalId: integer('Goal it serves.'),
    IsSuspect: boolean('Something it depends on has changed; it should be checked.').notNull(),
  },
);

export const RemoteRequirementTestCaseMapping = spiraObject(
  'RemoteRequirementTestCaseMapping',
  { description: 'A test case covers a requirement.' },
  {
    RequirementId: reference('The requirement.').required('notFound').notNull(),
    TestCaseId: reference('The test case that covers it.').required('notFound').notNull(),
  },
);
