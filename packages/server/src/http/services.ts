import type { CommandContext, ProjectCommand, ServerCommand } from '../commands/context.ts';
import type { JobContext } from '../commands/job-signals.ts';
import type { Actor, ProjectAccess } from '../domain/actor.ts';
import type { ReadSide } from '../views/view.ts';

/** What route handlers reach: the read side, and the context that commands are given. */
export interface Services {
  /** For views: each statement for itself. */
  read: ReadSide;
  command: CommandContext;
  /** The queue of jobs. */
  jobs: JobContext['jobs'];
  /** When figures follow bulk results. */
  refreshSettings: JobContext['refreshSettings'];
}

/** Returns the context for a command inside a project. */
export function inProject(services: Services, actor: Actor, project: ProjectAccess): ProjectCommand {
  return { ...services.command, projectId: project.projectId, actor };
}

/** Returns the context for commands about jobs and settings. */
export function forJobs(services: Services, actor: Actor): JobContext & { actor: Actor } {
  return { ...services.command, jobs: services.jobs, refreshSettings: services.refreshSettings, actor };
}

/** Returns the context for a command about the whole server. */
export function onServer(services: Services, actor: Actor): ServerCommand {
  return { ...services.command, actor };
}
