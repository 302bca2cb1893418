/** How long the runs of a product are kept. */
export interface RetentionSetting {
  /** Runs that ended longer ago may go; null: all runs are kept. */
  keepDays: number | null;
}

const LONGEST_DAYS = 36_500;
const DAY_MS = 86_400_000;

/** Returns whether a number of days can be asked for. */
export function isKeepDays(days: unknown): days is number {
  return Number.isInteger(days) && Number(days) >= 1 && Number(days) <= LONGEST_DAYS;
}

/** A run that was written to this recently stays until the next time: what follows from it may be on its way. */
const UNTOUCHED_MS = 5 * 60_000;

/** Which runs are old: by their end (without one, their start), and by when they were last written to. */
export interface Expiry {
  endedBefore: Date;
  untouchedSince: Date;
}

/** Returns what counts as old when so many days are kept. */
export function expiryOf(keepDays: number, now: Date): Expiry {
  return {
    endedBefore: new Date(now.getTime() - keepDays * DAY_MS),
    untouchedSince: new Date(now.getTime() - UNTOUCHED_MS),
  };
}
