import { addProjectMember, changeProjectMember, removeProjectMember } from '../../../commands/project-members.ts';
import { projectUsers } from '../../../views/users.ts';
import { RemoteProjectUser } from '../../../wire/spira/objects/user.ts';
import { inProject } from '../../services.ts';
import { anyMember, empty, list, noBody, one, operation, projectAdmin, toCreate, toUpdate } from '../operation.ts';

export const projectUserOperations = [
  operation({
    method: 'GET',
    path: 'projects/{project_id}/users',
    summary: 'The members of a product with their roles.',
    priority: 1,
    needs: anyMember,
    body: noBody,
    returns: list(RemoteProjectUser),
    handle: ({ services, project }) => projectUsers.list(services.read, [project.projectId]),
  }),
  operation({
    method: 'POST',
    path: 'projects/{project_id}/users',
    summary: 'Adds a member with a role (UserId, ProjectRoleId).',
    priority: 2,
    needs: projectAdmin,
    body: toCreate(RemoteProjectUser),
    returns: one(RemoteProjectUser),
    handle: async ({ services, actor, project, body }) => {
      await addProjectMember(inProject(services, actor, project), body);
      return projectUsers.find(services.read, [project.projectId], body.userId ?? 0);
    },
  }),
  operation({
    method: 'PUT',
    path: 'projects/{project_id}/users',
    summary: 'Gives a member another role (UserId, ProjectRoleId).',
    priority: 2,
    needs: projectAdmin,
    body: toUpdate(RemoteProjectUser),
    returns: empty,
    handle: ({ services, actor, project, body }) => changeProjectMember(inProject(services, actor, project), body),
  }),
  operation({
    method: 'DELETE',
    path: 'projects/{project_id}/users/{user_id}',
    summary: 'Removes a member; what the member recorded stays.',
    priority: 2,
    needs: projectAdmin,
    body: noBody,
    returns: empty,
    handle: ({ services, actor, project, path }) =>
      removeProjectMember(inProject(services, actor, project), path.id('user_id', 'User')),
  }),
];
