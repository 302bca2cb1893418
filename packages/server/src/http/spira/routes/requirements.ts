import { createRequirement } from '../../../commands/create-requirement.ts';
import { deleteRequirement } from '../../../commands/delete-requirement.ts';
import { moveRequirement } from '../../../commands/move-requirement.ts';
import { updateRequirement } from '../../../commands/update-requirement.ts';
import { notFound } from '../../../domain/errors.ts';
import type { Condition } from '../../../domain/filter.ts';
import { ancestorRequirements, childRequirements, ownRequirements, requirements } from '../../../views/requirements.ts';
import { RemoteRequirement } from '../../../wire/spira/objects/requirement.ts';
import { whenAsked } from '../conditions.ts';
import { listing, ownList } from '../listing.ts';
import { acting, creating, deleting, readingOne, updating } from '../one-thing.ts';
import { type Call, can, list, noBody, operation } from '../operation.ts';
import { modifiesOf } from '../ownership.ts';
import { existingOfPath, rowOf } from '../things.ts';

const lists = listing({
  object: RemoteRequirement,
  needs: can('requirement:view'),
  source: ({ project }) => ({ view: requirements, parameters: [project.projectId] }),
});

/** own_parents_only counts the requirements that have children. */
const parentsOnly = (call: Call<unknown>): Condition[] => whenAsked(call, 'own_parents_only', 'summary');

/** Returns the indent that the path asks for; 404 for what is none. */
function indentOfPath({ path }: Call<unknown>): number {
  const indent = path.text('indent_position');
  if (!/^[+-]?\d{1,9}$/.test(indent)) throw notFound(`The indent position ${indent.slice(0, 20)}`);
  return Number(indent);
}

/** Declares a list of requirements that stand in a tree with the one of the path. */
const relatives = (name: 'children' | 'parents', summary: string, view: typeof childRequirements) =>
  operation({
    method: 'GET',
    path: `projects/{project_id}/requirements/{requirement_id}/${name}`,
    summary,
    priority: 2,
    needs: can('requirement:view'),
    body: noBody,
    returns: list(RemoteRequirement),
    handle: async (call) =>
      view.list(call.services.read, [call.project.projectId, await existingOfPath(call, 'requirement')]),
  });

const reading = [
  lists.list({ path: 'projects/{project_id}/requirements', summary: 'Requirements in tree order.', priority: 2 }),
  lists.search({
    path: 'projects/{project_id}/requirements/search',
    summary: 'Requirements that meet the filters, in tree order.',
    priority: 2,
  }),
  lists.count({
    path: 'projects/{project_id}/requirements/count',
    summary: 'The number of requirements; with own_parents_only of those that have children.',
    priority: 2,
    where: parentsOnly,
  }),
  lists.countFound({
    path: 'projects/{project_id}/requirements/count',
    summary: 'The number of requirements that meet the filters; own_parents_only as above.',
    priority: 2,
    where: parentsOnly,
  }),
  readingOne({
    path: 'projects/{project_id}/requirements/{requirement_id}',
    summary: 'One requirement.',
    priority: 2,
    needs: can('requirement:view'),
    object: RemoteRequirement,
    thing: 'requirement',
    find: rowOf(requirements),
  }),
  relatives('children', 'The requirements directly below one, in order.', childRequirements),
  relatives('parents', 'The requirements above one, from the root down.', ancestorRequirements),
  ownList({
    path: 'requirements',
    summary: 'The requirements that the caller owns, in all products he is a member of.',
    priority: 2,
    object: RemoteRequirement,
    view: ownRequirements,
  }),
];

const creation = {
  priority: 2,
  needs: can('requirement:create'),
  object: RemoteRequirement,
  find: rowOf(requirements),
} as const;

const writing = [
  creating({
    ...creation,
    path: 'projects/{project_id}/requirements',
    summary: 'Creates a requirement at the end of the root.',
    create: (command, requirement) => createRequirement(command, { requirement, place: { parentId: null } }),
  }),
  creating({
    ...creation,
    path: 'projects/{project_id}/requirements/parent/{parent_id}',
    summary: 'Creates a requirement as the last child of another; null: at the end of the root.',
    create: (command, requirement, { path }) =>
      createRequirement(command, { requirement, place: { parentId: path.optionalId('parent_id') ?? null } }),
  }),
  creating({
    ...creation,
    path: 'projects/{project_id}/requirements/indent/{indent_position}',
    summary: 'Creates a requirement after the last one: 0 beside it, 1 below it, -1 a level up, -20 at the root.',
    create: (command, requirement, call) =>
      createRequirement(command, { requirement, place: { indent: indentOfPath(call) } }),
  }),
  updating({
    path: 'projects/{project_id}/requirements',
    summary: 'Updates a requirement; ConcurrencyDate must be the one that was read. Its place stays.',
    priority: 2,
    needs: can('requirement:modify', 'requirement:modifyOwned'),
    object: RemoteRequirement,
    update: (command, sent, { project }) => updateRequirement(command, sent, modifiesOf(project, 'requirement')),
  }),
  deleting({
    path: 'projects/{project_id}/requirements/{requirement_id}',
    summary: 'Deletes a requirement and everything below it.',
    priority: 2,
    needs: can('requirement:delete'),
    thing: 'requirement',
    act: deleteRequirement,
  }),
];

const move = { priority: 2, needs: can('requirement:modify', 'requirement:bulkEdit'), thing: 'requirement' } as const;

const moving = [
  acting({
    ...move,
    path: 'projects/{project_id}/requirements/{requirement_id}/indent',
    summary: 'Puts a requirement below the one before it.',
    act: (command, requirementId) => moveRequirement(command, { requirementId, to: 'indent' }),
  }),
  acting({
    ...move,
    path: 'projects/{project_id}/requirements/{requirement_id}/outdent',
    summary: 'Puts a requirement right after its parent.',
    act: (command, requirementId) => moveRequirement(command, { requirementId, to: 'outdent' }),
  }),
  acting({
    ...move,
    path: 'projects/{project_id}/requirements/{requirement_id}/move',
    summary: 'Moves a requirement right before destination_requirement_id; without one to the end of the root.',
    act: (command, requirementId, { query }) =>
      moveRequirement(command, { requirementId, to: { before: query.id('destination_requirement_id') ?? null } }),
  }),
];

export const requirementOperations = [...reading, ...writing, ...moving];
