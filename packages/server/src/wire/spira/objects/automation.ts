import { artifactBase } from '../artifact.ts';
import { boolean, date, reference, text } from '../member.ts';
import { spiraObject } from '../object.ts';

export const RemoteAutomationHost = spiraObject(
  'RemoteAutomationHost',
  { description: 'A machine that executes automated tests.' },
  {
    ...artifactBase(9),
    AutomationHostId: reference('Id of the host; ignored on create.').filter('ids'),
    Name: text('Name.', 255).required().notNull().filter('words'),
    Token: text('How the machine identifies itself; unique in the product.', 255).required().notNull().filter('text'),
    Description: text('Description; may hold HTML.'),
    LastUpdateDate: date('When it was last changed; stands in for ConcurrencyDate where only this one is sent.')
      .notNull()
      .filter('dates'),
    Active: boolean('Is in use; missing on create: yes.').notNull().filter('boolean'),
    LastContactDate: date('When the machine last asked for work.').readOnly().filter('dates'),
  },
);

export const RemoteAutomationEngine = spiraObject(
  'RemoteAutomationEngine',
  { description: 'A tool that executes automated tests, such as a browser driver.' },
  {
    AutomationEngineId: reference('Id of the engine; ignored on create.'),
    Name: text('Name.', 255).required().notNull(),
    Token: text('How recorders name the engine; unique on the server.', 255).required().notNull(),
    Description: text('Description.'),
    Active: boolean('Is in use; missing on create: yes.').notNull(),
  },
);
