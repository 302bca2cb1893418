/** The moment at which tests happen, unless they say otherwise. */
export const NOON = new Date('2026-03-02T12:00:00.000Z');

/** A clock that stands still until it is told to move: pass `clock.now` where the server's clock is wanted. */
export function fixedClock(start: Date = NOON): { now: () => Date; advance: (milliseconds: number) => void } {
  let current = start.getTime();
  return {
    now: () => new Date(current),
    advance: (milliseconds) => {
      current += milliseconds;
    },
  };
}
