import { notFound } from '../../../domain/errors.ts';
import { testConfigurationSetDetails, testConfigurationSets } from '../../../views/test-configuration-sets.ts';
import { RemoteTestConfigurationSet } from '../../../wire/spira/objects/test-configuration.ts';
import { can, list, noBody, one, operation } from '../operation.ts';

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
  operation({
    method: 'GET',
    path: 'projects/{project_id}/test-configuration-sets/{test_configuration_set_id}',
    summary: 'One test configuration set with its entries.',
    priority: 2,
    needs: can('testSet:view'),
    body: noBody,
    returns: one(RemoteTestConfigurationSet),
    handle: async ({ services, project, path }) => {
      const setId = path.id('test_configuration_set_id', 'Test configuration set');
      const set = await testConfigurationSetDetails.find(services.read, [project.projectId], setId);
      if (!set) throw notFound(`Test configuration set ${setId}`);
      return set;
    },
  }),
];
