import type { Actor } from '../domain/actor.ts';
import type { Database } from '../storage/database.ts';

/** Brings the figures up to date after a commit. Implemented by rollups/shared-refresh.ts. */
export interface FigureRefresh {
  /**
   * Resolves when the figures cover every change of the project that was committed before the call and that the
   * project's refresh setting wants covered at once. Never rejects: the facts are stored, and the next refresh repairs.
   */
  afterCommit(projectId: number, changed: 'facts' | 'bulk'): Promise<void>;
}

/** What every command is given. */
export interface CommandContext {
  db: Database;
  figures: FigureRefresh;
  /** The server's clock. */
  now: () => Date;
}

/** A command inside one project. */
export interface ProjectCommand extends CommandContext {
  projectId: number;
  actor: Actor;
}

/** A command about the whole server: people, roles, products. */
export interface ServerCommand extends CommandContext {
  actor: Actor;
}
