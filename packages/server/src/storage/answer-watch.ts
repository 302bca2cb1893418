import pg from 'pg';

// A network that swallows packets gives no sign: a statement on a connection that was open before would wait until the
// operating system gives up, a quarter of an hour later or never. A limit on the time of statements would cut honest
// long work. So a statement that stays without an answer is asked about, over a new connection.

/** A connection that can tell how long it has been waiting. */
export interface Watched {
  /** Since when a statement waits and no byte has moved (performance.now()); undefined: nothing waits. */
  silentSince(): number | undefined;
  /** The id that PostgreSQL, or a pooler, gave the session. */
  readonly processID: number | null;
  /** Ends the connection; what waits on it fails with the reason. */
  drop(reason: Error): void;
}

/** What a look at the database says of sessions that are silent. */
export type Verdict =
  /** It cannot even be reached: nothing will come on the old connections either. */
  | { kind: 'unreachable' }
  /** It answers, but says nothing of these sessions (a pooler stands in between, or it takes no more connections). */
  | { kind: 'unknown' }
  /** These sessions are at work; others have answered long ago, or are gone. */
  | { kind: 'known'; busy: ReadonlySet<number> };

export interface AnswerWatchOptions {
  /** Asks the database about sessions. */
  ask: (processIds: readonly number[]) => Promise<Verdict>;
  /** Statements that wait for longer are asked about, and again after each such time. */
  silenceMs?: number;
  /** How often to look. */
  everyMs?: number;
}

/** Drops connections whose answers will not come, and leaves alone those whose statements take their time. */
export class AnswerWatch {
  private readonly options: AnswerWatchOptions;
  private readonly watched = new Set<Watched>();
  private timer: NodeJS.Timeout | undefined;
  private isAsking = false;

  constructor(options: AnswerWatchOptions) {
    this.options = options;
  }

  add(connection: Watched): void {
    this.watched.add(connection);
    this.timer ??= setInterval(() => void this.look(), this.options.everyMs ?? 500).unref();
  }

  remove(connection: Watched): void {
    this.watched.delete(connection);
    if (this.watched.size > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }

  /** Drops all connections: they lead to where nobody shall write any more. */
  dropAll(reason: Error): void {
    for (const connection of this.watched) connection.drop(reason);
  }

  /** Asks once about what is silent, and drops what is lost. */
  async look(): Promise<void> {
    if (this.isAsking) return;
    const silent = this.silent();
    if (silent.length === 0) return;
    this.isAsking = true;
    try {
      const verdict = await this.options.ask(silent.map(({ processID }) => processID));
      for (const { connection, since, processID } of silent) {
        // An answer may have come meanwhile, and another statement been sent.
        if (connection.silentSince() !== since || !isLost(verdict, processID)) continue;
        connection.drop(new Error('Connection terminated: the database gave no answer'));
      }
    } finally {
      this.isAsking = false;
    }
  }

  private silent(): { connection: Watched; since: number; processID: number }[] {
    const before = performance.now() - (this.options.silenceMs ?? 4_000);
    return [...this.watched].flatMap((connection) => {
      const since = connection.silentSince();
      return since !== undefined && since < before ? [{ connection, since, processID: connection.processID ?? 0 }] : [];
    });
  }
}

function isLost(verdict: Verdict, processID: number): boolean {
  if (verdict.kind === 'known') return !verdict.busy.has(processID);
  return verdict.kind === 'unreachable';
}

/** Time for the database to answer a question about sessions. */
const PATIENCE_MS = 3_000;

/**
 * Asks PostgreSQL over a new connection which of these sessions are at work. A session that only waits for a synchronous
 * standby does not count: its transaction is written here, and whether it survives, nobody can say; the caller must not
 * be told that it does, nor wait for ever.
 */
export async function askAboutSessions(connectionString: string, processIds: readonly number[]): Promise<Verdict> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: PATIENCE_MS, query_timeout: PATIENCE_MS });
  client.on('error', () => {});
  try {
    await client.connect();
  } catch (error) {
    // With an SQLSTATE it was PostgreSQL that answered; codes of the network begin with E.
    const isAnswer = /^(?!E)[0-9A-Z]{5}$/.test(String((error as { code?: unknown }).code));
    return { kind: isAnswer ? 'unknown' : 'unreachable' };
  }
  try {
    const { rows } = await client.query<{ pid: number; own: number }>(
      `select pid, pg_backend_pid() as own from pg_stat_activity
        where pid = pg_backend_pid()
           or pid = any ($1) and (state not like 'idle%' or state_change > now() - interval '2 s')
                             and wait_event is distinct from 'SyncRep'`,
      [processIds],
    );
    const own = rows[0]?.own;
    // A pooler tells process ids of its own making, which say nothing here.
    if (own === undefined || own !== (client as { processID?: number | null }).processID) return { kind: 'unknown' };
    return { kind: 'known', busy: new Set(rows.map(({ pid }) => pid)) };
  } catch {
    return { kind: 'unknown' };
  } finally {
    client.end().catch(() => {});
  }
}
