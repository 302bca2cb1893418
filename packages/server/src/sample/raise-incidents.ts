import { createIncident } from '../commands/create-incident.ts';
import { incidentKinds, incidentStates, incidents } from './content/incidents.ts';
import type { SavedRun } from './record-history.ts';
import { idOf, personId, type SampleMaking } from './sample-making.ts';

/** Testers write an incident in the afternoon. */
const AFTERNOON = 870;

/** Raises the incidents, each at the last manual run before it in which its case did not pass, if there is one. */
export async function raiseIncidents(making: SampleMaking, saved: readonly SavedRun[]): Promise<void> {
  const { command, calendar, releases, people } = making;
  for (const incident of incidents) {
    const run = saved.findLast(
      ({ key, day, stepIds }) => key === incident.at && day <= incident.openedOn + 3 && stepIds.length > 0,
    );
    await createIncident(command, {
      name: incident.name,
      description: incident.description,
      incidentTypeId: incidentKinds[incident.kind],
      incidentStatusId: incidentStates[incident.status],
      priorityId: incident.priority,
      severityId: incident.severity,
      openerId: idOf(people, incident.opener),
      ownerId: personId(making, incident.owner),
      creationDate: calendar.at(incident.openedOn, AFTERNOON),
      closedDate: incident.closedOn === undefined ? null : calendar.at(incident.closedOn, AFTERNOON),
      detectedReleaseId: idOf(releases, incident.detectedIn),
      resolvedReleaseId: incident.resolvedIn === undefined ? null : idOf(releases, incident.resolvedIn),
      testRunStepIds: run?.stepIds ?? [],
    });
  }
}
