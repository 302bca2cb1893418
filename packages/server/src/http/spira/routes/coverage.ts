import { addCoverage, removeCoverage } from '../../../commands/change-coverage.ts';
import { requireExisting } from '../../../views/existing.ts';
import { coverageOfRequirement } from '../../../views/requirement-coverage.ts';
import { RemoteRequirementTestCaseMapping } from '../../../wire/spira/objects/requirement.ts';
import { inProject } from '../../services.ts';
import { can, empty, list, noBody, operation, toCreate } from '../operation.ts';

export const coverageOperations = [
  operation({
    method: 'GET',
    path: 'projects/{project_id}/requirements/{requirement_id}/test-cases',
    summary: 'The test cases that cover a requirement itself.',
    priority: 2,
    needs: can('requirement:view'),
    body: noBody,
    returns: list(RemoteRequirementTestCaseMapping),
    handle: async ({ services, project: { projectId }, path }) => {
      const id = path.id('requirement_id', 'Requirement');
      await requireExisting(services.read, projectId, { kind: 'requirement', id, what: 'Requirement' });
      return coverageOfRequirement.list(services.read, [projectId, id]);
    },
  }),
  operation({
    method: 'POST',
    path: 'projects/{project_id}/requirements/test-cases',
    summary: "Covers a requirement by a test case, and maps the case to the requirement's release.",
    priority: 2,
    needs: can('requirement:modify', 'testCase:modify'),
    body: toCreate(RemoteRequirementTestCaseMapping),
    returns: empty,
    handle: async ({ services, actor, project, body }) => addCoverage(inProject(services, actor, project), body),
  }),
  operation({
    method: 'DELETE',
    path: 'projects/{project_id}/requirements/test-cases',
    summary: 'Takes coverage away; the case stays mapped to the release.',
    priority: 2,
    needs: can('requirement:modify', 'testCase:modify'),
    body: toCreate(RemoteRequirementTestCaseMapping),
    returns: empty,
    handle: async ({ services, actor, project, body }) => removeCoverage(inProject(services, actor, project), body),
  }),
];
