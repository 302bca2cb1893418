import { builtInTemplate, type LookupValue, lookups } from '../../../views/lookups.ts';
import * as remote from '../../../wire/spira/objects/lookups.ts';
import { type AnyObject, anyLogin, anyMember, list, noBody, type Operation, one, operation } from '../operation.ts';
import { requireTemplate } from '../template-access.ts';

/** A list of the template, and whether v5.0 clients ask for it by product (rest-v7 2.2). */
interface LookupList {
  path: string;
  object: AnyObject;
  values: readonly LookupValue[];
  what: string;
  byProject?: true;
}

const lists: readonly LookupList[] = [
  {
    path: 'test-cases/types',
    object: remote.RemoteTestCaseType,
    values: lookups.testCaseTypes,
    what: 'Types of test cases',
    byProject: true,
  },
  {
    path: 'test-cases/statuses',
    object: remote.RemoteTestCaseStatus,
    values: lookups.testCaseStatuses,
    what: 'Statuses of test cases',
    byProject: true,
  },
  {
    path: 'test-cases/priorities',
    object: remote.RemoteTestCasePriority,
    values: lookups.testCasePriorities,
    what: 'Priorities of test cases',
    byProject: true,
  },
  {
    path: 'releases/types',
    object: remote.RemoteReleaseType,
    values: lookups.releaseTypes,
    what: 'Types of releases',
  },
  {
    path: 'releases/statuses',
    object: remote.RemoteReleaseStatus,
    values: lookups.releaseStatuses,
    what: 'Statuses of releases',
  },
  {
    path: 'requirements/types',
    object: remote.RemoteRequirementType,
    values: lookups.requirementTypes,
    what: 'Types of requirements',
    byProject: true,
  },
  {
    path: 'requirements/statuses',
    object: remote.RemoteRequirementStatus,
    values: lookups.requirementStatuses,
    what: 'Statuses of requirements',
    byProject: true,
  },
  {
    path: 'requirements/importances',
    object: remote.RemoteRequirementImportance,
    values: lookups.requirementImportances,
    what: 'Importances of requirements',
    byProject: true,
  },
  {
    path: 'incidents/types',
    object: remote.RemoteIncidentType,
    values: lookups.incidentTypes,
    what: 'Types of incidents',
    byProject: true,
  },
  {
    path: 'incidents/statuses',
    object: remote.RemoteIncidentStatus,
    values: lookups.incidentStatuses,
    what: 'Statuses of incidents',
    byProject: true,
  },
  {
    path: 'incidents/priorities',
    object: remote.RemoteIncidentPriority,
    values: lookups.incidentPriorities,
    what: 'Priorities of incidents',
    byProject: true,
  },
  {
    path: 'incidents/severities',
    object: remote.RemoteIncidentSeverity,
    values: lookups.incidentSeverities,
    what: 'Severities of incidents',
    byProject: true,
  },
  {
    path: 'document-types',
    object: remote.RemoteDocumentType,
    values: lookups.documentTypes,
    what: 'Types of documents',
  },
  { path: 'tasks/types', object: remote.RemoteTaskType, values: [], what: 'Types of tasks: none', byProject: true },
  {
    path: 'tasks/statuses',
    object: remote.RemoteTaskStatus,
    values: [],
    what: 'Statuses of tasks: none',
    byProject: true,
  },
  {
    path: 'tasks/priorities',
    object: remote.RemoteTaskPriority,
    values: [],
    what: 'Priorities of tasks: none',
    byProject: true,
  },
  { path: 'risks/types', object: remote.RemoteRiskType, values: [], what: 'Types of risks: none' },
  { path: 'risks/statuses', object: remote.RemoteRiskStatus, values: [], what: 'Statuses of risks: none' },
  {
    path: 'risks/probabilities',
    object: remote.RemoteRiskProbability,
    values: [],
    what: 'Probabilities of risks: none',
  },
  { path: 'risks/impacts', object: remote.RemoteRiskImpact, values: [], what: 'Impacts of risks: none' },
];

function ofTemplate({ path, object, values, what }: LookupList): Operation {
  return operation({
    method: 'GET',
    path: `project-templates/{project_template_id}/${path}`,
    summary: `${what}.`,
    priority: 2,
    needs: anyLogin,
    body: noBody,
    returns: list(object),
    handle: async (call) => {
      await requireTemplate(call);
      return values;
    },
  });
}

function ofProject({ path, object, values, what }: LookupList): Operation {
  return operation({
    method: 'GET',
    path: `projects/{project_id}/${path}`,
    summary: `${what}, as v5.0 clients ask for them.`,
    priority: 2,
    needs: anyMember,
    body: noBody,
    returns: list(object),
    handle: async () => values,
  });
}

function ofDefault({ path, object, values, what }: LookupList): Operation {
  return operation({
    method: 'GET',
    path: `project-templates/{project_template_id}/${path}/default`,
    summary: `${what}: the one that is taken where nothing is said.`,
    priority: 2,
    needs: anyLogin,
    body: noBody,
    returns: one(object),
    handle: async (call) => {
      await requireTemplate(call);
      return values.find((value) => value.isDefault);
    },
  });
}

const templates = [
  operation({
    method: 'GET',
    path: 'project-templates',
    summary: 'The templates: the one that is built in.',
    priority: 2,
    needs: anyLogin,
    body: noBody,
    returns: list(remote.RemoteProjectTemplate),
    handle: async () => [builtInTemplate],
  }),
  operation({
    method: 'GET',
    path: 'project-templates/{project_template_id}',
    summary: 'One template.',
    priority: 2,
    needs: anyLogin,
    body: noBody,
    returns: one(remote.RemoteProjectTemplate),
    handle: async (call) => {
      await requireTemplate(call);
      return builtInTemplate;
    },
  }),
];

export const lookupOperations: readonly Operation[] = [
  ...templates,
  ...lists.map(ofTemplate),
  ...lists.filter(({ path }) => path === 'incidents/types' || path === 'incidents/statuses').map(ofDefault),
  ...lists.filter(({ byProject }) => byProject).map(ofProject),
];
