import { createRequirement, type NewRequirementPlace } from '../../../commands/create-requirement.ts';
import { deleteRequirement } from '../../../commands/delete-requirement.ts';
import { moveRequirement, type RequirementPlace } from '../../../commands/move-requirement.ts';
import { updateRequirement } from '../../../commands/update-requirement.ts';
import { notFound } from '../../../domain/errors.ts';
import type { Condition } from '../../../domain/filter.ts';
import { requireExisting } from '../../../views/existing.ts';
import { ancestorRequirements, childRequirements, ownRequirements, requirements } from '../../../views/requirements.ts';
import type { Decoded } from '../../../wire/spira/object.ts';
import { RemoteRequirement } from '../../../wire/spira/objects/requirement.ts';
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
import { wholeUnlessPaged } from '../own-list.ts';
import { modifiesOf } from '../ownership.ts';

/** Returns the requirement of the path by id; 404 when there is none. */
async function requirementOfPath({ services, project: { projectId }, path }: Call<unknown>): Promise<number> {
  const id = path.id('requirement_id', 'Requirement');
  await requireExisting(services.read, projectId, { kind: 'requirement', id, what: 'Requirement' });
  return id;
}

/** own_parents_only counts the requirements that have children. */
function parentsOnly({ query }: Call<unknown>): Condition[] {
  return query.flag('own_parents_only') ? [{ field: 'summary', test: 'isTrue', value: true }] : [];
}

async function created(call: Call<Decoded<typeof RemoteRequirement>>, place: NewRequirementPlace) {
  const { services, actor, project, body } = call;
  const requirementId = await createRequirement(inProject(services, actor, project), { requirement: body, place });
  return requirements.find(services.read, [project.projectId], requirementId);
}

async function moved({ services, actor, project, path }: Call<unknown>, to: RequirementPlace): Promise<void> {
  const requirementId = path.id('requirement_id', 'Requirement');
  await moveRequirement(inProject(services, actor, project), { requirementId, to });
}

const reading = [
  operation({
    method: 'GET',
    path: 'projects/{project_id}/requirements',
    summary: 'Requirements in tree order.',
    priority: 2,
    needs: can('requirement:view'),
    body: noBody,
    returns: list(RemoteRequirement),
    handle: async ({ services, project, listQuery }) =>
      requirements.list(services.read, [project.projectId], listQuery(RemoteRequirement)),
  }),
  operation({
    method: 'POST',
    path: 'projects/{project_id}/requirements/search',
    summary: 'Requirements that meet the filters, in tree order.',
    priority: 2,
    needs: can('requirement:view'),
    body: filtersOf(RemoteRequirement),
    returns: list(RemoteRequirement),
    handle: async ({ services, project, body, listQuery }) =>
      requirements.list(services.read, [project.projectId], listQuery(RemoteRequirement, body)),
  }),
  operation({
    method: 'GET',
    path: 'projects/{project_id}/requirements/count',
    summary: 'The number of requirements; with own_parents_only of those that have children.',
    priority: 2,
    needs: can('requirement:view'),
    body: noBody,
    returns: scalar('int'),
    handle: async (call) => requirements.count(call.services.read, [call.project.projectId], parentsOnly(call)),
  }),
  operation({
    method: 'POST',
    path: 'projects/{project_id}/requirements/count',
    summary: 'The number of requirements that meet the filters; own_parents_only as above.',
    priority: 2,
    needs: can('requirement:view'),
    body: filtersOf(RemoteRequirement),
    returns: scalar('int'),
    handle: async (call) =>
      requirements.count(call.services.read, [call.project.projectId], [...call.body, ...parentsOnly(call)]),
  }),
  operation({
    method: 'GET',
    path: 'projects/{project_id}/requirements/{requirement_id}',
    summary: 'One requirement.',
    priority: 2,
    needs: can('requirement:view'),
    body: noBody,
    returns: one(RemoteRequirement),
    handle: async ({ services, project, path }) => {
      const requirementId = path.id('requirement_id', 'Requirement');
      const requirement = await requirements.find(services.read, [project.projectId], requirementId);
      if (!requirement) throw notFound(`Requirement ${requirementId}`);
      return requirement;
    },
  }),
  operation({
    method: 'GET',
    path: 'projects/{project_id}/requirements/{requirement_id}/children',
    summary: 'The requirements directly below one, in order.',
    priority: 2,
    needs: can('requirement:view'),
    body: noBody,
    returns: list(RemoteRequirement),
    handle: async (call) =>
      childRequirements.list(call.services.read, [call.project.projectId, await requirementOfPath(call)]),
  }),
  operation({
    method: 'GET',
    path: 'projects/{project_id}/requirements/{requirement_id}/parents',
    summary: 'The requirements above one, from the root down.',
    priority: 2,
    needs: can('requirement:view'),
    body: noBody,
    returns: list(RemoteRequirement),
    handle: async (call) =>
      ancestorRequirements.list(call.services.read, [call.project.projectId, await requirementOfPath(call)]),
  }),
  operation({
    method: 'GET',
    path: 'requirements',
    summary: 'The requirements that the caller owns, in all products he is a member of.',
    priority: 2,
    needs: anyLogin,
    body: noBody,
    returns: list(RemoteRequirement),
    handle: async ({ services, actor, query, listQuery }) =>
      ownRequirements.list(services.read, [actor.userId], wholeUnlessPaged(query, listQuery(RemoteRequirement))),
  }),
];

const writing = [
  operation({
    method: 'POST',
    path: 'projects/{project_id}/requirements',
    summary: 'Creates a requirement at the end of the root.',
    priority: 2,
    needs: can('requirement:create'),
    body: toCreate(RemoteRequirement),
    returns: one(RemoteRequirement),
    handle: (call) => created(call, { parentId: null }),
  }),
  operation({
    method: 'POST',
    path: 'projects/{project_id}/requirements/parent/{parent_id}',
    summary: 'Creates a requirement as the last child of another; null: at the end of the root.',
    priority: 2,
    needs: can('requirement:create'),
    body: toCreate(RemoteRequirement),
    returns: one(RemoteRequirement),
    handle: (call) => created(call, { parentId: call.path.optionalId('parent_id') ?? null }),
  }),
  operation({
    method: 'POST',
    path: 'projects/{project_id}/requirements/indent/{indent_position}',
    summary: 'Creates a requirement after the last one: 0 beside it, 1 below it, -1 a level up, -20 at the root.',
    priority: 2,
    needs: can('requirement:create'),
    body: toCreate(RemoteRequirement),
    returns: one(RemoteRequirement),
    handle: (call) => {
      const indent = call.path.text('indent_position');
      if (!/^[+-]?\d{1,9}$/.test(indent)) throw notFound(`The indent position ${indent.slice(0, 20)}`);
      return created(call, { indent: Number(indent) });
    },
  }),
  operation({
    method: 'PUT',
    path: 'projects/{project_id}/requirements',
    summary: 'Updates a requirement; ConcurrencyDate must be the one that was read. Its place stays.',
    priority: 2,
    needs: can('requirement:modify', 'requirement:modifyOwned'),
    body: toUpdate(RemoteRequirement),
    returns: empty,
    handle: async ({ services, actor, project, body }) =>
      updateRequirement(inProject(services, actor, project), body, modifiesOf(project, 'requirement')),
  }),
  operation({
    method: 'DELETE',
    path: 'projects/{project_id}/requirements/{requirement_id}',
    summary: 'Deletes a requirement and everything below it.',
    priority: 2,
    needs: can('requirement:delete'),
    body: noBody,
    returns: empty,
    handle: async ({ services, actor, project, path }) =>
      deleteRequirement(inProject(services, actor, project), path.id('requirement_id', 'Requirement')),
  }),
  operation({
    method: 'POST',
    path: 'projects/{project_id}/requirements/{requirement_id}/indent',
    summary: 'Puts a requirement below the one before it.',
    priority: 2,
    needs: can('requirement:modify', 'requirement:bulkEdit'),
    body: noBody,
    returns: empty,
    handle: (call) => moved(call, 'indent'),
  }),
  operation({
    method: 'POST',
    path: 'projects/{project_id}/requirements/{requirement_id}/outdent',
    summary: 'Puts a requirement right after its parent.',
    priority: 2,
    needs: can('requirement:modify', 'requirement:bulkEdit'),
    body: noBody,
    returns: empty,
    handle: (call) => moved(call, 'outdent'),
  }),
  operation({
    method: 'POST',
    path: 'projects/{project_id}/requirements/{requirement_id}/move',
    summary: 'Moves a requirement right before destination_requirement_id; without one to the end of the root.',
    priority: 2,
    needs: can('requirement:modify', 'requirement:bulkEdit'),
    body: noBody,
    returns: empty,
    handle: (call) => moved(call, { before: call.query.id('destination_requirement_id') ?? null }),
  }),
];

export const requirementOperations = [...reading, ...writing];
