import { executionStatuses, priorities, testCaseStatuses, testCaseTypes } from '../../../domain/tables.ts';
import { artifactBase, trio } from '../artifact.ts';
import { boolean, date, enumeration, ids, integer, objects, reference, text } from '../member.ts';
import { spiraObject } from '../object.ts';
import { RemoteTestStep } from './test-step.ts';

export const RemoteTestCase = spiraObject(
  'RemoteTestCase',
  { description: 'A test case: what to check, and how its newest run ended.' },
  {
    ...artifactBase(2),
    TestCaseId: reference('Id of the test case; ignored on create.').filter('ids'),
    Name: text('Name.', 255).required().notNull().filter('words'),
    Description: text('Description; may hold HTML.').filter('text'),
    TestCaseStatusId: enumeration(testCaseStatuses, 'Workflow status; 0: Draft.').notNull().filter('ids'),
    TestCaseStatusName: text('Name of the workflow status.').readOnly().notNull(),
    TestCaseTypeId: enumeration(testCaseTypes, 'Type; null or 0: Functional.').filter('ids'),
    TestCaseTypeName: text('Name of the type.').readOnly().notNull(),
    TestCasePriorityId: enumeration(priorities, 'Priority.').filter('ids'),
    TestCasePriorityName: text('Name of the priority.').readOnly(),
    TestCaseFolderId: reference('Folder it lies in; null: the root.').filter('ids'),
    AuthorId: reference('Who wrote it; missing or null: the caller.').filter('ids'),
    AuthorName: text('Full name of the author.').readOnly(),
    AuthorGuid: text('Guid of the author.').readOnly(),
    OwnerId: reference('Who is to execute it.').filter('ids'),
    OwnerName: text('Full name of the owner.').readOnly(),
    OwnerGuid: text('Guid of the owner.').readOnly(),
    ComponentIds: ids('Components it checks.').filter('overlap'),
    AutomationEngineId: reference('Engine that runs its script.').filter('ids'),
    AutomationAttachmentId: reference('Document that holds its script.'),
    CreationDate: date('When it was created.').readOnly().notNull().filter('dates'),
    LastUpdateDate: date('When it or its steps were last changed.').readOnly().notNull().filter('dates'),
    ExecutionStatusId: enumeration(
      executionStatuses,
      'Status of its newest run (in the release asked for, if one was); a manual Blocked mark until the next run.',
    )
      .readOnly()
      .filter('ids'),
    ExecutionStatusName: text('Name of the execution status.').readOnly(),
    ExecutionDate: date('When its newest run ended; null when it was never run.').readOnly().filter('dates'),
    EstimatedDuration: integer('Estimated minutes of a run.').filter('range'),
    ActualDuration: integer('Minutes that its newest run took.').readOnly().filter('range'),
    ProjectName: text('Name of the product.').readOnly(),
    TestSteps: objects(() => RemoteTestStep, 'Its steps; only when one test case is asked for by id.').readOnly(),
    IsSuspect: boolean('Something it depends on has changed; it should be checked.').notNull().filter('boolean'),
    IsTestSteps: boolean('Has at least one step.').readOnly().notNull(),
  },
);

export const RemoteTestCaseParameter = spiraObject(
  'RemoteTestCaseParameter',
  { description: 'A parameter of a test case: its steps use it as ${name}.' },
  {
    TestCaseParameterId: reference('Id of the parameter; ignored on create.'),
    TestCaseId: reference('The test case that declares it.').required('notFound').notNull(),
    Name: text('Name; kept in lower case.', 255).required().notNull(),
    DefaultValue: text('Value when nothing gives another.'),
    ...trio,
  },
);

export const RemoteTestCaseFolder = spiraObject(
  'RemoteTestCaseFolder',
  { description: 'A folder of test cases; its figures cover everything below it.' },
  {
    TestCaseFolderId: reference('Id of the folder; ignored on create.'),
    Guid: text('Guid of the object, stable for life.').readOnly(),
    ProjectId: integer('The product of the path.').readOnly().notNull(),
    IndentLevel: text('Place in the tree: three letters a level, by name within a folder.').readOnly().notNull(),
    Name: text('Name.', 255).required().notNull(),
    Description: text('Description; may hold HTML.'),
    ParentTestCaseFolderId: reference('The folder it lies in; null: the root.'),
    LastUpdateDate: date('When it was last changed; an update must send the one it read.').notNull(),
    ExecutionDate: date('When the newest run of a test case in it ended.').readOnly(),
    EstimatedDuration: integer('Sum of the estimated minutes of its test cases.').readOnly(),
    ActualDuration: integer('Sum of the minutes that the newest runs of its test cases took.').readOnly(),
    ProjectName: text('Name of the product.').readOnly(),
    CountBlocked: integer('Test cases whose newest run is Blocked.').readOnly().notNull(),
    CountCaution: integer('Test cases whose newest run is Caution.').readOnly().notNull(),
    CountFailed: integer('Test cases whose newest run is Failed.').readOnly().notNull(),
    CountNotApplicable: integer('Test cases whose newest run is N/A.').readOnly().notNull(),
    CountNotRun: integer('Test cases without a run, or whose newest run is Not Run.').readOnly().notNull(),
    CountPassed: integer('Test cases whose newest run is Passed.').readOnly().notNull(),
  },
);
