import { setTimeout as delay } from 'node:timers/promises';
import { Caller, type CallWords, type Outcome } from './caller.ts';
import { type Call, type CallKind, deletionOf, wordsOf } from './calls.ts';
import type { FaultProduct } from './product.ts';

export interface LoadOptions {
  target: { port: number; key: string };
  products: readonly FaultProduct[];
  lanes?: number;
  /** Length of the message of each automated run; texts that cannot be compressed. */
  messageBytes?: number;
}

/** What the clients saw. */
export interface LoadReport {
  /** By status, or by what came instead of an answer. */
  answers: Record<string, number>;
  acknowledgedCalls: number;
  acknowledgedRuns: number;
  longestWaitMs: number;
}

/** Between two calls of a lane: the machine is to be busy, not drowned. */
const PAUSE_MS = 10;
/** After a call that failed. Clients wait as long as Retry-After says; here more calls are to meet the fault. */
const FAILED_PAUSE_MS = 100;

/** In turn, on each lane. */
const kinds: readonly CallKind[] = ['bulk', 'single', 'manual', 'single', 'single', 'bulk', 'single', 'manual'];
/** So many calls of a lane to one deletion. */
const CALLS_TO_A_DELETION = 12;

/**
 * Recorders of all kinds at once, who keep book of what was acknowledged to them: bulk calls, single ones, manual runs, and
 * now and then the deletion of a run. Half of the lanes send what was not acknowledged again under its Idempotency-Key, as
 * often as it takes, so that it must be there once; the others go on with another call.
 */
export class FaultLoad {
  readonly calls: Call[] = [];
  /** What must not have been seen by any client. */
  readonly problems: string[] = [];
  private readonly options: LoadOptions;
  private readonly caller: Caller;
  private readonly answers: Record<string, number> = {};
  private longestWaitMs = 0;
  private isStopping = false;
  private working: Promise<unknown> | undefined;
  private readonly waiting = new Set<(sentAt: number) => void>();

  constructor(options: LoadOptions) {
    this.options = options;
    this.caller = new Caller(options.target);
  }

  start(): void {
    this.working = Promise.all(Array.from({ length: this.options.lanes ?? 8 }, (_, lane) => this.lane(lane)));
  }

  /** Lets the calls under way end, and returns what was seen. */
  async stop(): Promise<LoadReport> {
    this.isStopping = true;
    await this.working;
    this.caller.close();
    const acknowledged = this.calls.filter((call) => call.isAcknowledged);
    return {
      answers: this.answers,
      acknowledgedCalls: acknowledged.length,
      acknowledgedRuns: acknowledged.reduce((sum, call) => sum + call.runIds.length, 0),
      longestWaitMs: this.longestWaitMs,
    };
  }

  /** Resolves when so many more calls were acknowledged that were sent after now; rejects after a minute. */
  async untilAcknowledged(count = 1): Promise<void> {
    const from = performance.now();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const timer = setTimeout(() => reject(new Error('Nothing was acknowledged within a minute')), 60_000);
    let left = count;
    const noted = (sentAt: number) => {
      if (sentAt < from) return;
      left -= 1;
      if (left === 0) resolve();
    };
    this.waiting.add(noted);
    try {
      await promise;
    } finally {
      clearTimeout(timer);
      this.waiting.delete(noted);
    }
  }

  /** Returns how long it takes until a call is acknowledged that is sent after now. */
  async recovery(): Promise<number> {
    const from = performance.now();
    await this.untilAcknowledged();
    return performance.now() - from;
  }

  /** Resolves when a call is answered 503 that was sent after now; rejects after a minute. */
  async untilRefused(): Promise<void> {
    const before = this.answers['503'] ?? 0;
    const givesUpAt = performance.now() + 60_000;
    while ((this.answers['503'] ?? 0) === before) {
      if (performance.now() > givesUpAt) throw new Error('Nothing was answered 503 within a minute');
      await delay(20);
    }
  }

  /** What can be read of the products. */
  readPaths(): string[] {
    return this.options.products.flatMap(({ projectId }) => [
      `projects/${projectId}/releases`,
      `projects/${projectId}/test-runs?starting_row=1&number_of_rows=5&sort_field=EndDate&sort_direction=DESC`,
    ]);
  }

  /** Sends one call beside the load and counts what comes of it. */
  async send(words: CallWords): Promise<Outcome> {
    const sentAt = performance.now();
    const outcome = await this.caller.call(words);
    const waitedMs = performance.now() - sentAt;
    this.longestWaitMs = Math.max(this.longestWaitMs, waitedMs);
    this.count(words, outcome);
    return outcome;
  }

  private async lane(lane: number): Promise<void> {
    const product = this.options.products[lane % this.options.products.length];
    if (!product) throw new Error('A load needs a product');
    const deletable: Call[] = [];
    for (let number = 0; !this.isStopping; number += 1) {
      const victim = number % CALLS_TO_A_DELETION === CALLS_TO_A_DELETION - 1 ? deletable.shift() : undefined;
      if (victim) await this.delete(victim);
      else {
        const kind = kinds[(number + lane) % kinds.length] ?? 'single';
        const call = this.newCall(product, { name: `${lane}-${number}`, kind, isRepeated: lane % 4 < 2 });
        await this.record(call);
        if (call.kind === 'single' && call.isAcknowledged) deletable.push(call);
      }
      await delay(PAUSE_MS);
    }
  }

  private newCall(product: FaultProduct, { name, kind, isRepeated }: Pick<Call, 'name' | 'kind' | 'isRepeated'>): Call {
    const call: Call = { product, kind, name, isRepeated, isAcknowledged: false, runIds: [], deletion: 'none' };
    this.calls.push(call);
    return call;
  }

  private async record(call: Call): Promise<void> {
    const words = wordsOf(call, this.options.messageBytes ?? 0);
    do {
      const sentAt = performance.now();
      const outcome = await this.send(words);
      if (outcome.kind === 'answered' && outcome.status === 200) {
        call.runIds = runIdsOf(outcome.text);
        call.isAcknowledged = true;
        for (const noted of this.waiting) noted(sentAt);
        return;
      }
      await delay(FAILED_PAUSE_MS);
    } while (call.isRepeated && !this.isStopping);
  }

  private async delete(victim: Call): Promise<void> {
    victim.deletion = 'asked';
    const outcome = await this.send(deletionOf(victim));
    if (outcome.kind === 'answered' && outcome.status === 200) victim.deletion = 'acknowledged';
  }

  private count({ method, path }: CallWords, outcome: Outcome): void {
    const answer = outcome.kind === 'answered' ? String(outcome.status) : outcome.kind;
    this.answers[answer] = (this.answers[answer] ?? 0) + 1;
    const problem = problemOf(outcome);
    if (problem && this.problems.length < 20) this.problems.push(`${method} ${path}: ${problem}`);
  }
}

function problemOf(outcome: Outcome): string | undefined {
  if (outcome.kind === 'hung') return 'it hangs';
  if (outcome.kind !== 'answered' || outcome.status === 200) return undefined;
  if (outcome.status !== 503) return `answered ${outcome.status}: ${outcome.text.slice(0, 300)}`;
  return outcome.retryAfter === undefined ? '503 without Retry-After' : undefined;
}

function runIdsOf(text: string): number[] {
  const recorded = JSON.parse(text) as { TestRunId: number } | { TestRunId: number }[];
  return [recorded].flat().map(({ TestRunId }) => TestRunId);
}
