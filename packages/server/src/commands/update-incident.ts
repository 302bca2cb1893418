import { notFound, refuse } from '../domain/errors.ts';
import { closedDateAfter } from '../domain/incident-closing.ts';
import { updateStamped } from '../storage/concurrency.ts';
import type { Transaction } from '../storage/database.ts';
import type { ProjectCommand } from './context.ts';
import { componentReferences, type IncidentInput, incidentReferences, incidentValueIssues } from './create-incident.ts';
import { CarriesValues, settleOwnCustomValues } from './custom-properties.ts';
import { blankName, changedReferences, missingReferences } from './input-checks.ts';
import { type Modifies, refuseForeign } from './ownership.ts';

/** An incident as it is sent back: which one, what the caller read of it (its stamp), and its values. */
export interface IncidentUpdate extends IncidentInput {
  incidentId: number;
  concurrencyDate?: Date | null;
}

/**
 * Updates an incident; missing members keep their value, null clears those that may be empty. Links to run steps stay as
 * they are. Refused: a stale or missing stamp (CC-1), unknown references, values outside their tables.
 */
export async function updateIncident(
  { db, actor, projectId, now }: ProjectCommand,
  update: IncidentUpdate,
  modifies: Modifies = 'all',
): Promise<void> {
  await db.transaction(async (transaction) => {
    const stored = await lockIncident(transaction, projectId, update.incidentId);
    refuseForeign(actor, modifies, stored && [stored.openerId, stored.ownerId]);
    if (!stored) throw notFound(`Incident ${update.incidentId}`);
    const custom = await settleOwnCustomValues(transaction, projectId, {
      artifactTypeId: CarriesValues.incident,
      sent: update.customProperties,
      stored: stored.customProperties,
    });
    refuse([
      ...blankName(update.name, 'An incident'),
      ...(await missingReferences(transaction, projectId, [
        ...changedReferences(incidentReferences(update), stored),
        ...componentReferences(update, stored.componentIds),
      ])),
      ...incidentValueIssues(update),
      ...custom.issues,
    ]);
    const statusId = update.incidentStatusId ?? stored.incidentStatusId;
    const closedDate = closedDateAfter({ statusId, sent: update.closedDate, stored: stored.closedDate, now: now() });
    await write(transaction, projectId, { update, closedDate, customProperties: custom.json });
  });
}

async function lockIncident(transaction: Transaction, projectId: number, incidentId: number) {
  return transaction.kysely
    .selectFrom('incident')
    .selectAll()
    .where('projectId', '=', projectId)
    .where('incidentId', '=', incidentId)
    .where('isDeleted', '=', false)
    .forNoKeyUpdate()
    .executeTakeFirst();
}

async function write(
  transaction: Transaction,
  projectId: number,
  {
    update,
    closedDate,
    customProperties,
  }: { update: IncidentUpdate; closedDate: Date | null; customProperties: string | null | undefined },
): Promise<void> {
  await updateStamped(transaction, {
    table: 'incident',
    key: { projectId, incidentId: update.incidentId },
    what: `Incident ${update.incidentId}`,
    stamp: update.concurrencyDate,
    changes: {
      name: update.name ?? undefined,
      description: update.description,
      incidentTypeId: update.incidentTypeId ?? undefined,
      incidentStatusId: update.incidentStatusId ?? undefined,
      priorityId: update.priorityId,
      severityId: update.severityId,
      openerId: update.openerId ?? undefined,
      ownerId: update.ownerId,
      createdAt: update.creationDate ?? undefined,
      closedDate,
      startDate: update.startDate,
      endDate: update.endDate,
      detectedReleaseId: update.detectedReleaseId,
      resolvedReleaseId: update.resolvedReleaseId,
      verifiedReleaseId: update.verifiedReleaseId,
      detectedBuildId: update.detectedBuildId,
      fixedBuildId: update.fixedBuildId,
      componentIds: update.componentIds,
      estimatedEffort: update.estimatedEffort,
      actualEffort: update.actualEffort,
      remainingEffort: update.remainingEffort,
      tags: update.tags,
      customProperties,
    },
  });
}
