import { appendChange } from '../changes/change-log.ts';
import type { SentValues } from '../domain/custom-properties.ts';
import { type Issue, refuse } from '../domain/errors.ts';
import { releaseStatuses, releaseTypes } from '../domain/tables.ts';
import { nextLevel, releaseTree } from '../storage/indent-trees.ts';
import { lockTrees } from '../storage/locks.ts';
import type { ProjectCommand } from './context.ts';
import { CarriesValues, settleOwnCustomValues } from './custom-properties.ts';
import { missingReferences, outsideTable, requireExisting } from './input-checks.ts';
import { refuseSprintAsParent } from './move-release.ts';

/** What can be said of a release. Missing keeps the stored value on update and means the default on create. */
export interface ReleaseInput {
  name?: string | null;
  description?: string | null;
  versionNumber?: string | null;
  creatorId?: number | null;
  ownerId?: number | null;
  releaseTypeId?: number | null;
  releaseStatusId?: number | null;
  startDate?: Date | null;
  endDate?: Date | null;
  resourceCount?: number | null;
  daysNonWorking?: number | null;
  milestoneId?: number | null;
  tags?: string | null;
  customProperties?: SentValues;
}

/** Returns what is wrong with the values of a release. */
export function releaseValueIssues(input: ReleaseInput): Issue[] {
  return [
    ...outsideTable(releaseTypes, 'releaseTypeId', input.releaseTypeId, 'a release type'),
    ...outsideTable(releaseStatuses, 'releaseStatusId', input.releaseStatusId, 'a release status'),
  ];
}

/**
 * Creates a release as the last child of `parentReleaseId` (missing: of the root) and returns its id.
 * Refused below a sprint (HI-2), for unknown people and parents, and for values outside their tables.
 */
export async function createRelease(
  { db, figures, actor, projectId }: ProjectCommand,
  { release, parentReleaseId = null }: { release: ReleaseInput; parentReleaseId?: number | null },
): Promise<number> {
  const releaseId = await db.transaction(async (transaction) => {
    await lockTrees(transaction, projectId);
    if (parentReleaseId !== null) {
      await requireExisting(transaction, projectId, { kind: 'release', id: parentReleaseId });
      await refuseSprintAsParent(transaction, projectId, parentReleaseId);
    }
    const custom = await settleOwnCustomValues(transaction, projectId, {
      artifactTypeId: CarriesValues.release,
      sent: release.customProperties,
    });
    refuse([
      ...(await missingReferences(transaction, projectId, [
        { kind: 'member', field: 'creatorId', id: release.creatorId },
        { kind: 'member', field: 'ownerId', id: release.ownerId },
      ])),
      ...releaseValueIssues(release),
      ...custom.issues,
    ]);
    const name = release.name ?? '';
    const created = await transaction.kysely
      .insertInto('release')
      .values({
        projectId,
        parentReleaseId,
        indentLevel: await nextLevel(transaction, releaseTree, projectId, parentReleaseId),
        name,
        description: release.description ?? null,
        versionNumber: release.versionNumber || name.slice(0, 20),
        creatorId: release.creatorId ?? actor.userId,
        ownerId: release.ownerId ?? null,
        releaseTypeId: release.releaseTypeId ?? 1,
        releaseStatusId: release.releaseStatusId ?? 1,
        startDate: release.startDate ?? new Date(0),
        endDate: release.endDate ?? new Date(0),
        resourceCount: release.resourceCount ?? 1,
        daysNonWorking: release.daysNonWorking ?? 0,
        milestoneId: release.milestoneId ?? null,
        tags: release.tags ?? null,
        customProperties: custom.json ?? null,
      })
      .returning('releaseId')
      .executeTakeFirstOrThrow();
    await appendChange(transaction, projectId, { kind: 'releases', releaseIds: [created.releaseId] });
    return created.releaseId;
  });
  await figures.afterCommit(projectId, 'facts');
  return releaseId;
}
