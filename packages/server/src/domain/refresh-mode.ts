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
