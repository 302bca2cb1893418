/** When figures follow bulk results (DC-5, BK-8). */
export const refreshModes = ['manual', 'nightly', 'continuous', 'immediate'] as const;
export type RefreshMode = (typeof refreshModes)[number];

/** What holds for one project in the end. `disabled`: roll-ups are off, figures stay until someone asks (5.9). */
export type EffectiveRefreshMode = RefreshMode | 'disabled';

/** The settings of the whole server. */
export interface ServerRefresh {
  mode: RefreshMode;
  /** The hour at which the nightly refresh starts, 0 to 23, in `timeZone`. */
  nightlyHour: number;
  /** An IANA name such as Europe/Vienna. */
  timeZone: string;
  rollupsDisabled: boolean;
}

/** The settings of one project. No mode: the server's holds. */
export interface ProjectRefresh {
  mode: RefreshMode | null;
  rollupsDisabled: boolean;
}

export const defaultServerRefresh: ServerRefresh = {
  mode: 'nightly',
  nightlyHour: 2,
  timeZone: 'UTC',
  rollupsDisabled: false,
};

/** Returns the mode that holds for a project: switched off anywhere wins, then its own mode, then the server's. */
export function effectiveRefreshMode(
  server: Pick<ServerRefresh, 'mode' | 'rollupsDisabled'>,
  project: ProjectRefresh,
): EffectiveRefreshMode {
  if (server.rollupsDisabled || project.rollupsDisabled) return 'disabled';
  return project.mode ?? server.mode;
}

/** What a mode means for a call that changed facts, and for the refresh that follows it. */
export interface RefreshPolicy {
  /** Off: nothing is refreshed until asked for. */
  isEnabled: boolean;
  /** Bulk calls, too, answer when their figures are exact. */
  bulkAtOnce: boolean;
  /** The refresh after a single change takes pending bulk results along; without, they wait for their own refresh. */
  includeBulk: boolean;
}

/**
 * Returns what a mode asks of the refresh after a commit (BK-5, BK-6, BK-8). In `continuous` mode, too, a single result
 * does not wait for the bulk results before it: the background loop takes these.
 */
export function refreshPolicy(mode: EffectiveRefreshMode): RefreshPolicy {
  const isImmediate = mode === 'immediate';
  return { isEnabled: mode !== 'disabled', bulkAtOnce: isImmediate, includeBulk: isImmediate };
}

/** Returns whether a text is the name of a refresh mode. */
export function isRefreshMode(text: unknown): text is RefreshMode {
  return refreshModes.some((mode) => mode === text);
}

/** Returns whether a text names a time zone that can be reckoned with. */
export function isTimeZone(text: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
    return true;
  } catch {
    return false;
  }
}
