import { Cron } from 'croner';
import type { ServerRefresh } from '../domain/refresh-mode.ts';

type Schedule = Pick<ServerRefresh, 'nightlyHour' | 'timeZone'>;

/** Returns the last time at or before `now` that the nightly round was due. */
export function lastNightlyTime(schedule: Schedule, now: Date): Date {
  // The library looks at whole seconds, strictly before the reference.
  const reference = new Date((Math.floor(now.getTime() / 1_000) + 1) * 1_000);
  return required(cronOf(schedule).previousRuns(1, reference)[0]);
}

/** Returns the next time after `now` that the nightly round is due. */
export function nextNightlyTime(schedule: Schedule, now: Date): Date {
  return required(cronOf(schedule).nextRun(now));
}

/** A job that is never started: only its times are asked for. It knows the days on which clocks are changed. */
function cronOf({ nightlyHour, timeZone }: Schedule): Cron {
  return new Cron(`0 ${nightlyHour} * * *`, { timezone: timeZone, paused: true });
}

function required(time: Date | null | undefined): Date {
  if (!time) throw new Error('A daily schedule has no time');
  return time;
}
