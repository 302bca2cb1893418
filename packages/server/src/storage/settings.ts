import {
  defaultServerRefresh,
  type EffectiveRefreshMode,
  effectiveRefreshMode,
  isRefreshMode,
  isTimeZone,
  type ProjectRefresh,
  type RefreshPolicy,
  refreshPolicy,
  type ServerRefresh,
} from '../domain/refresh-mode.ts';
import type { Queryable, Transaction } from './database.ts';

const REFRESH = 'refresh';
const NIGHTLY = 'nightly';

/** Returns the refresh settings stored for the server; a value that is missing or no longer allowed is the default. */
export async function findServerRefresh(db: Queryable): Promise<ServerRefresh> {
  const [row] = await db.query<{ value: Partial<Record<keyof ServerRefresh, unknown>> | null }>({
    name: 'find-setting',
    text: 'select value from setting where key = $1',
    values: [REFRESH],
  });
  const { mode, nightlyHour, timeZone, rollupsDisabled } = row?.value ?? {};
  return {
    mode: isRefreshMode(mode) ? mode : defaultServerRefresh.mode,
    nightlyHour: isHour(nightlyHour) ? nightlyHour : defaultServerRefresh.nightlyHour,
    timeZone: typeof timeZone === 'string' && isTimeZone(timeZone) ? timeZone : defaultServerRefresh.timeZone,
    rollupsDisabled: rollupsDisabled === true,
  };
}

function isHour(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 23;
}

/** Stores what is given of the server's refresh settings and keeps the rest. */
export async function updateServerRefresh(transaction: Transaction, change: Partial<ServerRefresh>): Promise<void> {
  await transaction.query(
    `insert into setting (key, value) values ($1, $2::jsonb)
       on conflict (key) do update set value = setting.value || excluded.value`,
    [REFRESH, JSON.stringify(change)],
  );
}

/** Returns the refresh settings of a project, undefined when there is no such project. */
export async function findProjectRefresh(db: Queryable, projectId: number): Promise<ProjectRefresh | undefined> {
  const [row] = await db.query<ProjectRefresh>({
    name: 'find-project-refresh',
    text: `select refresh_mode as mode, rollups_disabled as "rollupsDisabled" from project where project_id = $1`,
    values: [projectId],
  });
  return row;
}

/** Stores what is given of a project's refresh settings and keeps the rest. */
export async function updateProjectRefresh(
  transaction: Transaction,
  projectId: number,
  change: Partial<ProjectRefresh>,
): Promise<void> {
  await transaction.query(
    `update project set refresh_mode = case when $2 then $3 else refresh_mode end,
            rollups_disabled = coalesce($4, rollups_disabled)
      where project_id = $1`,
    [projectId, change.mode !== undefined, change.mode ?? null, change.rollupsDisabled ?? null],
  );
}

/** Returns the time that the last nightly round was due at, undefined before the first. */
export async function findNightlyRound(db: Queryable): Promise<Date | undefined> {
  const [row] = await db.query<{ dueAt: Date }>(
    `select (value ->> 'dueAt')::timestamptz as "dueAt" from setting where key = $1`,
    [NIGHTLY],
  );
  return row?.dueAt;
}

/**
 * Notes that the nightly round of `dueAt` has been taken up, and returns whether this call was the one to do so: of any
 * number of processes that ask for the same or an older round, exactly one is told yes. The very first call only starts
 * the count, since nothing was due before it.
 */
export async function claimNightlyRound(transaction: Transaction, dueAt: Date): Promise<boolean> {
  const [row] = await transaction.query<{ isFirst: boolean }>(
    `insert into setting (key, value) values ($1, jsonb_build_object('dueAt', $2::timestamptz))
       on conflict (key) do update set value = excluded.value
         where (setting.value ->> 'dueAt')::timestamptz < $2::timestamptz
     returning (xmax = 0) as "isFirst"`,
    [NIGHTLY, dueAt],
  );
  return row?.isFirst === false;
}

export interface RefreshSettingsOptions {
  fixed?: Partial<ServerRefresh>;
  /** How long answers are kept. */
  keptMs?: number;
  /** Is told when `forget` was called. */
  onForget?: () => void;
}

interface Known<Value> {
  /** Being asked for, or known: who asks meanwhile waits for the same answer. */
  value: Promise<Value>;
  until: number;
}

/**
 * The refresh settings as they hold now: what the configuration of this process fixes wins over what is stored. Every
 * recording asks for the mode of its project, so answers are kept for a moment; a change made by another process is
 * seen after it, one made in this process at once (`forget`).
 */
export class RefreshSettings {
  /** What the command line or the environment fixes; stored values are then without effect. */
  readonly fixed: Readonly<Partial<ServerRefresh>>;
  private readonly db: Queryable;
  private readonly keptMs: number;
  private readonly onForget: () => void;
  private readonly modes = new Map<number, Known<EffectiveRefreshMode>>();
  private known: Known<ServerRefresh> | undefined;

  constructor(db: Queryable, options: RefreshSettingsOptions = {}) {
    this.db = db;
    this.fixed = options.fixed ?? {};
    this.keptMs = options.keptMs ?? 1_000;
    this.onForget = options.onForget ?? (() => {});
  }

  /** Returns the settings as they hold inside an open transaction, nothing kept; `onForget`: they may have changed. */
  within(transaction: Queryable, onForget: () => void): RefreshSettings {
    return new RefreshSettings(transaction, { fixed: this.fixed, keptMs: 0, onForget });
  }

  /** Returns the settings that hold for the server. */
  async server(): Promise<ServerRefresh> {
    this.known = this.stillKnown(this.known) ?? this.asked(this.findServer());
    return this.known.value;
  }

  /** Returns the mode that holds for a project; for one that does not exist, `disabled`. */
  async modeOf(projectId: number): Promise<EffectiveRefreshMode> {
    const known = this.stillKnown(this.modes.get(projectId)) ?? this.asked(this.findMode(projectId));
    this.modes.set(projectId, known);
    return known.value;
  }

  private async findServer(): Promise<ServerRefresh> {
    return { ...(await findServerRefresh(this.db)), ...this.fixed };
  }

  private async findMode(projectId: number): Promise<EffectiveRefreshMode> {
    const project = await findProjectRefresh(this.db, projectId);
    return project ? effectiveRefreshMode(await this.server(), project) : 'disabled';
  }

  private stillKnown<Value>(known: Known<Value> | undefined): Known<Value> | undefined {
    return known && known.until > performance.now() ? known : undefined;
  }

  /** Keeps an answer from the moment it was asked for; one that failed is asked for again. */
  private asked<Value>(value: Promise<Value>): Known<Value> {
    const known = { value, until: performance.now() + this.keptMs };
    value.catch(() => {
      known.until = 0;
    });
    return known;
  }

  /** Returns what a call that changed facts of a project waits for. */
  async policyOf(projectId: number): Promise<RefreshPolicy> {
    return refreshPolicy(await this.modeOf(projectId));
  }

  /** Makes the next question read the database again. Call after a change of settings has been committed. */
  forget(): void {
    this.known = undefined;
    this.modes.clear();
    this.onForget();
  }
}
