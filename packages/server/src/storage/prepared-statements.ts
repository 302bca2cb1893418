import { randomBytes, randomUUID } from 'node:crypto';
import type pg from 'pg';
import { type NamedStatements, namedStatementsOf } from './pooler.ts';

/** `auto` finds out by itself; `on` trusts that a connection keeps what it has prepared; `off` prepares nothing. */
export type PreparedStatements = 'auto' | 'on' | 'off';

/** How the statements of one transaction are named and how it ends. */
export interface Naming {
  /** Returns the name to prepare a statement under, undefined to send it without one. */
  of(name: string): string | undefined;
  /** Sends the commit. */
  commit(): Promise<void>;
  /** Call when PostgreSQL did not have a statement that it should have had, or had one that it should not. */
  forget(): void;
}

/** A PostgreSQL session behind a pooler, as this process knows it. */
interface Session {
  /** Begins all names of this process in that session; never used twice, so that no name can be met that is not ours. */
  prefix: string;
  /** The driver's own record of what was parsed: text by name. */
  parsed: Record<string, string>;
}

/** The part of the driver's client that says which statements were parsed. */
interface DriverClient {
  connection: { parsedStatements: Record<string, string> };
}

/**
 * Where a session carries the token that we know it by: a custom setting of the session. It goes with the session, and
 * also with DISCARD ALL, which takes the prepared statements along; a process id would be given to another session.
 */
const TOKEN = 'runledger.session';
/** Longer names are cut off by PostgreSQL, and then two may be one. */
const LONGEST_NAME = 63;
/** Sessions that are known at once; beyond it the one met longest ago is forgotten. Poolers replace theirs by and by. */
const MOST_SESSIONS = 1_000;

/**
 * Keeps prepared statements usable behind any pooler. In transaction mode each transaction may meet another session of
 * PostgreSQL; `begin` therefore also reads the session's token, and the driver is given the record of what this process
 * has prepared there before. A session without a token is served without names once and gets its token with the commit.
 */
export class StatementNames {
  private readonly mode: PreparedStatements;
  private readonly kinds = new WeakMap<pg.ClientBase, NamedStatements>();
  private readonly sessions = new Map<string, Session>();
  /** Tells this process's statements from those of all others that meet the same session. */
  private readonly own = randomBytes(4).toString('hex');
  private readonly mostSessions: number;
  private met = 0;

  constructor(mode: PreparedStatements, mostSessions = MOST_SESSIONS) {
    this.mode = mode;
    this.mostSessions = mostSessions;
  }

  /** How many sessions behind a pooler are known. */
  get knownSessions(): number {
    return this.sessions.size;
  }

  /**
   * Notes what becomes of names on a new connection, before it is used otherwise. Only where a pooler shares its session
   * that takes a question.
   */
  async look(client: pg.ClientBase, { ownsSession }: { ownsSession: boolean }): Promise<void> {
    if (this.mode === 'auto') this.kinds.set(client, ownsSession ? 'kept' : await namedStatementsOf(client));
  }

  /** Returns whether a statement outside a transaction may be sent under its name. */
  keepsNames(client: pg.ClientBase): boolean {
    return this.mode === 'on' || (this.mode === 'auto' && this.kinds.get(client) === 'kept');
  }

  /** Begins a transaction and returns how its statements are named. */
  async begin(client: pg.ClientBase, begin: string): Promise<Naming> {
    if (this.mode === 'auto' && this.kinds.get(client) === 'passed') return this.beginPooled(client, begin);
    await client.query(begin);
    const keepsNames = this.keepsNames(client);
    return { of: (name) => (keepsNames ? name : undefined), commit: () => commit(client), forget: () => {} };
  }

  private async beginPooled(client: pg.ClientBase, begin: string): Promise<Naming> {
    // One round trip for all. The driver answers several statements with a list of results, which its types do not tell.
    const results = (await client.query(`${begin}; select current_setting('${TOKEN}', true) as token`)) as unknown;
    const token = (results as pg.QueryResult<{ token: string | null }>[]).at(-1)?.rows[0]?.token;
    return token ? this.inKnownSession(client, token) : this.inNewSession(client);
  }

  private inKnownSession(client: pg.ClientBase, token: string): Naming {
    const { prefix, parsed } = this.session(token);
    (client as unknown as DriverClient).connection.parsedStatements = parsed;
    return {
      of: (name) => {
        const used = prefix + name;
        return used.length > LONGEST_NAME ? undefined : used;
      },
      commit: () => commit(client),
      forget: () => this.sessions.delete(token),
    };
  }

  private inNewSession(client: pg.ClientBase): Naming {
    return {
      of: () => undefined,
      // For the session, but only if the transaction commits; then nothing has been prepared without a token.
      commit: async () => {
        await client.query(`select set_config('${TOKEN}', '${randomUUID()}', false); commit`);
      },
      forget: () => {},
    };
  }

  /** Returns what is known of a session and notes that it was met just now. */
  private session(token: string): Session {
    const session = this.sessions.get(token) ?? this.newSession();
    // A map keeps the order of insertion: the first is the one that was met longest ago.
    this.sessions.delete(token);
    this.sessions.set(token, session);
    if (this.sessions.size > this.mostSessions) {
      for (const oldest of this.sessions.keys()) {
        this.sessions.delete(oldest);
        break;
      }
    }
    return session;
  }

  private newSession(): Session {
    this.met += 1;
    return { prefix: `${this.own}.${this.met.toString(36)}.`, parsed: {} };
  }
}

async function commit(client: pg.ClientBase): Promise<void> {
  await client.query('commit');
}

/** Returns whether PostgreSQL has another idea of what is prepared than this process. */
export function isStatementMixUp(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return code === '26000' || code === '42P05';
}
