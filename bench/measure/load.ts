import { setTimeout as delay } from 'node:timers/promises';

/** How a load is put on: so many lanes at once, each calling again as soon as it was answered. */
export interface LoadOptions {
  lanes: number;
  seconds: number;
  /** First calls of each lane, which are not counted: connections, plans and caches warm up in them. */
  warmUpCalls?: number;
  /** At most so many calls a second on all lanes together, evenly; without it as many as possible. */
  callsPerSecond?: number;
  /** Ends it before its time. */
  signal?: AbortSignal;
}

/** What one round of a load did. */
export interface Round {
  /** Things done per second, calls that failed left out. */
  perSecond: number;
  /** Things done. */
  done: number;
  /** Time of each answered call in milliseconds. */
  latencies: number[];
  /** What went wrong, one text for each call that failed. */
  errors: string[];
}

/** Runs `call` on all lanes until the time is over, and returns what it did; a call returns how many things it did. */
export async function load(
  { lanes, seconds, warmUpCalls = 3, callsPerSecond = Number.POSITIVE_INFINITY, signal }: LoadOptions,
  call: (lane: number) => Promise<number>,
): Promise<Round> {
  const onAllLanes = (work: (lane: number) => Promise<void>) =>
    Promise.all(Array.from({ length: lanes }, (_, lane) => work(lane)));
  await onAllLanes(async (lane) => {
    for (let warmUp = 0; warmUp < warmUpCalls; warmUp += 1) await call(lane);
  });
  const round: Round = { perSecond: 0, done: 0, latencies: [], errors: [] };
  const startedAt = performance.now();
  const endsAt = startedAt + seconds * 1_000;
  let begun = 0;
  await onAllLanes(async (lane) => {
    while (!signal?.aborted) {
      // Infinitely many calls a second are due at once.
      const dueAt = startedAt + (begun++ * 1_000) / callsPerSecond;
      if (Math.max(dueAt, performance.now()) >= endsAt) return;
      const early = dueAt - performance.now();
      if (early > 0) await delay(early);
      await counted(round, () => call(lane));
    }
  });
  return { ...round, perSecond: (round.done * 1_000) / (performance.now() - startedAt) };
}

/** Puts a load on from before the work until after it; returns what the work gave and what the load did meanwhile. */
export async function loadBeside<Result>(
  options: Pick<LoadOptions, 'lanes' | 'callsPerSecond'>,
  call: (lane: number) => Promise<number>,
  work: () => Promise<Result>,
): Promise<{ result: Result; round: Round }> {
  const over = new AbortController();
  const [result, round] = await Promise.all([
    work().finally(() => over.abort()),
    load({ ...options, seconds: Number.POSITIVE_INFINITY, warmUpCalls: 0, signal: over.signal }, call),
  ]);
  return { result, round };
}

/** Returns several rounds as one; its rate is not told. */
export function joined(rounds: readonly Round[]): Round {
  return {
    perSecond: Number.NaN,
    done: rounds.reduce((sum, { done }) => sum + done, 0),
    latencies: rounds.flatMap(({ latencies }) => latencies),
    errors: rounds.flatMap(({ errors }) => errors),
  };
}

async function counted(round: Round, call: () => Promise<number>): Promise<void> {
  const calledAt = performance.now();
  try {
    // Not `done += await`: that would read `done` before the wait and lose what other lanes add meanwhile.
    const count = await call();
    round.done += count;
    round.latencies.push(performance.now() - calledAt);
  } catch (error) {
    round.errors.push(String(error));
  }
}

/** Calls `look` again and again, with a pause, until `work` has ended; returns what it saw and what the work gave. */
export async function watched<Seen, Result>(
  { look, pauseMs }: { look: () => Promise<Seen>; pauseMs: number },
  work: () => Promise<Result>,
): Promise<{ seen: Seen[]; result: Result }> {
  const seen: Seen[] = [];
  let isWorking = true;
  const watching = (async () => {
    while (isWorking) {
      seen.push(await look());
      await delay(pauseMs);
    }
  })();
  try {
    const result = await work();
    return { seen, result };
  } finally {
    isWorking = false;
    await watching;
  }
}
