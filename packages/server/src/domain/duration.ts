/** The most minutes that fit where they are stored; only dates thousands of years apart reach it. */
const MOST_MINUTES = 2_147_483_647;

/**
 * Returns the whole minutes from start to end, half a minute counting up, never negative (DU-3); null while there is
 * no end.
 */
export function actualMinutes(start: Date, end: Date | null): number | null {
  if (end === null) return null;
  const minutes = Math.round((end.getTime() - start.getTime()) / 60_000);
  return Math.min(Math.max(minutes, 0), MOST_MINUTES);
}
