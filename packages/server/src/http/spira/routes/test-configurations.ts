import { testConfigurationSetDetails, testConfigurationSets } from '../../../views/test-configuration-sets.ts';
import { RemoteTestConfigurationSet } from '../../../wire/spira/objects/test-configuration.ts';
import { readingOne } from '../one-thing.ts';
import { can, list, noBody, operation } from '../operation.ts';
import { rowOf } from '../things.ts';

export const testConfigurationOperations = [
  operation({
    method: 'GET',
    path: 'projects/{project_id}/test-configuration-sets',
    summary: 'Test configuration sets, without their entries.',
    priority: 2,
    needs: can('testSet:view'),
    body: noBody,
    returns: list(RemoteTestConfigurationSet),
    handle: ({ services, project }) => testConfigurationSets.list(services.read, [project.projectId]),
  }),
  readingOne({
    path: 'projects/{project_id}/test-configuration-sets/{test_configuration_set_id}',
    summary: 'One test configuration set with its entries.',
    priority: 2,
    needs: can('testSet:view'),
    object: RemoteTestConfigurationSet,
    thing: 'testConfigurationSet',
    find: rowOf(testConfigurationSetDetails),
  }),
];
