import type { IncomingHttpHeaders } from 'node:http';
import type { Actor, ProjectAccess } from '../../domain/actor.ts';
import { DomainError } from '../../domain/errors.ts';
import { meets } from '../../domain/permissions.ts';
import { type Caller, findCaller } from '../../views/actor.ts';
import { administersSomething } from '../../views/administered-projects.ts';
import { LARGEST_ID } from '../../wire/spira/scalars.ts';
import type { Services } from '../services.ts';
import { credentialsOf } from './credentials.ts';
import type { Operation } from './operation.ts';

/** What a call presents before its body is read. */
export interface Presented {
  operation: Operation;
  values: ReadonlyMap<string, string>;
  headers: IncomingHttpHeaders;
  query: string;
}

export interface Admitted {
  actor: Actor;
  /** The project of the path, undefined for operations outside projects. */
  project: ProjectAccess | undefined;
}

/**
 * Returns who calls, and the project of the path. Refuses in the order of rest-v7 6.2: credentials, project, member,
 * permission.
 */
export async function authorize(services: Services, presented: Presented): Promise<Admitted> {
  const { operation, values, headers, query } = presented;
  const credentials = credentialsOf(headers, query);
  if (!credentials) throw new DomainError('unauthenticated', 'No user name and API key were sent');
  const projectText = values.get('project_id');
  const caller = await findCaller(services.read, credentials, projectText === undefined ? null : idOf(projectText));
  if (!caller) {
    throw new DomainError('unauthenticated', 'The user name or API key is wrong, or the user may not log in');
  }
  const { actor, access } = caller;
  if ('templateAdmin' in operation.needs && !(await administersSomething(services.read, actor))) {
    throw new DomainError('notProjectAdmin', 'Only administrators of the system or of a product may do this');
  }
  if (projectText === undefined || 'login' in operation.needs || 'systemAdmin' in operation.needs) {
    if ('systemAdmin' in operation.needs && !actor.isSystemAdmin) {
      throw new DomainError('forbidden', 'Only system administrators may do this');
    }
    return { actor, project: access };
  }
  return { actor, project: admittedProject(caller, operation.needs, projectText) };
}

/** Returns what the caller is in a project where that is enough; refuses in the order of rest-v7 6.2. */
export function admittedProject(
  { projectExists, access }: Caller,
  needs: Operation['needs'],
  projectText: string,
): ProjectAccess {
  if (!projectExists) throw new DomainError('notFound', `Project ${projectText.slice(0, 40)} does not exist`);
  if (!access) throw new DomainError('notMember', 'You are not a member of this product');
  requirePermission(access, needs);
  return access;
}

/** Refuses what the caller's role in the project does not allow. */
function requirePermission(access: ProjectAccess, needs: Operation['needs']): void {
  if ('login' in needs || 'systemAdmin' in needs || 'templateAdmin' in needs || meets(access.role, needs)) return;
  if ('projectAdmin' in needs) throw new DomainError('notProjectAdmin', 'Only product administrators may do this');
  const wanted = 'anyOf' in needs ? needs.anyOf.join(' or ') : '';
  throw new DomainError('forbidden', `Your role, ${access.role.name}, lacks the permission ${wanted}`);
}

/** Returns the id in a text; one that no table holds when it is none. */
function idOf(text: string): number {
  const id = /^\d{1,15}$/.test(text) ? Number(text) : 0;
  return id > LARGEST_ID ? 0 : id;
}
