import pg from 'pg';
import { databaseFault } from '../domain/database-faults.ts';

// A connection string may name several hosts, as it may for PostgreSQL's own programs
// (https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-MULTIPLE-HOSTS):
// `postgres://user:password@one:5432,two:5432/database`. The driver knows only one, so the choice is made here.

const withAuthority = /^(postgres(?:ql)?:\/\/)((?:[^/?#]*@)?)([^/?#]*)(.*)$/s;

/** Returns a connection string for each host that a connection string names; the rest of it is the same for all. */
export function hostsOf(connectionString: string): string[] {
  const [, scheme = '', user = '', hosts = '', rest = ''] = withAuthority.exec(connectionString) ?? [];
  if (!hosts.includes(',')) return [connectionString];
  return hosts.split(',').map((host) => `${scheme}${user}${host}${withoutTarget(rest)}`);
}

/** The driver takes what it does not know for a setting of the session; which host is wanted is decided here. */
function withoutTarget(rest: string): string {
  return rest.replace(/([?&])target_session_attrs=[^&]*(&|$)/, (_all, before: string, after: string) =>
    after === '&' ? before : '',
  );
}

/** What one host says of itself. */
export interface HostState {
  connectionString: string;
  /** It follows another one, or refuses to write. */
  isReadOnly: boolean;
  /** Each promotion of a standby begins a new, higher one. */
  timeline: number;
}

/** Time for one host to answer. */
const PATIENCE_MS = 4_000;

/** Returns what a host says; rejects when it does not answer in time. */
export async function askHost(connectionString: string): Promise<HostState> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: PATIENCE_MS, query_timeout: PATIENCE_MS });
  client.on('error', () => {});
  try {
    await client.connect();
    const { rows } = await client.query<Omit<HostState, 'connectionString'>>(
      `select pg_is_in_recovery() or current_setting('default_transaction_read_only')::boolean as "isReadOnly",
              case when pg_is_in_recovery() then 0
                   else ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int end as timeline`,
    );
    const [row] = rows;
    if (!row) throw new Error('The host did not say what it is');
    return { connectionString, ...row };
  } finally {
    client.end().catch(() => {});
  }
}

/**
 * Returns the host to write to: of those that take writes the one on the highest timeline, the present one if it is
 * among equals. Undefined when none is at least on the timeline that was used before: a primary that was replaced and
 * comes back has missed what its successor acknowledged.
 */
export function hostToUse(
  states: readonly HostState[],
  { current, timeline }: { current: string; timeline: number },
): HostState | undefined {
  const [best] = states
    .filter((state) => !state.isReadOnly && state.timeline >= timeline)
    .toSorted(
      (a, b) =>
        b.timeline - a.timeline || Number(b.connectionString === current) - Number(a.connectionString === current),
    );
  return best;
}

/** The hosts of a database, of which one is used at a time. */
export class DatabaseHosts {
  private readonly hosts: readonly string[];
  private readonly onChange: () => void;
  private used: string;
  private timeline = 0;
  private looking: Promise<void> | undefined;

  constructor(connectionString: string, onChange: () => void) {
    this.hosts = hostsOf(connectionString);
    this.used = this.hosts[0] ?? connectionString;
    this.onChange = onChange;
  }

  /** There is a choice. */
  get areSeveral(): boolean {
    return this.hosts.length > 1;
  }

  /** The connection string to use now. */
  get current(): string {
    return this.used;
  }

  /** Tells of work that failed: what the database cannot do here it may do on another host. */
  noteFailure(error: unknown): void {
    if (this.areSeveral && databaseFault(error) === 'unavailable') void this.look();
  }

  /** Asks all hosts, and goes over to the one that takes writes; callers at the same time share one round. */
  look(): Promise<void> {
    this.looking ??= this.ask().finally(() => {
      this.looking = undefined;
    });
    return this.looking;
  }

  private async ask(): Promise<void> {
    if (!this.areSeveral) return;
    const answers = await Promise.allSettled(this.hosts.map((host) => askHost(host)));
    const states = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
    const chosen = hostToUse(states, { current: this.used, timeline: this.timeline });
    if (!chosen) return;
    this.timeline = chosen.timeline;
    if (chosen.connectionString === this.used) return;
    this.used = chosen.connectionString;
    this.onChange();
  }
}
