const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** How many days of history the sample product has. */
export const HISTORY_DAYS = 60;

/** The days of the sample's history, today being 0 and yesterday -1, all in UTC. */
export interface Calendar {
  now: Date;
  /** Returns a moment of a day, in minutes after midnight. */
  at(day: number, minutes: number): Date;
  isWorkingDay(day: number): boolean;
  isSaturday(day: number): boolean;
}

/** The days of the history, first to last. */
export const historyDays: readonly number[] = Array.from(
  { length: HISTORY_DAYS },
  (_, index) => index + 1 - HISTORY_DAYS,
);

/** Returns the calendar as seen from `now`. */
export function calendarOf(now: Date): Calendar {
  const today = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate());
  const at = (day: number, minutes: number) => new Date(today + day * DAY_MS + Math.round(minutes * MINUTE_MS));
  const weekday = (day: number) => at(day, 0).getUTCDay();
  return {
    now,
    at,
    isWorkingDay: (day) => weekday(day) >= 1 && weekday(day) <= 5,
    isSaturday: (day) => weekday(day) === 6,
  };
}
