import { executionStatuses } from '../../../domain/tables.ts';
import { date, enumeration, integer, reference, text } from '../member.ts';
import { spiraObject } from '../object.ts';

export const RemoteTestRunStep = spiraObject(
  'RemoteTestRunStep',
  { description: 'A step as it was executed; its texts are copies and never follow the test case.' },
  {
    TestRunStepId: reference('Id of the step of the run; 0 in shells, ignored when sent.').readOnly(),
    TestRunId: reference('The run; 0 in shells, ignored when sent.').readOnly().notNull(),
    TestStepId: reference('The test step that was copied; null for a step made up while testing.'),
    TestCaseId: reference(
      'The test case of the step, another one than that of the run where cases are linked.',
    ).notNull(),
    ExecutionStatusId: enumeration(executionStatuses, 'How the step ended; must be sent.').notNull(),
    Position: integer('Place within the run, from 1; missing: the place in the list.').notNull(),
    Description: text('What was to be done.'),
    ExpectedResult: text('What was to be seen.'),
    SampleData: text('Data to be used.'),
    ActualResult: text('What was seen.'),
    ActualDuration: integer('Minutes it took; kept as sent.'),
    StartDate: date('When it began.'),
    EndDate: date('When it ended.'),
  },
);
