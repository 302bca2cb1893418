import { refuse } from '../domain/errors.ts';
import { updateGuidStamped } from '../storage/concurrency.ts';
import type { ProjectCommand } from './context.ts';
import { type ProjectInput, projectValueIssues } from './create-project.ts';
import { blankName } from './input-checks.ts';

/**
 * Updates a product; missing members keep their value, null clears those that may be empty. Refused: a stale stamp. An
 * inactive product is hidden from everybody, as if it did not exist.
 */
export async function updateProject(
  { db, projectId }: ProjectCommand,
  project: ProjectInput & { concurrencyGuid?: string | null },
): Promise<void> {
  await db.transaction(async (transaction) => {
    refuse([...blankName(project.name, 'A product'), ...projectValueIssues(project)]);
    await updateGuidStamped(transaction, {
      table: 'project',
      key: { projectId },
      what: `Project ${projectId}`,
      stamp: project.concurrencyGuid,
      changes: {
        name: project.name ?? undefined,
        description: project.description,
        website: project.website,
        isActive: project.active ?? undefined,
        workingHours: project.workingHours ?? undefined,
        workingDays: project.workingDays ?? undefined,
        nonWorkingHours: project.nonWorkingHours ?? undefined,
        startDate: project.startDate,
        endDate: project.endDate,
      },
    });
  });
}
