/** How a load is put on: so many lanes at once, each calling again as soon as it was answered. */
export interface LoadOptions {
  lanes: number;
  seconds: number;
  /** First calls of each lane, which are not counted: connections, plans and caches warm up in them. */
  warmUpCalls?: number;
}

/** What one round of a load did. */
export interface Round {
  /** Things done per second, calls that failed left out. */
  perSecond: number;
  /** Time of each answered call in milliseconds. */
  latencies: number[];
  /** What went wrong, one text for each call that failed. */
  errors: string[];
}

/** Runs `call` on all lanes until the time is over, and returns what it did; a call returns how many things it did. */
export async function load(
  { lanes, seconds, warmUpCalls = 3 }: LoadOptions,
  call: (lane: number) => Promise<number>,
): Promise<Round> {
  const onAllLanes = (work: (lane: number) => Promise<void>) =>
    Promise.all(Array.from({ length: lanes }, (_, lane) => work(lane)));
  await onAllLanes(async (lane) => {
    for (let warmUp = 0; warmUp < warmUpCalls; warmUp += 1) await call(lane);
  });
  const round: Round = { perSecond: 0, latencies: [], errors: [] };
  let done = 0;
  const startedAt = performance.now();
  const endsAt = startedAt + seconds * 1_000;
  await onAllLanes(async (lane) => {
    while (performance.now() < endsAt) {
      const calledAt = performance.now();
      try {
        // Not `done += await`: that would read `done` before the wait and lose what other lanes add meanwhile.
        const count = await call(lane);
        done += count;
        round.latencies.push(performance.now() - calledAt);
      } catch (error) {
        round.errors.push(String(error));
      }
    }
  });
  return { ...round, perSecond: (done * 1_000) / (performance.now() - startedAt) };
}
