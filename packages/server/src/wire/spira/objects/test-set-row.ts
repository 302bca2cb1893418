import { trio } from '../artifact.ts';
import { boolean, date, integer, reference, text } from '../member.ts';
import { spiraObject } from '../object.ts';

export const RemoteTestSetTestCaseMapping = spiraObject(
  'RemoteTestSetTestCaseMapping',
  { description: 'One row of a test set: a test case in its place. The same test case may have several rows.' },
  {
    TestSetTestCaseId: reference('Id of the row; names it on update, ignored on create.'),
    TestSetId: reference('The test set; that of the path, whatever the body says.').readOnly().notNull(),
    TestCaseId: reference('The test case; never changes.').readOnly().notNull(),
    TestSetGuid: text('Guid of the test set.').readOnly(),
    TestCaseGuid: text('Guid of the test case.').readOnly(),
    OwnerId: reference('Who is to execute the row; null: the owner of the test set.'),
    OwnerGuid: text('Guid of the owner.').readOnly(),
    PlannedDate: date('When the row is to be executed.'),
    IsSetupTeardown: boolean('Prepares or clears up for the others.').notNull(),
    Position: integer('Place within the test set, from 1.'),
    ...trio,
  },
);

export const RemoteTestSetTestCaseParameter = spiraObject(
  'RemoteTestSetTestCaseParameter',
  { description: 'The value that a row of a test set gives to a parameter of its test case.' },
  {
    TestSetTestCaseId: reference('The row; 0 where there is none.').required('notFound').notNull(),
    TestCaseParameterId: reference('The parameter.').required('notFound').notNull(),
    TestCaseParameterGuid: text('Guid of the parameter.').readOnly(),
    Name: text('Name of the parameter.', 255),
    Value: text('The value.'),
    ...trio,
  },
);

export const RemoteTestSetParameter = spiraObject(
  'RemoteTestSetParameter',
  { description: 'The value that a test set gives to a parameter of its test cases, unless a row has its own.' },
  {
    TestSetId: reference('The test set.').required('notFound').notNull(),
    TestCaseParameterId: reference('The parameter.').required('notFound').notNull(),
    TestCaseParameterGuid: text('Guid of the parameter.').readOnly(),
    Name: text('Name of the parameter.').readOnly(),
    Value: text('The value.'),
    ...trio,
  },
);
