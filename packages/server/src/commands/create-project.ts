import { appendChange } from '../changes/change-log.ts';
import { type Issue, refuse } from '../domain/errors.ts';
import { defaultRoles } from '../domain/permissions.ts';
import { cloneProjectContent } from '../storage/clone-project.ts';
import type { Transaction } from '../storage/database.ts';
import type { ServerCommand } from './context.ts';
import { requireProject } from './delete-project.ts';

/** What can be said of a product. Missing keeps the stored value on update and means the default on create. */
export interface ProjectInput {
  name?: string | null;
  description?: string | null;
  website?: string | null;
  active?: boolean | null;
  workingHours?: number | null;
  workingDays?: number | null;
  nonWorkingHours?: number | null;
  startDate?: Date | null;
  endDate?: Date | null;
}

const PRODUCT_OWNER = defaultRoles[0]?.roleId ?? 1;

/** Returns what is wrong with the values of a product. */
export function projectValueIssues(input: ProjectInput): Issue[] {
  const fields = ['workingHours', 'workingDays', 'nonWorkingHours'] as const;
  return fields
    .filter((field) => (input[field] ?? 0) < 0)
    .map((field) => ({ code: 'invalid', field, message: `${input[field]} is negative` }));
}

/**
 * Creates a product and returns its id; the caller becomes its Product Owner. With `existingProjectId` the new product
 * starts with copies of what that one is planned with: members, releases, components, folders, test cases, test sets,
 * requirements and their links, settings. Runs, builds, incidents and documents stay where they are.
 */
export async function createProject(
  { db, figures, actor }: ServerCommand,
  { project, existingProjectId }: { project: ProjectInput; existingProjectId?: number | undefined },
): Promise<number> {
  const projectId = await db.transaction(async (transaction) => {
    if (existingProjectId !== undefined) await requireProject(transaction, existingProjectId);
    refuse(projectValueIssues(project));
    const created = await insertProject(transaction, project);
    if (existingProjectId !== undefined) {
      await cloneProjectContent(transaction, { from: existingProjectId, to: created });
      await appendCloned(transaction, created);
    }
    await makeOwner(transaction, { projectId: created, userId: actor.userId });
    return created;
  });
  if (existingProjectId !== undefined) await figures.afterCommit(projectId, 'facts');
  return projectId;
}

async function insertProject(transaction: Transaction, project: ProjectInput): Promise<number> {
  const { projectId } = await transaction.kysely
    .insertInto('project')
    .values({
      name: project.name ?? '',
      description: project.description ?? null,
      website: project.website ?? null,
      isActive: project.active ?? true,
      workingHours: project.workingHours ?? 8,
      workingDays: project.workingDays ?? 5,
      nonWorkingHours: project.nonWorkingHours ?? 0,
      startDate: project.startDate ?? null,
      endDate: project.endDate ?? null,
    })
    .returning('projectId')
    .executeTakeFirstOrThrow();
  return projectId;
}

async function makeOwner(
  transaction: Transaction,
  { projectId, userId }: { projectId: number; userId: number },
): Promise<void> {
  await transaction.kysely
    .insertInto('projectMember')
    .values({ projectId, userId, roleId: PRODUCT_OWNER })
    .onConflict((conflict) => conflict.columns(['projectId', 'userId']).doUpdateSet({ roleId: PRODUCT_OWNER }))
    .execute();
}

/** Everything that was copied has no result yet, and its counters say so once they are derived. */
async function appendCloned(transaction: Transaction, projectId: number): Promise<void> {
  const cases = await transaction.query<{ id: number }>(
    'select test_case_id as id from test_case where project_id = $1',
    [projectId],
  );
  const releases = await transaction.query<{ id: number }>(
    'select release_id as id from release where project_id = $1',
    [projectId],
  );
  await appendChange(transaction, projectId, { kind: 'cases', testCaseIds: cases.map((row) => row.id) });
  await appendChange(transaction, projectId, { kind: 'releases', releaseIds: releases.map((row) => row.id) });
}
