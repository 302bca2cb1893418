import { mapTestCases, unmapTestCase } from '../../../commands/map-test-cases.ts';
import { releaseTestCases } from '../../../views/release-test-cases.ts';
import { RemoteReleaseTestCaseMapping } from '../../../wire/spira/objects/release-test-case.ts';
import { commandOf } from '../one-thing.ts';
import { can, empty, idList, list, noBody, operation } from '../operation.ts';
import { idOfPath } from '../things.ts';
import { releaseOfPath } from './releases.ts';

export const releaseTestCaseOperations = [
  operation({
    method: 'GET',
    path: 'projects/{project_id}/releases/{release_id}/test-cases',
    summary: 'The test cases mapped to a release.',
    priority: 2,
    needs: can('release:view'),
    body: noBody,
    returns: list(RemoteReleaseTestCaseMapping),
    handle: async (call) => {
      const releaseId = await releaseOfPath(call);
      return releaseTestCases.list(call.services.read, [call.project.projectId, releaseId]);
    },
  }),
  operation({
    method: 'POST',
    path: 'projects/{project_id}/releases/{release_id}/test-cases',
    summary: 'Maps test cases to a release, and to the parent of a sprint; all or, with an unknown id, none.',
    priority: 2,
    needs: can('release:modify'),
    body: idList,
    returns: empty,
    handle: async (call) =>
      mapTestCases(commandOf(call), { releaseId: idOfPath(call, 'release'), testCaseIds: call.body }),
  }),
  operation({
    method: 'DELETE',
    path: 'projects/{project_id}/releases/{release_id}/test-cases/{test_case_id}',
    summary: 'Removes a test case from a release; its runs stay.',
    priority: 2,
    needs: can('release:modify'),
    body: noBody,
    returns: empty,
    handle: async (call) =>
      unmapTestCase(commandOf(call), {
        releaseId: idOfPath(call, 'release'),
        testCaseId: idOfPath(call, 'testCase'),
      }),
  }),
];
