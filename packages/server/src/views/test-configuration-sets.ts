import { boolean, date, json, number, text, view } from './view.ts';

/** A combination of parameter values. */
export interface TestConfigurationEntry {
  testConfigurationEntryId: number;
  parameterValues: { testCaseParameterId: number; name: string; value: string }[];
}

const entriesSql = `(
  select coalesce(json_agg(json_build_object(
           'testConfigurationEntryId', e.test_configuration_id,
           'parameterValues', (
             select coalesce(json_agg(json_build_object('testCaseParameterId', v.test_case_parameter_id,
                      'name', q.name, 'value', v.value) order by lower(q.name), v.test_case_parameter_id), '[]')
               from test_configuration_value v
               join test_case_parameter q on q.project_id = v.project_id and q.test_case_parameter_id = v.test_case_parameter_id
              where v.project_id = e.project_id and v.test_configuration_id = e.test_configuration_id)
         ) order by e.position, e.test_configuration_id), '[]')
    from test_configuration e
   where e.project_id = t.project_id and e.test_configuration_set_id = t.test_configuration_set_id)`;

const setView = (entries: string) =>
  view({
    from: 'test_configuration_set t join project p on p.project_id = t.project_id',
    scope: 't.project_id = $1',
    key: 'testConfigurationSetId',
    columns: {
      testConfigurationSetId: number('t.test_configuration_set_id'),
      testConfigurationSetGuid: text('t.guid::text'),
      projectId: number('t.project_id'),
      projectGuid: text('p.guid::text'),
      name: text('t.name'),
      description: text('t.description'),
      isActive: boolean('t.is_active'),
      creationDate: date('t.created_at'),
      lastUpdatedDate: date('t.updated_at'),
      concurrencyDate: date('t.concurrency_date'),
      entries: json<TestConfigurationEntry[]>(entries),
    },
  });

/** The test configuration sets of a project, by id, without their entries. Parameters: project id. */
export const testConfigurationSets = setView('null::json');

/** One test configuration set with its entries. Parameters: project id. */
export const testConfigurationSetDetails = setView(entriesSql);
