/** What decides what happens when the status of a test set becomes Completed (semantics 3.4). */
export interface CompletedTestSet {
  recurrenceId: number | null;
  plannedDate: Date | null;
  /** The set has rows, and the latest run of each is Passed. */
  isAllPassed: boolean;
  /** The project wants a completed set without failures to lose its owner. */
  unassigns: boolean;
}

/** What changes besides the status; absent means it stays. */
export interface AfterCompletion {
  testSetStatusId?: number;
  plannedDate?: Date;
  ownerId?: null;
}

export const TestSetStatus = { NotStarted: 1, InProgress: 2, Completed: 3, Blocked: 4, Deferred: 5 } as const;

/**
 * Returns what follows from completing a set. One that recurs waits for its next time: planned one period on, Not
 * Started again, and still its owner's. Any other loses its owner when all of its rows passed.
 */
export function afterCompletion(set: CompletedTestSet): AfterCompletion {
  if (set.recurrenceId !== null) {
    return {
      testSetStatusId: TestSetStatus.NotStarted,
      ...(set.plannedDate ? { plannedDate: onePeriodOn(set.plannedDate, set.recurrenceId) } : {}),
    };
  }
  return set.isAllPassed && set.unassigns ? { ownerId: null } : {};
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const milliseconds: Readonly<Record<number, number>> = { 1: HOUR, 2: DAY, 3: 7 * DAY };
const months: Readonly<Record<number, number>> = { 4: 1, 5: 3, 6: 12 };

/** The last instant that the wire can show. */
const END_OF_TIME = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** Returns the date one hour, day, week, month, quarter or year later; the 31st becomes the last day of a short month. */
export function onePeriodOn(from: Date, recurrenceId: number): Date {
  const next = periodAfter(from, recurrenceId);
  return next.getTime() <= END_OF_TIME ? next : from;
}

function periodAfter(from: Date, recurrenceId: number): Date {
  const period = milliseconds[recurrenceId];
  if (period !== undefined) return new Date(from.getTime() + period);
  const next = new Date(from);
  next.setUTCMonth(from.getUTCMonth() + (months[recurrenceId] ?? 0));
  // Too many days for that month: it ran over into the one after.
  if (next.getUTCDate() !== from.getUTCDate()) next.setUTCDate(0);
  return next;
}
