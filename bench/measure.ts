/** Returns the median of some numbers; NaN of none. */
export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/** Returns the value below which this share of the values lies. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** What one round of a load did. */
export interface Round {
  /** Things done per second. */
  perSecond: number;
  /** Time of each call in milliseconds. */
  latencies: number[];
}

/**
 * Runs `call` on so many lanes at once until the time is over; a call returns how many things it did. The first calls
 * of each lane are not counted: connections, plans and caches warm up in them.
 */
export async function load(
  { lanes, seconds, warmUpCalls = 3 }: { lanes: number; seconds: number; warmUpCalls?: number },
  call: (lane: number) => Promise<number>,
): Promise<Round> {
  const all = Array.from({ length: lanes }, (_, lane) => lane);
  await Promise.all(
    all.map(async (lane) => {
      for (let warmUp = 0; warmUp < warmUpCalls; warmUp += 1) await call(lane);
    }),
  );
  const latencies: number[] = [];
  let done = 0;
  const startedAt = performance.now();
  const endsAt = startedAt + seconds * 1_000;
  await Promise.all(
    all.map(async (lane) => {
      while (performance.now() < endsAt) {
        const calledAt = performance.now();
        // Not `done += await`: that would read `done` before the wait and lose what other lanes add meanwhile.
        const count = await call(lane);
        done += count;
        latencies.push(performance.now() - calledAt);
      }
    }),
  );
  return { perSecond: (done * 1_000) / (performance.now() - startedAt), latencies };
}
