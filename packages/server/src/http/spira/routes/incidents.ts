import { createIncident } from '../../../commands/create-incident.ts';
import { deleteIncident } from '../../../commands/delete-incident.ts';
import { fixIncident } from '../../../commands/fix-incident.ts';
import { updateIncident } from '../../../commands/update-incident.ts';
import { notFound } from '../../../domain/errors.ts';
import type { Condition } from '../../../domain/filter.ts';
import { incidentStatuses, openIncidentStatuses } from '../../../domain/tables.ts';
import { requireExisting } from '../../../views/existing.ts';
import {
  incidents,
  incidentsOfTestCase,
  incidentsOfTestRunStep,
  incidentsOfTestStep,
  ownOpenIncidents,
} from '../../../views/incidents.ts';
import { RemoteIncident } from '../../../wire/spira/objects/incident.ts';
import { LARGEST_PAGE } from '../../../wire/spira/paging.ts';
import { inProject } from '../../services.ts';
import {
  anyLogin,
  type Call,
  can,
  empty,
  filtersOf,
  list,
  noBody,
  one,
  operation,
  scalar,
  toCreate,
  toUpdate,
} from '../operation.ts';
import { modifiesOf } from '../ownership.ts';

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

const among = (values: readonly number[]): Condition => ({ field: 'incidentId', test: 'anyOf', values, orNull: false });

async function listAmong({ services, project, query }: Call<unknown>, ids: readonly number[]) {
  const openOnly: Condition[] = query.flag('open_only')
    ? [{ field: 'incidentStatusOpenStatus', test: 'isTrue', value: true }]
    : [];
  return incidents.list(services.read, [project.projectId], { where: [among(ids), ...openOnly] });
}

const lists = [
  operation({
    method: 'GET',
    path: 'projects/{project_id}/incidents',
    summary: 'The incidents of the product, newest first; at most 500.',
    priority: 2,
    needs: can('incident:view'),
    body: noBody,
    returns: list(RemoteIncident),
    handle: async ({ services, project }) =>
      incidents.list(services.read, [project.projectId], { page: { offset: 0, limit: LARGEST_PAGE } }),
  }),
  operation({
    method: 'POST',
    path: 'projects/{project_id}/incidents/search',
    summary: 'The incidents that meet the filters.',
    priority: 2,
    needs: can('incident:view'),
    body: filtersOf(RemoteIncident),
    returns: list(RemoteIncident),
    handle: async ({ services, project, body, listQuery }) =>
      incidents.list(services.read, [project.projectId], listQuery(RemoteIncident, withStatusGroups(body))),
  }),
  operation({
    method: 'GET',
    path: 'projects/{project_id}/incidents/search',
    summary: 'Incidents, page by page.',
    priority: 2,
    needs: can('incident:view'),
    body: noBody,
    returns: list(RemoteIncident),
    handle: async ({ services, project, listQuery }) =>
      incidents.list(services.read, [project.projectId], listQuery(RemoteIncident)),
  }),
  operation({
    method: 'GET',
    path: 'projects/{project_id}/incidents/count',
    summary: 'The number of incidents.',
    priority: 2,
    needs: can('incident:view'),
    body: noBody,
    returns: scalar('int'),
    handle: async ({ services, project }) => incidents.count(services.read, [project.projectId]),
  }),
  operation({
    method: 'POST',
    path: 'projects/{project_id}/incidents/count',
    summary: 'The number of incidents that meet the filters.',
    priority: 2,
    needs: can('incident:view'),
    body: filtersOf(RemoteIncident),
    returns: scalar('int'),
    handle: async ({ services, project, body }) =>
      incidents.count(services.read, [project.projectId], withStatusGroups(body)),
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

const searches = [
  operation({
    method: 'GET',
    path: 'projects/{project_id}/incidents/search-by-ids',
    summary: 'The incidents whose ids are in the list `ids` (1,2,3); unknown ones are left out.',
    priority: 2,
    needs: can('incident:view'),
    body: noBody,
    returns: list(RemoteIncident),
    handle: async ({ services, project, query }) => {
      const ids = (query.text('ids') ?? '').match(/\d{1,15}/g) ?? [];
      return incidents.list(services.read, [project.projectId], { where: [among(ids.map(Number))] });
    },
  }),
  operation({
    method: 'GET',
    path: 'projects/{project_id}/incidents/search-by-test-case/{test_case_id}',
    summary: 'The incidents noticed in runs of a test case; open_only leaves out the closed ones.',
    priority: 2,
    needs: can('incident:view'),
    body: noBody,
    returns: list(RemoteIncident),
    handle: async (call) => {
      const { services, project } = call;
      const id = call.path.id('test_case_id', 'Test case');
      await requireExisting(services.read, project.projectId, { kind: 'testCase', id, what: 'Test case' });
      return listAmong(call, await incidentsOfTestCase(services.read, project.projectId, id));
    },
  }),
  operation({
    method: 'GET',
    path: 'projects/{project_id}/incidents/search-by-test-run-step/{test_run_step_id}',
    summary: 'The incidents noticed in one step of a test run.',
    priority: 1,
    needs: can('incident:view'),
    body: noBody,
    returns: list(RemoteIncident),
    handle: async (call) => {
      const id = call.path.id('test_run_step_id', 'Test run step');
      const found = await incidentsOfTestRunStep(call.services.read, call.project.projectId, id);
      if (!found) throw notFound(`Test run step ${id}`);
      return listAmong(call, found);
    },
  }),
  operation({
    method: 'GET',
    path: 'projects/{project_id}/incidents/search-by-test-step/{test_step_id}',
    summary: 'The incidents noticed in runs of a test step.',
    priority: 2,
    needs: can('incident:view'),
    body: noBody,
    returns: list(RemoteIncident),
    handle: async (call) => {
      const { services, project } = call;
      const id = call.path.id('test_step_id', 'Test step');
      await requireExisting(services.read, project.projectId, { kind: 'testStep', id, what: 'Test step' });
      return listAmong(call, await incidentsOfTestStep(services.read, project.projectId, id));
    },
  }),
];

const single = [
  operation({
    method: 'POST',
    path: 'projects/{project_id}/incidents',
    summary: 'Creates an incident and links it to the steps of test runs in TestRunStepIds.',
    priority: 1,
    needs: can('incident:create'),
    body: toCreate(RemoteIncident),
    returns: one(RemoteIncident),
    handle: async ({ services, actor, project, body }) => {
      const incidentId = await createIncident(inProject(services, actor, project), body);
      return incidents.find(services.read, [project.projectId], incidentId);
    },
  }),
  operation({
    method: 'GET',
    path: 'projects/{project_id}/incidents/{incident_id}',
    summary: 'One incident.',
    priority: 1,
    needs: can('incident:view'),
    body: noBody,
    returns: one(RemoteIncident),
    handle: async ({ services, project, path }) => {
      const incidentId = path.id('incident_id', 'Incident');
      const incident = await incidents.find(services.read, [project.projectId], incidentId);
      if (!incident) throw notFound(`Incident ${incidentId}`);
      return incident;
    },
  }),
  operation({
    method: 'PUT',
    path: 'projects/{project_id}/incidents/{incident_id}',
    summary: 'Updates an incident; ConcurrencyDate must be the one that was read.',
    priority: 1,
    needs: can('incident:modify', 'incident:modifyOwned'),
    body: toUpdate(RemoteIncident),
    returns: empty,
    handle: async ({ services, actor, project, path, body }) => {
      const incidentId = path.id('incident_id', 'Incident');
      const context = inProject(services, actor, project);
      return updateIncident(context, { ...body, incidentId }, modifiesOf(project, 'incident'));
    },
  }),
  operation({
    method: 'DELETE',
    path: 'projects/{project_id}/incidents/{incident_id}',
    summary: 'Deletes an incident.',
    priority: 2,
    needs: can('incident:delete'),
    body: noBody,
    returns: empty,
    handle: async ({ services, actor, project, path }) =>
      deleteIncident(inProject(services, actor, project), path.id('incident_id', 'Incident')),
  }),
  operation({
    method: 'PUT',
    path: 'projects/{project_id}/incidents/{incident_id}/fixed/{build_id}',
    summary: 'Says that a build mends an incident; whatever body is sent is ignored.',
    priority: 1,
    needs: can('incident:modify', 'incident:modifyOwned'),
    body: noBody,
    returns: empty,
    handle: async ({ services, actor, project, path }) => {
      const ids = { incidentId: path.id('incident_id', 'Incident'), buildId: path.id('build_id', 'Build') };
      return fixIncident(inProject(services, actor, project), ids, modifiesOf(project, 'incident'));
    },
  }),
];

export const incidentOperations = [...lists, ...searches, ...single];
