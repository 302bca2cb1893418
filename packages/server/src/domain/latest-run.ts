/** What the figures need to know of a run. */
export interface RunResult {
  testRunId: number;
  executionStatusId: number;
  /** Milliseconds since 1970. A run without an end is not completed and counts nowhere. */
  endMs: number;
  /** Whole minutes. */
  actualDuration: number | null;
}

/** Returns the later of two results: the greater EndDate, of equal ones the greater id (LT-1). Undefined is no result. */
export function laterResult<Result extends RunResult>(
  one: Result | undefined,
  other: Result | undefined,
): Result | undefined {
  if (!one || !other) return one ?? other;
  const difference = one.endMs - other.endMs || one.testRunId - other.testRunId;
  return difference >= 0 ? one : other;
}

/** Returns the latest of some results, undefined when there is none. */
export function latestResult<Result extends RunResult>(results: Iterable<Result>): Result | undefined {
  let latest: Result | undefined;
  for (const result of results) latest = laterResult(latest, result);
  return latest;
}
