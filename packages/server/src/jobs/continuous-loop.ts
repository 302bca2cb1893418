import type { JobContext } from '../commands/job-signals.ts';
import { refreshRound } from '../rollups/refresh-round.ts';
import { hasOverdueChange, listChangedProjects } from '../storage/changes.ts';
import { BackgroundRounds } from './background-loop.ts';
import type { Log } from './log.ts';

/** A single change this old was not refreshed by its own call: that call's process or database failed. */
const OVERDUE_AFTER_MS = 10_000;

export interface ContinuousLoopOptions {
  context: Pick<JobContext, 'db' | 'refreshSettings'>;
  log: Log;
  pauseMs?: number;
  overdueAfterMs?: number;
}

/**
 * Keeps figures about a second behind in `continuous` mode (BK-8). In every mode but `disabled` it also catches up on
 * single changes whose own refresh did not happen. Any number of processes may run it: refreshes of a project take turns.
 */
export class ContinuousLoop extends BackgroundRounds {
  private readonly options: ContinuousLoopOptions;
  private readonly failing = new Set<number>();

  constructor(options: ContinuousLoopOptions) {
    super({
      pauseMs: options.pauseMs ?? 500,
      onFailure: (error) => options.log.error({ err: error }, 'the continuous refresh cannot work just now'),
    });
    this.options = options;
  }

  /** Refreshes a limited part of what is pending in each project; returns whether there is more to do at once. */
  async round(): Promise<boolean> {
    let hasMore = false;
    for (const projectId of await listChangedProjects(this.options.context.db)) {
      hasMore = (await this.refresh(projectId)) || hasMore;
    }
    return hasMore;
  }

  private async refresh(projectId: number): Promise<boolean> {
    const { context, log } = this.options;
    try {
      const wanted = await this.wanted(projectId);
      if (!wanted) return false;
      const round = await refreshRound(context.db, projectId, wanted);
      this.failing.delete(projectId);
      return round.leftUpTo !== undefined;
    } catch (error) {
      // One project's fault must not hold up the others; it is told once, and tried again with every round.
      if (!this.failing.has(projectId)) log.error({ projectId, err: error }, 'figures could not be refreshed');
      this.failing.add(projectId);
      return false;
    }
  }

  /** What this loop has to refresh in a project now; undefined: nothing. */
  private async wanted(projectId: number): Promise<{ includeBulk: boolean } | undefined> {
    const { db, refreshSettings } = this.options.context;
    const mode = await refreshSettings.modeOf(projectId);
    if (mode === 'disabled') return undefined;
    if (mode === 'continuous') return { includeBulk: true };
    const overdueAfterMs = this.options.overdueAfterMs ?? OVERDUE_AFTER_MS;
    const isOverdue = await hasOverdueChange(db, projectId, {
      olderThanMs: overdueAfterMs,
      bulk: mode === 'immediate',
    });
    return isOverdue ? { includeBulk: mode === 'immediate' } : undefined;
  }
}
