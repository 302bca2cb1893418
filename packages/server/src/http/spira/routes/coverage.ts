import { addCoverage, removeCoverage } from '../../../commands/change-coverage.ts';
import { coverageOfRequirement } from '../../../views/requirement-coverage.ts';
import { RemoteRequirementTestCaseMapping } from '../../../wire/spira/objects/requirement.ts';
import { commandOf } from '../one-thing.ts';
import { can, empty, list, noBody, operation, toCreate } from '../operation.ts';
import { existingOfPath } from '../things.ts';

export const coverageOperations = [
  operation({
    method: 'GET',
    path: 'projects/{project_id}/requirements/{requirement_id}/test-cases',
    summary: 'The test cases that cover a requirement itself.',
    priority: 2,
    needs: can('requirement:view'),
    body: noBody,
    returns: list(RemoteRequirementTestCaseMapping),
    handle: async (call) =>
      coverageOfRequirement.list(call.services.read, [
        call.project.projectId,
        await existingOfPath(call, 'requirement'),
      ]),
  }),
  operation({
    method: 'POST',
    path: 'projects/{project_id}/requirements/test-cases',
    summary: "Covers a requirement by a test case, and maps the case to the requirement's release.",
    priority: 2,
    needs: can('requirement:modify', 'testCase:modify'),
    body: toCreate(RemoteRequirementTestCaseMapping),
    returns: empty,
    handle: async (call) => addCoverage(commandOf(call), call.body),
  }),
  operation({
    method: 'DELETE',
    path: 'projects/{project_id}/requirements/test-cases',
    summary: 'Takes coverage away; the case stays mapped to the release.',
    priority: 2,
    needs: can('requirement:modify', 'testCase:modify'),
    body: toCreate(RemoteRequirementTestCaseMapping),
    returns: empty,
    handle: async (call) => removeCoverage(commandOf(call), call.body),
  }),
];
