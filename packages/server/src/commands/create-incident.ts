import type { SentValues } from '../domain/custom-properties.ts';
import { type Issue, refuse } from '../domain/errors.ts';
import { closedDateAfter } from '../domain/incident-closing.ts';
import { incidentStatuses, incidentTypes, priorities, severities } from '../domain/tables.ts';
import type { Transaction } from '../storage/database.ts';
import { holdReferences } from '../storage/locks.ts';
import type { ProjectCommand } from './context.ts';
import { CarriesValues, settleOwnCustomValues } from './custom-properties.ts';
import { missingReferences, outsideTable, type Reference } from './input-checks.ts';

/** What can be said of an incident. Missing keeps the stored value on update and means the default on create. */
export interface IncidentInput {
  name?: string | null;
  description?: string | null;
  incidentTypeId?: number | null;
  incidentStatusId?: number | null;
  priorityId?: number | null;
  severityId?: number | null;
  openerId?: number | null;
  ownerId?: number | null;
  creationDate?: Date | null;
  closedDate?: Date | null;
  startDate?: Date | null;
  endDate?: Date | null;
  detectedReleaseId?: number | null;
  resolvedReleaseId?: number | null;
  verifiedReleaseId?: number | null;
  detectedBuildId?: number | null;
  fixedBuildId?: number | null;
  componentIds?: number[] | null;
  estimatedEffort?: number | null;
  actualEffort?: number | null;
  remainingEffort?: number | null;
  tags?: string | null;
  customProperties?: SentValues;
}

/** Returns what an incident refers to by a single id each. */
export function incidentReferences(input: IncidentInput): Reference[] {
  return [
    { kind: 'member', field: 'openerId', id: input.openerId },
    { kind: 'member', field: 'ownerId', id: input.ownerId },
    { kind: 'release', field: 'detectedReleaseId', id: input.detectedReleaseId },
    { kind: 'release', field: 'resolvedReleaseId', id: input.resolvedReleaseId },
    { kind: 'release', field: 'verifiedReleaseId', id: input.verifiedReleaseId },
    { kind: 'build', field: 'detectedBuildId', id: input.detectedBuildId },
    { kind: 'build', field: 'fixedBuildId', id: input.fixedBuildId },
  ];
}

/** Returns the components that an incident is about, as references, without those it has already. */
export function componentReferences({ componentIds }: IncidentInput, stored: readonly number[] | null): Reference[] {
  return (componentIds ?? [])
    .map((id, position) => ({ kind: 'component', field: `componentIds[${position}]`, id }) as const)
    .filter(({ id }) => !stored?.includes(id));
}

/** Returns what is wrong with the values of an incident. */
export function incidentValueIssues(input: IncidentInput): Issue[] {
  return [
    ...outsideTable(incidentTypes, 'incidentTypeId', input.incidentTypeId, 'an incident type'),
    ...outsideTable(incidentStatuses, 'incidentStatusId', input.incidentStatusId, 'an incident status'),
    ...outsideTable(priorities, 'priorityId', input.priorityId, 'a priority'),
    ...outsideTable(severities, 'severityId', input.severityId, 'a severity'),
  ];
}

/**
 * Creates an incident, links it to steps of test runs and returns its id. Without type and status it is an Incident and
 * New. Refused with nothing stored: unknown run steps, people, releases, builds and components, values outside their
 * tables.
 */
export async function createIncident(
  { db, actor, projectId, now }: ProjectCommand,
  { testRunStepIds, ...incident }: IncidentInput & { testRunStepIds?: number[] | null },
): Promise<number> {
  const incidentStatusId = incident.incidentStatusId ?? 1;
  return db.transaction(async (transaction) => {
    await holdReferences(transaction, projectId);
    const steps = (testRunStepIds ?? []).map(
      (id, position) => ({ kind: 'testRunStep', field: `testRunStepIds[${position}]`, id }) as const,
    );
    const references = [...incidentReferences(incident), ...componentReferences(incident, null), ...steps];
    const custom = await settleOwnCustomValues(transaction, projectId, {
      artifactTypeId: CarriesValues.incident,
      sent: incident.customProperties,
    });
    refuse([
      ...(await missingReferences(transaction, projectId, references)),
      ...incidentValueIssues(incident),
      ...custom.issues,
    ]);
    const created = await transaction.kysely
      .insertInto('incident')
      .values({
        projectId,
        name: incident.name ?? '',
        description: incident.description ?? null,
        incidentTypeId: incident.incidentTypeId ?? 1,
        incidentStatusId,
        priorityId: incident.priorityId ?? null,
        severityId: incident.severityId ?? null,
        openerId: incident.openerId ?? actor.userId,
        ownerId: incident.ownerId ?? null,
        closedDate: closedDateAfter({
          statusId: incidentStatusId,
          sent: incident.closedDate,
          stored: null,
          now: now(),
        }),
        startDate: incident.startDate ?? null,
        endDate: incident.endDate ?? null,
        detectedReleaseId: incident.detectedReleaseId ?? null,
        resolvedReleaseId: incident.resolvedReleaseId ?? null,
        verifiedReleaseId: incident.verifiedReleaseId ?? null,
        detectedBuildId: incident.detectedBuildId ?? null,
        fixedBuildId: incident.fixedBuildId ?? null,
        componentIds: incident.componentIds ?? null,
        estimatedEffort: incident.estimatedEffort ?? null,
        actualEffort: incident.actualEffort ?? null,
        remainingEffort: incident.remainingEffort ?? null,
        tags: incident.tags ?? null,
        customProperties: custom.json ?? null,
        ...(incident.creationDate ? { createdAt: incident.creationDate } : {}),
      })
      .returning('incidentId')
      .executeTakeFirstOrThrow();
    await linkSteps(transaction, projectId, { incidentId: created.incidentId, stepIds: testRunStepIds ?? [] });
    return created.incidentId;
  });
}

async function linkSteps(
  transaction: Transaction,
  projectId: number,
  { incidentId, stepIds }: { incidentId: number; stepIds: readonly number[] },
): Promise<void> {
  if (stepIds.length === 0) return;
  await transaction.query(
    `insert into incident_test_run_step (project_id, incident_id, test_run_step_id)
     select $1, $2, step_id from unnest($3::bigint[]) as n (step_id) on conflict do nothing`,
    [projectId, incidentId, stepIds],
  );
}
