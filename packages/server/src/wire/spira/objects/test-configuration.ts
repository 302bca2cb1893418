import { boolean, date, integer, objects, text } from '../member.ts';
import { spiraObject } from '../object.ts';

interface ParameterValueRow {
  testCaseParameterId: number | null;
  name: string | null;
  value: string | null;
}

interface EntryRow {
  testConfigurationEntryId: number | null;
  parameterValues: ParameterValueRow[] | null;
}

export const RemoteTestConfigurationParameterValue = spiraObject(
  'RemoteTestConfigurationParameterValue',
  { description: 'The value of one parameter in a test configuration.' },
  {
    TestCaseParameterId: integer('The parameter.').readOnly().notNull(),
    Name: text('Name of the parameter.').readOnly().notNull(),
    Value: text('Its value.').readOnly().notNull(),
  },
);

export const RemoteTestConfigurationEntry = spiraObject(
  'RemoteTestConfigurationEntry',
  { description: 'One combination of parameter values; runs name it as their TestConfigurationId.' },
  {
    TestConfigurationEntryId: integer('Id of the combination.').readOnly().notNull(),
    ParameterValues: objects<ParameterValueRow>(() => RemoteTestConfigurationParameterValue, 'Its values.').readOnly(),
  },
);

export const RemoteTestConfigurationSet = spiraObject(
  'RemoteTestConfigurationSet',
  { description: 'A list of parameter combinations that a test set is executed with.' },
  {
    TestConfigurationSetId: integer('Id of the set.').readOnly().notNull(),
    TestConfigurationSetGuid: text('Guid of the set, stable for life.').readOnly(),
    ProjectId: integer('The product.').readOnly().notNull(),
    ProjectGuid: text('Guid of the product.').readOnly(),
    Name: text('Name.').readOnly().notNull(),
    Description: text('Description; may hold HTML.').readOnly(),
    IsActive: boolean('Is in use.').readOnly().notNull(),
    CreationDate: date('When it was created.').readOnly().notNull(),
    LastUpdatedDate: date('When it was last changed.').readOnly().notNull(),
    ConcurrencyDate: date('Stamp of the last change.').readOnly().notNull(),
    Entries: objects<EntryRow>(
      () => RemoteTestConfigurationEntry,
      'Its combinations in order; null in lists.',
    ).readOnly(),
  },
);
