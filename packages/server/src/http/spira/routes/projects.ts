import { createProject } from '../../../commands/create-project.ts';
import { deleteProject } from '../../../commands/delete-project.ts';
import { updateProject } from '../../../commands/update-project.ts';
import { DomainError } from '../../../domain/errors.ts';
import { projects } from '../../../views/projects.ts';
import { RemoteProject } from '../../../wire/spira/objects/project.ts';
import { inProject, onServer } from '../../services.ts';
import {
  anyLogin,
  anyMember,
  empty,
  list,
  noBody,
  one,
  operation,
  projectAdmin,
  systemAdmin,
  toCreate,
  toUpdate,
} from '../operation.ts';

export const projectOperations = [
  operation({
    method: 'GET',
    path: 'projects',
    summary: 'The active products that the caller is a member of, by id; the built-in administrator sees all.',
    priority: 1,
    needs: anyLogin,
    body: noBody,
    returns: list(RemoteProject),
    handle: ({ services, actor }) => projects.list(services.read, [actor.userId]),
  }),
  operation({
    method: 'GET',
    path: 'projects/{project_id}',
    summary: 'One product.',
    priority: 1,
    needs: anyMember,
    body: noBody,
    returns: one(RemoteProject),
    handle: async ({ services, actor, project }) => {
      const found = await projects.find(services.read, [actor.userId], project.projectId);
      if (!found) throw new DomainError('notFound', `Project ${project.projectId} does not exist`);
      return found;
    },
  }),
  operation({
    method: 'POST',
    path: 'projects',
    summary: 'Creates a product owned by the caller; existing_project_id names one whose plan is copied into it.',
    priority: 2,
    needs: systemAdmin,
    body: toCreate(RemoteProject),
    returns: one(RemoteProject),
    handle: async ({ services, actor, query, body }) => {
      const projectId = await createProject(onServer(services, actor), {
        project: body,
        existingProjectId: query.id('existing_project_id'),
      });
      return projects.find(services.read, [actor.userId], projectId);
    },
  }),
  operation({
    method: 'PUT',
    path: 'projects/{project_id}',
    summary: 'Updates a product.',
    priority: 2,
    needs: projectAdmin,
    body: toUpdate(RemoteProject),
    returns: empty,
    handle: ({ services, actor, project, body }) => updateProject(inProject(services, actor, project), body),
  }),
  operation({
    method: 'DELETE',
    path: 'projects/{project_id}',
    summary: 'Deletes a product for good, with everything in it.',
    priority: 2,
    needs: systemAdmin,
    body: noBody,
    returns: empty,
    handle: ({ services, actor, path }) => deleteProject(onServer(services, actor), path.id('project_id', 'Project')),
  }),
];
