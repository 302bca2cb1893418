import { createUser } from '../../../commands/create-user.ts';
import { deactivateUser, updateUser } from '../../../commands/update-user.ts';
import { DomainError } from '../../../domain/errors.ts';
import { findUserIdByLogin, users } from '../../../views/users.ts';
import { RemoteUser } from '../../../wire/spira/objects/user.ts';
import type { QueryParameters } from '../../../wire/spira/query.ts';
import { onServer, type Services } from '../../services.ts';
import { anyLogin, empty, list, noBody, one, operation, systemAdmin, toCreate, toUpdate } from '../operation.ts';

async function userById(services: Services, userId: number) {
  const user = await users.find(services.read, [], userId);
  if (!user) throw new DomainError('notFound', `User ${userId} does not exist`);
  return user;
}

/** Returns the project and role that a new user is given at once; a project without a role is a mistake. */
function membershipOf(query: QueryParameters): { projectId: number; roleId: number } | undefined {
  const projectId = query.id('project_id');
  const roleId = query.id('project_role_id');
  if (projectId === undefined) return undefined;
  if (roleId === undefined) throw new DomainError('invalid', 'project_id was sent without project_role_id');
  return { projectId, roleId };
}

const reading = [
  operation({
    method: 'GET',
    path: 'users',
    summary: 'The caller.',
    priority: 1,
    needs: anyLogin,
    body: noBody,
    returns: one(RemoteUser),
    handle: ({ services, actor }) => userById(services, actor.userId),
  }),
  operation({
    method: 'GET',
    path: 'users/{user_id}',
    summary: 'One user.',
    priority: 2,
    needs: anyLogin,
    body: noBody,
    returns: one(RemoteUser),
    handle: ({ services, path }) => userById(services, path.id('user_id', 'User')),
  }),
  operation({
    method: 'GET',
    path: 'users/usernames/{user_name}',
    summary: 'The user with a login; inactive ones only with include_inactive.',
    priority: 2,
    needs: anyLogin,
    body: noBody,
    returns: one(RemoteUser),
    handle: async ({ services, path, query }) => {
      const login = path.text('user_name');
      const includeInactive = query.flag('include_inactive') ?? false;
      const userId = await findUserIdByLogin(services.read, { login, includeInactive });
      if (userId === undefined) throw new DomainError('notFound', `User ${login.slice(0, 100)} does not exist`);
      return userById(services, userId);
    },
  }),
  operation({
    method: 'GET',
    path: 'users/all',
    summary: 'All users by id; inactive ones only with include_inactive.',
    priority: 2,
    needs: systemAdmin,
    body: noBody,
    returns: list(RemoteUser),
    handle: ({ services, query, listQuery }) => {
      const { page } = listQuery(RemoteUser);
      const where = query.flag('include_inactive') ? [] : [{ field: 'active', test: 'isTrue', value: true } as const];
      return users.list(services.read, [], { where, ...(page ? { page } : {}) });
    },
  }),
];

const writing = [
  operation({
    method: 'POST',
    path: 'users',
    summary: 'Creates a user, or returns the one who has the login; project_id and project_role_id make a member.',
    priority: 2,
    needs: systemAdmin,
    body: toCreate(RemoteUser),
    returns: one(RemoteUser),
    handle: async ({ services, actor, query, body }) => {
      const context = onServer(services, actor);
      const userId = await createUser(context, { user: body, membership: membershipOf(query) });
      return userById(services, userId);
    },
  }),
  operation({
    method: 'PUT',
    path: 'users/{user_id}',
    summary: 'Updates a user.',
    priority: 2,
    needs: systemAdmin,
    body: toUpdate(RemoteUser),
    returns: empty,
    handle: ({ services, actor, path, body }) =>
      updateUser(onServer(services, actor), { userId: path.id('user_id', 'User'), user: body }),
  }),
  operation({
    method: 'DELETE',
    path: 'users/{user_id}',
    summary: 'Deactivates a user.',
    priority: 2,
    needs: systemAdmin,
    body: noBody,
    returns: empty,
    handle: ({ services, actor, path }) => deactivateUser(onServer(services, actor), path.id('user_id', 'User')),
  }),
];

export const userOperations = [...reading, ...writing];
