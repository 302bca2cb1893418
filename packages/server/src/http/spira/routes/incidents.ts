import { createIncident } from '../../../commands/create-incident.ts';
import { deleteIncident } from '../../../commands/delete-incident.ts';
import { fixIncident } from '../../../commands/fix-incident.ts';
import { updateIncident } from '../../../commands/update-incident.ts';
import { notFound } from '../../../domain/errors.ts';
import type { Condition } from '../../../domain/filter.ts';
import { incidentStatuses, openIncidentStatuses } from '../../../domain/tables.ts';
import {
  incidents,
  incidentsOfTestCase,
  incidentsOfTestRunStep,
  incidentsOfTestStep,
  ownOpenIncidents,
} from '../../../views/incidents.ts';
import { RemoteIncident } from '../../../wire/spira/objects/incident.ts';
import { among, whenAsked } from '../conditions.ts';
import { listing } from '../listing.ts';
import { commandOf, creating, deleting, readingOne, updating } from '../one-thing.ts';
import { anyLogin, type Call, can, empty, list, noBody, operation } from '../operation.ts';
import { modifiesOf } from '../ownership.ts';
import { existingOfPath, idOfPath, rowOf } from '../things.ts';

const ANY_OPEN = -2;
const ANY_CLOSED = -3;
const closedIncidentStatuses = [...incidentStatuses.keys()].filter((id) => !openIncidentStatuses.includes(id));

/** Puts the statuses meant in place of "any open" and "any closed". */
function withStatusGroups(conditions: readonly Condition[]): Condition[] {
  return conditions.map((condition) => {
    if (condition.test !== 'anyOf' || condition.field !== 'incidentStatusId') return condition;
    const values = condition.values.flatMap((id) =>
      id === ANY_OPEN ? openIncidentStatuses : id === ANY_CLOSED ? closedIncidentStatuses : [id],
    );
    return { ...condition, values };
  });
}

const inProduct = listing({
  object: RemoteIncident,
  needs: can('incident:view'),
  source: ({ project }) => ({ view: incidents, parameters: [project.projectId] }),
  meaning: withStatusGroups,
});

const lists = [
  inProduct.list({
    path: 'projects/{project_id}/incidents',
    summary: 'The incidents of the product, newest first; at most 500.',
    priority: 2,
    slice: 'firstPage',
  }),
  inProduct.search({
    path: 'projects/{project_id}/incidents/search',
    summary: 'The incidents that meet the filters.',
    priority: 2,
  }),
  inProduct.list({ path: 'projects/{project_id}/incidents/search', summary: 'Incidents, page by page.', priority: 2 }),
  inProduct.count({ path: 'projects/{project_id}/incidents/count', summary: 'The number of incidents.', priority: 2 }),
  inProduct.countFound({
    path: 'projects/{project_id}/incidents/count',
    summary: 'The number of incidents that meet the filters.',
    priority: 2,
  }),
  operation({
    method: 'GET',
    path: 'incidents',
    summary: 'The open incidents that the caller owns, in all products he is a member of.',
    priority: 2,
    needs: anyLogin,
    body: noBody,
    returns: list(RemoteIncident),
    handle: async ({ services, actor }) => ownOpenIncidents.list(services.read, [actor.userId]),
  }),
];

/** Returns what lists the incidents with the ids that a call leads to. */
const incidentsWith = (idsOf: (call: Call<unknown>) => Promise<readonly number[]>) =>
  listing({
    object: RemoteIncident,
    needs: can('incident:view'),
    source: async (call) => ({
      view: incidents,
      parameters: [call.project.projectId],
      where: [among('incidentId', await idsOf(call))],
    }),
  });
const openOnly = (call: Call<unknown>) => whenAsked(call, 'open_only', 'incidentStatusOpenStatus');

const byIds = incidentsWith(async ({ query }) => ((query.text('ids') ?? '').match(/\d{1,15}/g) ?? []).map(Number));
const byTestCase = incidentsWith(async (call) => {
  const testCaseId = await existingOfPath(call, 'testCase');
  return incidentsOfTestCase(call.services.read, call.project.projectId, testCaseId);
});
const byTestStep = incidentsWith(async (call) => {
  const testStepId = await existingOfPath(call, 'testStep');
  return incidentsOfTestStep(call.services.read, call.project.projectId, testStepId);
});
const byTestRunStep = incidentsWith(async ({ services, project, path }) => {
  const id = path.id('test_run_step_id', 'Test run step');
  const found = await incidentsOfTestRunStep(services.read, project.projectId, id);
  if (!found) throw notFound(`Test run step ${id}`);
  return found;
});

const searches = [
  byIds.list({
    path: 'projects/{project_id}/incidents/search-by-ids',
    summary: 'The incidents whose ids are in the list `ids` (1,2,3); unknown ones are left out.',
    priority: 2,
    slice: 'whole',
  }),
  byTestCase.list({
    path: 'projects/{project_id}/incidents/search-by-test-case/{test_case_id}',
    summary: 'The incidents noticed in runs of a test case; open_only leaves out the closed ones.',
    priority: 2,
    where: openOnly,
    slice: 'whole',
  }),
  byTestRunStep.list({
    path: 'projects/{project_id}/incidents/search-by-test-run-step/{test_run_step_id}',
    summary: 'The incidents noticed in one step of a test run.',
    priority: 1,
    where: openOnly,
    slice: 'whole',
  }),
  byTestStep.list({
    path: 'projects/{project_id}/incidents/search-by-test-step/{test_step_id}',
    summary: 'The incidents noticed in runs of a test step.',
    priority: 2,
    where: openOnly,
    slice: 'whole',
  }),
];

const single = [
  creating({
    path: 'projects/{project_id}/incidents',
    summary: 'Creates an incident and links it to the steps of test runs in TestRunStepIds.',
    priority: 1,
    needs: can('incident:create'),
    object: RemoteIncident,
    create: createIncident,
    find: rowOf(incidents),
  }),
  readingOne({
    path: 'projects/{project_id}/incidents/{incident_id}',
    summary: 'One incident.',
    priority: 1,
    needs: can('incident:view'),
    object: RemoteIncident,
    thing: 'incident',
    find: rowOf(incidents),
  }),
  updating({
    path: 'projects/{project_id}/incidents/{incident_id}',
    summary: 'Updates an incident; ConcurrencyDate must be the one that was read.',
    priority: 1,
    needs: can('incident:modify', 'incident:modifyOwned'),
    object: RemoteIncident,
    update: async (command, sent, call) => {
      const incident = { ...sent, incidentId: idOfPath(call, 'incident') };
      return updateIncident(command, incident, modifiesOf(call.project, 'incident'));
    },
  }),
  deleting({
    path: 'projects/{project_id}/incidents/{incident_id}',
    summary: 'Deletes an incident.',
    priority: 2,
    needs: can('incident:delete'),
    thing: 'incident',
    act: deleteIncident,
  }),
  operation({
    method: 'PUT',
    path: 'projects/{project_id}/incidents/{incident_id}/fixed/{build_id}',
    summary: 'Says that a build mends an incident; whatever body is sent is ignored.',
    priority: 1,
    needs: can('incident:modify', 'incident:modifyOwned'),
    body: noBody,
    returns: empty,
    handle: async (call) => {
      const ids = { incidentId: idOfPath(call, 'incident'), buildId: call.path.id('build_id', 'Build') };
      return fixIncident(commandOf(call), ids, modifiesOf(call.project, 'incident'));
    },
  }),
];

export const incidentOperations = [...lists, ...searches, ...single];
