import { addCoverage } from '../commands/change-coverage.ts';
import { createRequirement } from '../commands/create-requirement.ts';
import { requirementKinds, requirementStates, requirements, type SampleRequirement } from './content/requirements.ts';
import { idOf, type SampleMaking } from './sample-making.ts';

/** Makes the tree of requirements and covers them with test cases. */
export async function makeRequirements(making: SampleMaking): Promise<void> {
  for (const requirement of requirements) await makeRequirement(making, requirement, null);
}

async function makeRequirement(
  making: SampleMaking,
  requirement: SampleRequirement,
  parentId: number | null,
): Promise<void> {
  const { command, people, releases, testCases } = making;
  const requirementId = await createRequirement(command, {
    requirement: {
      name: requirement.name,
      requirementTypeId: requirementKinds[requirement.kind],
      statusId: requirementStates[requirement.status],
      importanceId: requirement.importance,
      releaseId: requirement.release === undefined ? null : idOf(releases, requirement.release),
      authorId: idOf(people, 'mara'),
      ownerId: requirement.status === 'inProgress' ? idOf(people, 'ines') : null,
    },
    place: { parentId },
  });
  for (const key of requirement.coveredBy ?? []) {
    await addCoverage(command, { requirementId, testCaseId: idOf(testCases, key) });
  }
  for (const child of requirement.children ?? []) await makeRequirement(making, child, requirementId);
}
