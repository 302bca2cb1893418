import pg from 'pg';
import { AnswerWatch, askAboutSessions, type Watched } from './answer-watch.ts';
import { DatabaseHosts } from './database-hosts.ts';
import { notCompiled } from './planning.ts';

export interface ConnectionPoolOptions {
  /** May name several hosts; the one that takes writes is used. */
  connectionString: string;
  poolSize: number;
  applicationName: string;
  /** How long to wait for a free connection, and for a new one to open. */
  connectTimeoutMs: number;
  /** Statements that wait for longer are asked about. */
  silenceMs?: number | undefined;
  /** Statements may follow each other before the first is answered. */
  pipeline?: boolean;
  /** Looks at a new connection before it is used. */
  onConnect?: (client: pg.ClientBase, session: { ownsSession: boolean }) => Promise<void>;
}

/** A pool, and what decides where its connections lead. */
export interface ConnectionPool {
  pool: pg.Pool;
  hosts: DatabaseHosts;
  /** Whether what is set in the session of a connection stays; else a pooler shares it, and a transaction sets its own. */
  ownsSession(client: pg.ClientBase): boolean;
}

/**
 * A session that is silent within a transaction for so long is ended by PostgreSQL, with the locks that it holds: its
 * process may have been cut off without either side being told. The process itself is never that silent.
 */
const IDLE_IN_TRANSACTION_MS = 15_000;

/**
 * Returns a pool whose connections cannot hang: opening one is limited in time, one that was cut off without a sign is
 * dropped when it is waited for, and a dead one that nobody waits for is noticed by probes of the operating system.
 */
export function connectionPool(options: ConnectionPoolOptions): ConnectionPool {
  const { connectionString, poolSize, applicationName, connectTimeoutMs, silenceMs } = options;
  const hosts = new DatabaseHosts(connectionString, () =>
    watch.dropAll(new Error('Connection terminated: another host has taken over')),
  );
  const owners = new WeakSet<pg.ClientBase>();
  const watch = new AnswerWatch({
    ask: (processIds) => askAboutSessions(hosts.current, processIds),
    ...(silenceMs === undefined ? {} : { silenceMs }),
  });
  const pool = new pg.Pool({
    // Clients ask for the host of the moment instead.
    connectionString,
    Client: clientClass(hosts, watch),
    max: poolSize,
    connectionTimeoutMillis: connectTimeoutMs,
    application_name: applicationName,
    pipeline: options.pipeline,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    // The pool waits for it, which its types do not tell.
    onConnect: async (client) => {
      const ownsSession = await prepareSession(client as LedgerClient, hosts);
      if (ownsSession) owners.add(client);
      await options.onConnect?.(client, { ownsSession });
    },
  });
  // A dropped idle connection is replaced on next use; without a listener it would end the process.
  pool.on('error', () => {});
  return { pool, hosts, ownsSession: (client) => owners.has(client) };
}

interface LedgerClient extends pg.Client, Watched {}

/** The pool makes its clients itself, so they learn where to connect from the class. */
function clientClass(hosts: DatabaseHosts, watch: AnswerWatch): new () => pg.ClientBase {
  return class extends pg.Client implements Watched {
    declare readonly processID: number | null;
    private sentAt: number | undefined;
    private progress = '';

    constructor(config?: pg.ClientConfig) {
      super({ ...config, connectionString: hosts.current });
      // While somebody uses a connection the pool does not listen, and a fault without a listener ends the process. Its
      // user learns of the fault from the statement that fails.
      this.on('error', () => {});
      this.on('drain', () => {
        this.sentAt = undefined;
      });
      watch.add(this);
      this.once('end', () => watch.remove(this));
    }

    // biome-ignore lint/suspicious/noExplicitAny: it stands for all the forms of the driver's own.
    override query(...statement: any[]): any {
      this.sentAt ??= performance.now();
      return super.query(...(statement as [string]));
    }

    silentSince(): number | undefined {
      if (this.sentAt === undefined) return undefined;
      const { bytesRead, writableLength } = this.connection.stream as { bytesRead?: number; writableLength?: number };
      const progress = `${bytesRead} ${writableLength}`;
      // A large statement may be on its way for long, and so may its answer.
      if (progress !== this.progress) this.sentAt = performance.now();
      this.progress = progress;
      return this.sentAt;
    }

    drop(reason: Error): void {
      this.connection.stream.destroy(reason);
    }
  };
}

/**
 * Makes a new session ready: refuses one with a host that does not take writes where there are others, limits its silence
 * within transactions, and keeps statements from being compiled. Behind a pooler sessions are shared, so nothing is set
 * there; a pooler's process id is of its own making, which tells it. Returns whether the session is this connection's own.
 */
async function prepareSession(client: LedgerClient, hosts: DatabaseHosts): Promise<boolean> {
  const { rows } = await client.query<{ isStandby: boolean; set: string[] | null }>(
    `select pg_is_in_recovery() as "isStandby",
            case when pg_backend_pid() = $1
                 then array[set_config('idle_in_transaction_session_timeout', $2, false), set_config($3, $4, false)] end as set`,
    [client.processID, `${IDLE_IN_TRANSACTION_MS}ms`, notCompiled.setting, notCompiled.value],
  );
  const [session] = rows;
  if (hosts.areSeveral && session?.isStandby) throw new Error('Connection terminated: the host is a standby');
  return session?.set != null;
}
