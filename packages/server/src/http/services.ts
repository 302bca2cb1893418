import type { CommandContext, ProjectCommand } from '../commands/context.ts';
import type { Actor, ProjectAccess } from '../domain/actor.ts';
import type { Queryable } from '../storage/database.ts';

/** What route handlers reach: the read side, and the context that commands are given. */
export interface Services {
  /** For views: each statement for itself. */
  read: Queryable;
  command: CommandContext;
}

/** Returns the context for a command inside a project. */
export function inProject(services: Services, actor: Actor, project: ProjectAccess): ProjectCommand {
  return { ...services.command, projectId: project.projectId, actor };
}
