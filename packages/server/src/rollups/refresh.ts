import { isPendingUpTo } from '../storage/changes.ts';
import type { Database } from '../storage/database.ts';
import { type RefreshOptions, type RefreshReport, refreshRound } from './refresh-round.ts';

export interface RefreshPendingOptions extends RefreshOptions {
  /** Called after each round with what has been done so far. */
  onRound?: (done: RefreshReport) => Promise<void> | void;
  /** Stops between rounds; what was refreshed until then stays so. */
  signal?: AbortSignal | undefined;
}

/**
 * Brings the figures of a project up to date with everything that is pending at the start, round by round, so that
 * nobody waits long for the lock of figures whatever there is to do. What keeps arriving meanwhile does not keep it from
 * ending: the number of a change orders what was visible at one moment, and is asked for nothing else.
 */
export async function refreshPending(
  db: Database,
  projectId: number,
  { onRound, signal, ...options }: RefreshPendingOptions = {},
): Promise<RefreshReport> {
  const done: RefreshReport = { runs: 0, cases: 0, rowsChanged: 0 };
  let upTo: number | undefined;
  do {
    signal?.throwIfAborted();
    const round = await refreshRound(db, projectId, options);
    add(done, round);
    // A rest that was appended again has a number of its own and belongs to what was pending.
    if (upTo === undefined || round.hasRest) upTo = round.leftUpTo;
    await onRound?.({ ...done });
  } while (upTo !== undefined && (await isPendingUpTo(db, projectId, { upTo, ...options })));
  return done;
}

function add(sum: RefreshReport, part: RefreshReport): void {
  sum.runs += part.runs;
  sum.cases += part.cases;
  sum.rowsChanged += part.rowsChanged;
}
