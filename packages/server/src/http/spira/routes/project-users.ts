import { addProjectMember, changeProjectMember, removeProjectMember } from '../../../commands/project-members.ts';
import { projectUsers } from '../../../views/users.ts';
import { RemoteProjectUser } from '../../../wire/spira/objects/user.ts';
import { creating, deleting, updating } from '../one-thing.ts';
import { anyMember, list, noBody, operation, projectAdmin } from '../operation.ts';
import { rowOf } from '../things.ts';

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
  creating({
    path: 'projects/{project_id}/users',
    summary: 'Adds a member with a role (UserId, ProjectRoleId).',
    priority: 2,
    needs: projectAdmin,
    object: RemoteProjectUser,
    create: async (command, sent) => {
      await addProjectMember(command, sent);
      return sent.userId ?? 0;
    },
    find: rowOf(projectUsers),
  }),
  updating({
    path: 'projects/{project_id}/users',
    summary: 'Gives a member another role (UserId, ProjectRoleId).',
    priority: 2,
    needs: projectAdmin,
    object: RemoteProjectUser,
    update: changeProjectMember,
  }),
  deleting({
    path: 'projects/{project_id}/users/{user_id}',
    summary: 'Removes a member; what the member recorded stays.',
    priority: 2,
    needs: projectAdmin,
    thing: 'user',
    act: removeProjectMember,
  }),
];
