import type { Database } from '../storage/database.ts';
import { withPatience } from '../storage/patience.ts';
import { refreshPending } from './refresh.ts';
import type { RefreshReport } from './refresh-round.ts';

/** How a project wants its figures: the part of its refresh setting that decides what a call waits for. */
export interface RefreshPolicy {
  /** Off: nothing is refreshed until asked for. */
  isEnabled: boolean;
  /** Bulk calls, too, answer when their figures are exact. */
  bulkAtOnce: boolean;
  /** Refreshes take bulk changes along; without, these wait for the nightly job or the data tools. */
  includeBulk: boolean;
}

interface Round {
  includeBulk: boolean;
  done: Promise<void>;
}

export interface SharedRefreshOptions {
  db: Database;
  policyOf: (projectId: number) => Promise<RefreshPolicy>;
  onFailure: (projectId: number, error: unknown) => void;
  onRound?: (projectId: number, report: RefreshReport) => void;
  /** Callers are answered after so long at the latest; default 5 s. The round goes on, and their figures follow with it. */
  longestWaitMs?: number;
}

/** A caller has waited for connections before, and its client does not wait for ever. */
const LONGEST_WAIT_MS = 5_000;

/**
 * One refresh for everybody who waits: callers join the next round of their project, never the running one, because that
 * may have taken its changes before theirs were committed. Like group commit, a hundred recorders at once cost two or
 * three rounds instead of a hundred.
 */
export class SharedRefresh {
  private readonly options: SharedRefreshOptions;
  private readonly running = new Map<number, Promise<void>>();
  private readonly next = new Map<number, Round>();

  constructor(options: SharedRefreshOptions) {
    this.options = options;
  }

  /**
   * Resolves when the figures cover every change committed before the call, as far as the project's policy wants that
   * at once, or when that takes too long. Never rejects: the facts are stored, `onFailure` is told, and a later refresh
   * repairs.
   */
  async afterCommit(projectId: number, changed: 'facts' | 'bulk'): Promise<void> {
    try {
      const policy = await this.options.policyOf(projectId);
      if (!policy.isEnabled || (changed === 'bulk' && !policy.bulkAtOnce)) return;
      await this.atMost(this.join(projectId, policy.includeBulk));
    } catch (error) {
      this.options.onFailure(projectId, error);
    }
  }

  /** Resolves when no round is running or waiting; tests and shutdown use it. */
  async drain(): Promise<void> {
    while (this.running.size > 0 || this.next.size > 0) {
      await Promise.allSettled([...this.running.values(), ...[...this.next.values()].map((round) => round.done)]);
    }
  }

  private join(projectId: number, includeBulk: boolean): Promise<void> {
    const waiting = this.next.get(projectId);
    if (waiting) {
      waiting.includeBulk ||= includeBulk;
      return waiting.done;
    }
    const round: Round = { includeBulk, done: Promise.resolve() };
    round.done = this.afterRunning(projectId).then(() => this.start(projectId, round));
    this.next.set(projectId, round);
    return round.done;
  }

  /** Rejects when the work takes longer than a caller can be kept waiting. */
  private async atMost(work: Promise<void>): Promise<void> {
    const longestWaitMs = this.options.longestWaitMs ?? LONGEST_WAIT_MS;
    const tooLate = Promise.withResolvers<never>();
    const timer = setTimeout(
      () => tooLate.reject(new Error(`Figures were not up to date within ${longestWaitMs} ms; they follow later`)),
      longestWaitMs,
    );
    try {
      await Promise.race([work, tooLate.promise]);
    } finally {
      clearTimeout(timer);
    }
  }

  private async afterRunning(projectId: number): Promise<void> {
    await this.running.get(projectId)?.catch(() => {});
  }

  private async start(projectId: number, round: Round): Promise<void> {
    this.next.delete(projectId);
    // It is done for all who wait, whatever the patience of the one who came first.
    const work = withPatience(undefined, async () => {
      const report = await refreshPending(this.options.db, projectId, { includeBulk: round.includeBulk });
      this.options.onRound?.(projectId, report);
    });
    this.running.set(projectId, work);
    try {
      await work;
    } finally {
      if (this.running.get(projectId) === work) this.running.delete(projectId);
    }
  }
}
