import { DomainError } from '../../../domain/errors.ts';
import * as remote from '../../../wire/spira/objects/lookups.ts';
import { type AnyObject, anyBody, anyLogin, anyMember, list, noBody, type Operation, operation } from '../operation.ts';
import { requireTemplate } from '../template-access.ts';

// Things that this server does not keep, but that clients load beside those that it does and stop, or show an error,
// when they are refused. There are none of them, so a read is answered with an empty list; making one is refused.

interface EmptyList {
  path: string;
  object: AnyObject;
  what: string;
}

const ofServer: readonly EmptyList[] = [
  { path: 'tasks', object: remote.RemoteTask, what: 'Tasks of the caller' },
  { path: 'programs', object: remote.RemoteProgram, what: 'Programs' },
  { path: 'programs/{program_id}/milestones', object: remote.RemoteMilestone, what: 'Milestones of a program' },
  {
    path: 'programs/{program_id}/capabilities/search',
    object: remote.RemoteCapability,
    what: 'Capabilities of a program',
  },
];

const ofProject: readonly EmptyList[] = [
  { path: 'tasks/new', object: remote.RemoteTask, what: 'Tasks made since a date' },
  { path: 'task-folders', object: remote.RemoteTaskFolder, what: 'Folders of tasks' },
];

/** What may be changed when; clients ask for a type and a status. Here any change is allowed to who may change at all. */
const withWorkflow = ['incidents', 'requirements', 'tasks'];

const workflowOfProject: readonly EmptyList[] = withWorkflow.map((things) => ({
  path: `${things}/types/{type_id}/workflow/transitions`,
  object: remote.RemoteWorkflowTransition,
  what: `Steps of the workflow of ${things}`,
}));

const workflowOfTemplate: readonly EmptyList[] = withWorkflow.flatMap((things) => [
  {
    path: `${things}/types/{type_id}/workflow/fields`,
    object: remote.RemoteWorkflowField,
    what: `Fields of ${things} that a workflow restricts`,
  },
  {
    path: `${things}/types/{type_id}/workflow/custom-properties`,
    object: remote.RemoteWorkflowCustomProperty,
    what: `Custom fields of ${things} that a workflow restricts`,
  },
]);

function nothing({ path, object, what }: EmptyList, needs: Operation['needs']): Operation {
  return operation({
    method: 'GET',
    path,
    summary: `${what}: none.`,
    priority: 2,
    needs,
    body: noBody,
    returns: list(object),
    handle: async () => [],
  });
}

function nothingInTemplate({ path, ...rest }: EmptyList): Operation {
  const read = nothing({ path: `project-templates/{project_template_id}/${path}`, ...rest }, anyLogin);
  return {
    ...read,
    handle: async (call) => {
      await requireTemplate(call);
      return [];
    },
  };
}

/** One path both makes (an object) and searches (a list of filters, or nothing). */
function nothingToSearch({ path, object, what }: EmptyList): Operation {
  return operation({
    method: 'POST',
    path: `projects/{project_id}/${path}`,
    summary: `${what}: a search finds none, and none can be created (404).`,
    priority: 2,
    needs: anyMember,
    body: anyBody,
    returns: list(object),
    handle: async ({ body }) => {
      const isSearch = body === null || typeof body !== 'object' || Array.isArray(body);
      if (!isSearch) throw new DomainError('notFound', `${what} are not kept by this server, so none can be created`);
      return [];
    },
  });
}

export const notKeptOperations: readonly Operation[] = [
  ...ofServer.map((what) => nothing(what, anyLogin)),
  ...[...ofProject, ...workflowOfProject].map(({ path, ...rest }) =>
    nothing({ path: `projects/{project_id}/${path}`, ...rest }, anyMember),
  ),
  ...workflowOfTemplate.map(nothingInTemplate),
  nothingToSearch({ path: 'tasks', object: remote.RemoteTask, what: 'Tasks' }),
  nothingToSearch({ path: 'risks', object: remote.RemoteRisk, what: 'Risks' }),
];
