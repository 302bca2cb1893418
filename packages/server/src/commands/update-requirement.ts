import { notFound, refuse } from '../domain/errors.ts';
import { updateStamped } from '../storage/concurrency.ts';
import type { Transaction } from '../storage/database.ts';
import type { ProjectCommand } from './context.ts';
import { CarriesValues, settleOwnCustomValues } from './custom-properties.ts';
import { blankName, changedReferences, missingReferences } from './input-checks.ts';
import { type Modifies, refuseForeign } from './ownership.ts';
import {
  type RequirementInput,
  requirementDefaults,
  requirementReferences,
  requirementValueIssues,
} from './requirement-input.ts';

/** A requirement as it is sent back: which one, what the caller read of it (its stamp), and its values. */
export interface RequirementUpdate extends RequirementInput {
  requirementId?: number | null;
  concurrencyDate?: Date | null;
}

/**
 * Updates a requirement; missing members keep their value, null clears those that may be empty. Its place in the tree
 * stays. Another release maps nothing: only new coverage does (semantics 1.6). Refused: a stale or missing stamp (CC-1),
 * unknown references, values outside their tables.
 */
export async function updateRequirement(
  { db, actor, projectId }: ProjectCommand,
  update: RequirementUpdate,
  modifies: Modifies = 'all',
): Promise<void> {
  await db.transaction(async (transaction) => {
    const before = await findRequirement(transaction, projectId, update.requirementId);
    refuseForeign(actor, modifies, before && [before.authorId, before.ownerId]);
    if (!before) throw notFound(`Requirement ${update.requirementId ?? ''}`.trim());
    const references = changedReferences(requirementReferences(update), before);
    const custom = await settleOwnCustomValues(transaction, projectId, {
      artifactTypeId: CarriesValues.requirement,
      sent: update.customProperties,
      stored: before.customProperties,
    });
    refuse([
      ...blankName(update.name, 'A requirement'),
      ...(await missingReferences(transaction, projectId, references)),
      ...requirementValueIssues(update),
      ...custom.issues,
    ]);
    await write(transaction, projectId, { ...update, requirementId: before.requirementId, customJson: custom.json });
  });
}

async function findRequirement(transaction: Transaction, projectId: number, requirementId: number | null | undefined) {
  return transaction.kysely
    .selectFrom('requirement')
    .selectAll()
    .where('projectId', '=', projectId)
    .where('requirementId', '=', requirementId ?? 0)
    .where('isDeleted', '=', false)
    .forNoKeyUpdate()
    .executeTakeFirst();
}

/** Null and 0 mean the default, missing keeps what is stored. */
const orDefault = (value: number | null | undefined, standard: number) =>
  value === undefined ? undefined : value || standard;

async function write(
  transaction: Transaction,
  projectId: number,
  update: RequirementUpdate & { requirementId: number; customJson: string | null | undefined },
): Promise<void> {
  const { requirementId } = update;
  await updateStamped(transaction, {
    table: 'requirement',
    key: { projectId, requirementId },
    what: `Requirement ${requirementId}`,
    stamp: update.concurrencyDate,
    changes: {
      name: update.name ?? undefined,
      description: update.description,
      requirementStatusId: orDefault(update.statusId, requirementDefaults.statusId),
      requirementTypeId: orDefault(update.requirementTypeId, requirementDefaults.typeId),
      importanceId: update.importanceId === undefined ? undefined : update.importanceId || null,
      authorId: update.authorId ?? undefined,
      ownerId: update.ownerId,
      releaseId: update.releaseId,
      componentId: update.componentId,
      estimatePoints: update.estimatePoints,
      startDate: update.startDate,
      endDate: update.endDate,
      percentComplete: update.percentComplete,
      themeId: update.themeId,
      goalId: update.goalId,
      isSuspect: update.isSuspect ?? undefined,
      tags: update.tags,
      customProperties: update.customJson,
    },
  });
}
