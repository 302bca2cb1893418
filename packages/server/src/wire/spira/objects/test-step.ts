import { artifactBase } from '../artifact.ts';
import { date, integer, reference, text } from '../member.ts';
import { spiraObject } from '../object.ts';

export const RemoteTestStep = spiraObject(
  'RemoteTestStep',
  { description: 'One step of a test case: what to do, with what, and what should happen; or a link to another case.' },
  {
    ...artifactBase(7),
    TestStepId: reference('Id of the step; ignored on create.').filter('ids'),
    TestCaseId: reference('The test case of the path, whatever the body says.').readOnly().notNull(),
    TestCaseGuid: text('Guid of the test case.').readOnly(),
    ExecutionStatusId: integer('Status of the step in the newest run that contains it; 3 (Not Run) without one.')
      .readOnly()
      .filter('ids'),
    Position: integer('Place among the steps, from 1; missing or 0 on create: the end. Ignored on update.').notNull(),
    Description: text('What to do.').required().notNull().filter('text'),
    ExpectedResult: text('What should happen.'),
    SampleData: text('Data to do it with.'),
    LinkedTestCaseId: reference('The test case whose steps are executed in place of this one.'),
    LastUpdateDate: date('When it was last changed.').readOnly().notNull(),
    Precondition: text('What must hold before.'),
  },
);

export const RemoteTestStepParameter = spiraObject(
  'RemoteTestStepParameter',
  { description: 'A value that a linking step passes to a parameter of the case it links to.' },
  {
    Name: text('Name of the parameter; kept in lower case.', 255).required().notNull(),
    Value: text('The value.'),
    Guid: text('Always null: a value is known by its step and name.').readOnly(),
    ConcurrencyGuid: text('Always null: the stamp is that of the step.').readOnly(),
    LastUpdateDate: date('When the step was last changed.').readOnly(),
  },
);
