/** Longest pause between tries while rounds keep failing. */
const LONGEST_PAUSE_MS = 30_000;

export interface BackgroundLoopOptions {
  /** One round of work; returns whether there is more to do at once. */
  round: () => Promise<boolean>;
  /** How long to wait when there was nothing more to do. */
  pauseMs: number;
  /** How many times as long as a round took to rest after it, although there is more to do; without it not at all. */
  restAfterRound?: () => number;
  /** Told of a failed round, once until a round succeeds again. The next try waits longer each time. */
  onFailure: (error: unknown) => void;
}

/** Calls a round of work again and again, with a pause that can be cut short, until it is stopped. */
export class BackgroundLoop {
  private readonly options: BackgroundLoopOptions;
  private failures = 0;
  private isStopping = false;
  private working: Promise<void> | undefined;
  private endPause: (() => void) | undefined;
  /** A wake-up came while a round was running: its pause is skipped. */
  private isAwake = false;

  constructor(options: BackgroundLoopOptions) {
    this.options = options;
  }

  start(): void {
    this.working ??= this.work();
  }

  /** Cuts the present or next pause short. */
  wake(): void {
    this.isAwake = true;
    this.endPause?.();
  }

  /** Resolves when the present round has ended; no other follows. */
  async stop(): Promise<void> {
    this.isStopping = true;
    this.wake();
    await this.working;
  }

  private async work(): Promise<void> {
    while (!this.isStopping) {
      this.isAwake = false;
      const startedAt = performance.now();
      const hasMore = await this.round();
      const restMs = (performance.now() - startedAt) * (this.options.restAfterRound?.() ?? 0);
      if (!hasMore) await this.pause();
      else if (restMs > 0) await this.rest(Math.min(restMs, LONGEST_PAUSE_MS));
    }
  }

  private async round(): Promise<boolean> {
    try {
      const hasMore = await this.options.round();
      this.failures = 0;
      return hasMore;
    } catch (error) {
      this.failures += 1;
      if (this.failures === 1) this.options.onFailure(error);
      return false;
    }
  }

  private pause(): Promise<void> {
    const pauseMs = Math.min(this.options.pauseMs * 2 ** Math.min(this.failures, 16), LONGEST_PAUSE_MS);
    return this.rest(Math.max(pauseMs, this.options.pauseMs));
  }

  private rest(ms: number): Promise<void> {
    if (this.isAwake) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** Work of a server process that goes on in rounds of one kind, beside what it is asked. */
export abstract class BackgroundRounds {
  private readonly loop: BackgroundLoop;

  protected constructor(options: Omit<BackgroundLoopOptions, 'round'>) {
    this.loop = new BackgroundLoop({ ...options, round: () => this.round() });
  }

  start(): void {
    this.loop.start();
  }

  /** Resolves when the present round has ended; no other follows. */
  stop(): Promise<void> {
    return this.loop.stop();
  }

  /** Works until no round finds more to do. */
  async drain(): Promise<void> {
    while (await this.round());
  }

  /** Does what is due, or a limited part of it; returns whether there is more to do at once. */
  abstract round(): Promise<boolean>;
}
