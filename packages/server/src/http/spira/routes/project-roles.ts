import { createProjectRole, deleteProjectRole, updateProjectRole } from '../../../commands/project-roles.ts';
import { projectRoles } from '../../../views/project-roles.ts';
import { RemoteProjectRole } from '../../../wire/spira/objects/project-role.ts';
import { onServer } from '../../services.ts';
import { anyLogin, empty, list, noBody, one, operation, systemAdmin, toCreate, toUpdate } from '../operation.ts';

export const projectRoleOperations = [
  operation({
    method: 'GET',
    path: 'project-roles',
    summary: 'The roles that members of products can have, with their permissions.',
    priority: 2,
    needs: anyLogin,
    body: noBody,
    returns: list(RemoteProjectRole),
    handle: ({ services }) => projectRoles.list(services.read, []),
  }),
  operation({
    method: 'POST',
    path: 'project-roles',
    summary: 'Creates a role.',
    priority: 2,
    needs: systemAdmin,
    body: toCreate(RemoteProjectRole),
    returns: one(RemoteProjectRole),
    handle: async ({ services, actor, body }) => {
      const roleId = await createProjectRole(onServer(services, actor), body);
      return projectRoles.find(services.read, [], roleId);
    },
  }),
  operation({
    method: 'PUT',
    path: 'project-roles',
    summary: 'Updates a role, for all its members at once.',
    priority: 2,
    needs: systemAdmin,
    body: toUpdate(RemoteProjectRole),
    returns: empty,
    handle: ({ services, actor, body }) => updateProjectRole(onServer(services, actor), body),
  }),
  operation({
    method: 'DELETE',
    path: 'project-roles/{project_role_id}',
    summary: 'Deletes a role of our own that nobody has; default roles can only be deactivated.',
    priority: 2,
    needs: systemAdmin,
    body: noBody,
    returns: empty,
    handle: ({ services, actor, path }) =>
      deleteProjectRole(onServer(services, actor), path.id('project_role_id', 'Role')),
  }),
];
