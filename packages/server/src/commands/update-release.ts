import { appendChange } from '../changes/change-log.ts';
import { DomainError, notFound, refuse } from '../domain/errors.ts';
import { SPRINT } from '../domain/release-tree.ts';
import { ancestorsOf, subtreeOf } from '../domain/tree-moves.ts';
import { updateStamped } from '../storage/concurrency.ts';
import type { Transaction } from '../storage/database.ts';
import { listTree, releaseTree } from '../storage/indent-trees.ts';
import { lockTrees } from '../storage/locks.ts';
import type { ProjectCommand } from './context.ts';
import { type ReleaseInput, releaseValueIssues } from './create-release.ts';
import { CarriesValues, settleOwnCustomValues } from './custom-properties.ts';
import { blankName, changedReferences, missingReferences, requireExisting } from './input-checks.ts';

/** A release as it is sent back: which one, what the caller read of it (its stamp), and its values. */
export interface ReleaseUpdate extends ReleaseInput {
  releaseId?: number | null;
  concurrencyDate?: Date | null;
}

/**
 * Updates a release; missing members keep their value, null clears those that may be empty. A changed type changes what
 * counts in its ancestors. Refused: a stale or missing stamp (CC-1), a release with children that would become a sprint
 * (HI-2), unknown people, values outside their tables.
 */
export async function updateRelease({ db, figures, projectId }: ProjectCommand, update: ReleaseUpdate): Promise<void> {
  const isRetyped = await db.transaction(async (transaction) => {
    await lockTrees(transaction, projectId);
    const releaseId = await requireExisting(transaction, projectId, { kind: 'release', id: update.releaseId });
    const stored = await storedRelease(transaction, projectId, releaseId);
    const people = [
      { kind: 'member', field: 'creatorId', id: update.creatorId },
      { kind: 'member', field: 'ownerId', id: update.ownerId },
    ] as const;
    const custom = await settleOwnCustomValues(transaction, projectId, {
      artifactTypeId: CarriesValues.release,
      sent: update.customProperties,
      stored: stored.customProperties,
    });
    refuse([
      ...(await missingReferences(transaction, projectId, changedReferences(people, stored))),
      ...blankName(update.name, 'A release'),
      ...releaseValueIssues(update),
      ...custom.issues,
    ]);
    await writeRelease(transaction, projectId, { ...update, releaseId, customJson: custom.json });
    const type = update.releaseTypeId ?? stored.releaseTypeId;
    if (type === stored.releaseTypeId) return false;
    await appendRetyping(transaction, projectId, { releaseId, type });
    return true;
  });
  if (isRetyped) await figures.afterCommit(projectId, 'facts');
}

async function storedRelease(transaction: Transaction, projectId: number, releaseId: number) {
  const release = await transaction.kysely
    .selectFrom('release')
    .select(['creatorId', 'ownerId', 'releaseTypeId', 'customProperties'])
    .where('projectId', '=', projectId)
    .where('releaseId', '=', releaseId)
    .forNoKeyUpdate()
    .executeTakeFirst();
  if (!release) throw notFound(`Release ${releaseId}`);
  return release;
}

async function writeRelease(
  transaction: Transaction,
  projectId: number,
  update: ReleaseUpdate & { releaseId: number; customJson: string | null | undefined },
): Promise<void> {
  const { releaseId } = update;
  await updateStamped(transaction, {
    table: 'release',
    key: { projectId, releaseId },
    what: `Release ${releaseId}`,
    stamp: update.concurrencyDate,
    changes: {
      name: update.name ?? undefined,
      description: update.description,
      versionNumber: update.versionNumber === '' ? update.name?.slice(0, 20) : (update.versionNumber ?? undefined),
      creatorId: update.creatorId ?? undefined,
      ownerId: update.ownerId,
      releaseTypeId: update.releaseTypeId ?? undefined,
      releaseStatusId: update.releaseStatusId ?? undefined,
      startDate: update.startDate ?? undefined,
      endDate: update.endDate ?? undefined,
      resourceCount: update.resourceCount ?? undefined,
      daysNonWorking: update.daysNonWorking ?? undefined,
      milestoneId: update.milestoneId,
      tags: update.tags,
      customProperties: update.customJson,
    },
  });
}

async function appendRetyping(
  transaction: Transaction,
  projectId: number,
  { releaseId, type }: { releaseId: number; type: number },
): Promise<void> {
  const tree = await listTree(transaction, releaseTree, projectId);
  const subtree = subtreeOf(tree, releaseId);
  if (type === SPRINT && subtree.size > 1) {
    throw new DomainError('outsideTable', `Release ${releaseId} has children, and a sprint can have none`);
  }
  await appendChange(transaction, projectId, {
    kind: 'releases',
    releaseIds: [...subtree, ...ancestorsOf(tree, releaseId)],
  });
}
