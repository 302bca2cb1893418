import { openIncidentStatuses } from './tables.ts';

export interface Closing {
  statusId: number;
  /** The closed date that came with the change; missing and null say nothing. */
  sent: Date | null | undefined;
  stored: Date | null;
  now: Date;
}

/**
 * Returns the date on which an incident was closed, null while its status is an open one. A date sent wins, then the one
 * stored; else it is closed now.
 */
export function closedDateAfter({ statusId, sent, stored, now }: Closing): Date | null {
  return openIncidentStatuses.includes(statusId) ? null : (sent ?? stored ?? now);
}
