type Given = Date | null | undefined;

/** When a run began and ended. A null end is a run that was never completed (ED-1). */
export interface RunDates {
  startDate: Date;
  endDate: Date | null;
}

/**
 * Returns the dates of an automated run. A missing start is the end if sent, else `now` (AU-3); a missing end is `now`,
 * or the start when that is later (AU-5). What was sent is kept as sent (AU-7).
 */
export function automatedDates(sent: { startDate?: Given; endDate?: Given }, now: Date): RunDates & { endDate: Date } {
  const startDate = sent.startDate ?? sent.endDate ?? now;
  const endDate = sent.endDate ?? (startDate > now ? startDate : now);
  return { startDate, endDate };
}

/**
 * Returns the dates of a manual run: its own end, else the one given for the whole call, else none (ED-3). A missing
 * start is the earliest start of a step, else the end, else `now` (rest-v7 12.4).
 */
export function manualDates(
  sent: { startDate?: Given; endDate?: Given; stepStartDates: readonly Given[] },
  callEndDate: Given,
  now: Date,
): RunDates {
  const endDate = sent.endDate ?? callEndDate ?? null;
  return { startDate: sent.startDate ?? earliest(sent.stepStartDates) ?? endDate ?? now, endDate };
}

function earliest(dates: readonly Given[]): Date | undefined {
  let first: Date | undefined;
  for (const date of dates) if (date && (!first || date < first)) first = date;
  return first;
}
