import type { FastifyRequest } from 'fastify';
import type { Actor, ProjectAccess } from '../../domain/actor.ts';
import { DomainError } from '../../domain/errors.ts';
import { meets, type Requirement } from '../../domain/permissions.ts';
import { type Caller, type Credentials, findCaller } from '../../views/actor.ts';
import type { Services } from '../services.ts';
import { credentialsOf } from '../spira/credentials.ts';

/** What a route needs of its caller: a valid key, to administer the system, or a role in the project of its path. */
export type Needs = { login: true } | { systemAdmin: true } | Requirement;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Set on every route of the own face. */
    needs?: Needs;
  }
  interface FastifyRequest {
    /** Who calls; set on requests to the own face only, before the body is read. */
    caller: NativeCaller;
  }
}

export interface NativeCaller {
  actor: Actor;
  /** The project of the path; routes without one must not read it. */
  project: ProjectAccess;
}

/**
 * Returns who calls, and the project of the path. The checks and their order are those of the other face: key, project,
 * member, permission; nothing inside a project is looked up before.
 */
export async function admitted(services: Services, request: FastifyRequest): Promise<NativeCaller> {
  const { needs } = request.routeOptions.config;
  if (!needs) throw new Error(`${request.routeOptions.url} does not say what it needs of its caller`);
  const projectId = projectOf(request);
  const caller = await callerOf(services, request, projectId ?? null);
  if ('systemAdmin' in needs && !caller.actor.isSystemAdmin) {
    throw new DomainError('forbidden', 'Only system administrators may do this');
  }
  // Such routes have no project in their path, or do not ask for a role in it.
  if ('systemAdmin' in needs || 'login' in needs)
    return { actor: caller.actor, project: caller.access as ProjectAccess };
  if (!caller.projectExists) throw new DomainError('notFound', 'There is no such project, or it is not active');
  if (!caller.access) throw new DomainError('notMember', 'You are not a member of this project');
  requireRole(caller.access, needs);
  return { actor: caller.actor, project: caller.access };
}

async function callerOf(services: Services, request: FastifyRequest, projectId: number | null): Promise<Caller> {
  const credentials = presentedCredentials(request);
  if (!credentials) {
    throw new DomainError(
      'unauthenticated',
      'No API key was sent: send it as Authorization: Bearer, as Basic with the user name, or as the headers username and api-key',
    );
  }
  const caller = await findCaller(services.read, credentials, projectId);
  if (!caller) throw new DomainError('unauthenticated', 'The API key is wrong, or its user may not log in');
  return caller;
}

/** Returns what a request says about who sends it. */
export function presentedCredentials(request: FastifyRequest): Credentials | undefined {
  return bearerOf(request) ?? credentialsOf(request.headers, '');
}

/** A key says whose it is, so it can stand alone. Keys in the address of a page end up in logs: not here. */
function bearerOf(request: FastifyRequest): Credentials | undefined {
  const apiKey = /^bearer\s+(\S+)\s*$/i.exec(request.headers.authorization ?? '')?.[1];
  return apiKey === undefined ? undefined : { logins: undefined, apiKey };
}

function requireRole(access: ProjectAccess, needs: Requirement): void {
  if (meets(access.role, needs)) return;
  if ('projectAdmin' in needs) throw new DomainError('notProjectAdmin', 'Only project administrators may do this');
  const wanted = 'anyOf' in needs ? needs.anyOf.join(' or ') : '';
  throw new DomainError('forbidden', `Your role, ${access.role.name}, lacks the permission ${wanted}`);
}

const LARGEST_ID = 2_147_483_647;

/** Returns the id of the project in the path; one that no table holds when it is none. */
function projectOf(request: FastifyRequest): number | undefined {
  const { projectId } = request.params as { projectId?: string };
  if (projectId === undefined) return undefined;
  const id = /^\d{1,10}$/.test(projectId) ? Number(projectId) : 0;
  return id > LARGEST_ID ? 0 : id;
}
