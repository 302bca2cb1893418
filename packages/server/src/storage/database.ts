import { AsyncLocalStorage } from 'node:async_hooks';
import { CamelCasePlugin, Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { databaseFault } from '../domain/database-faults.ts';
import { type ConnectionPool, connectionPool } from './connection-pool.ts';
import type { DatabaseHosts } from './database-hosts.ts';
import { KnownReferences } from './known-references.ts';
import { OpenTransaction, shaped } from './open-transaction.ts';
import { beginCall, connectedInTime, type InCall } from './patience.ts';
import { notCompiled } from './planning.ts';
import { type PreparedStatements, StatementNames } from './prepared-statements.ts';
import { holdRunTables, isMissingRunPartition, makeRunPartitions } from './run-partitions.ts';
import type { DB } from './tables.generated.ts';

// Ids and counts fit a double exactly; numeric columns hold small decimals (points, days).
pg.types.setTypeParser(pg.types.builtins.INT8, Number);
pg.types.setTypeParser(pg.types.builtins.NUMERIC, Number);
pg.defaults.parseInputDatesAsUTC = true;

/** A statement for the hot paths. With a name it is prepared once in each session of PostgreSQL. */
export interface Statement {
  name?: string;
  text: string;
  values?: unknown[];
}

/** Where SQL can be sent: the pool (each statement for itself) or one transaction. */
export interface Queryable {
  /** Typed queries for everything that is not hot. */
  readonly kysely: Kysely<DB>;
  /**
   * Hand-written SQL; returns the rows. In a transaction statements are run in the order in which they were sent, each on
   * its own; those that do not need each other's rows can be sent without waiting (`Promise.all`), in one round trip.
   */
  query<Row extends object>(statement: Statement | string, values?: unknown[]): Promise<Row[]>;
}

/** What can also give one snapshot to several statements. */
export interface Readable extends Queryable {
  /** Runs `work` on one snapshot of the data, without locks and without a way to write; returns its result. */
  snapshot<Result>(work: (snapshot: Queryable) => Promise<Result>): Promise<Result>;
}

/** One open transaction (READ COMMITTED). Only commands and roll-ups are handed one. */
export interface Transaction extends Queryable {
  readonly isTransaction: true;
  /** What this process keeps of the things that runs refer to. */
  readonly knownReferences: KnownReferences;
}

export interface DatabaseOptions {
  /** `postgres://user:password@host/database`; of several hosts, separated by commas, the one that takes writes is used. */
  connectionString: string;
  /** Most connections held at once. */
  poolSize?: number;
  /** Default `auto`: prepared statements are used directly and behind any pooler. */
  preparedStatements?: PreparedStatements;
  applicationName?: string;
  /**
   * Default yes: statements of a transaction that do not wait for each other's answers travel together. Without, the
   * connections can also COPY.
   */
  pipelined?: boolean;
  /**
   * How long to wait for a free connection, or for all that one call needs, before answering that the database is
   * unavailable. With what else a call may wait for (a twin of its request, its figures) the 4 s of the default stay below
   * the 15 s after which clients give up; as much for each wait would not.
   */
  connectTimeoutMs?: number;
  /** Statements without an answer for so long are asked about, and given up if none will come. */
  silenceMs?: number;
  /** Called before each transaction that may write; rejects when the database must not be given more to store. */
  beforeWriting?: () => Promise<void>;
}

const begin = 'begin';
const beginSnapshot = `begin isolation level repeatable read, read only; ${holdRunTables}`;
/** What a session of our own has from its start, for one that a pooler shares. */
const settings = `set local ${notCompiled.setting} = ${notCompiled.value}`;

/** The pool of connections, and the only way to a transaction. */
export class Database implements Readable {
  readonly pool: pg.Pool;
  readonly kysely: Kysely<DB>;
  private readonly names: StatementNames;
  private readonly knownReferences = new KnownReferences();
  private readonly current = new AsyncLocalStorage<true>();
  private readonly hosts: DatabaseHosts;
  private readonly ownsSession: ConnectionPool['ownsSession'];
  private readonly beforeWriting: () => Promise<void>;
  private readonly connectTimeoutMs: number;

  constructor(options: DatabaseOptions) {
    this.connectTimeoutMs = options.connectTimeoutMs ?? 4_000;
    this.names = new StatementNames(options.preparedStatements ?? 'auto');
    this.beforeWriting = options.beforeWriting ?? (async () => {});
    const { pool, hosts, ownsSession } = connectionPool({
      connectionString: options.connectionString,
      poolSize: options.poolSize ?? 10,
      applicationName: options.applicationName ?? 'runledger',
      connectTimeoutMs: this.connectTimeoutMs,
      silenceMs: options.silenceMs,
      onConnect: (client, session) => this.names.look(client, session),
      pipeline: options.pipelined ?? true,
    });
    this.pool = pool;
    this.hosts = hosts;
    this.ownsSession = ownsSession;
    this.kysely = new Kysely<DB>({
      dialect: new PostgresDialect({ pool: { connect: () => this.connect(), end: () => pool.end(), options: {} } }),
      plugins: [new CamelCasePlugin()],
    });
  }

  async query<Row extends object>(statement: Statement | string, values?: unknown[]): Promise<Row[]> {
    this.assertNoTransaction();
    const client = await this.connect();
    let failure: Error | undefined;
    try {
      const keepsNames = this.names.keepsNames(client);
      const result = await client.query<Row>(shaped(statement, values, (name) => (keepsNames ? name : undefined)));
      return result.rows;
    } catch (error) {
      failure = error as Error;
      this.hosts.noteFailure(error);
      throw error;
    } finally {
      // After a failure a new connection costs less than one in a state that nobody knows.
      client.release(failure);
    }
  }

  /**
   * Runs `work` in one transaction and returns its result; an error rolls everything back. Statements sent to the pool
   * from inside are refused, since they would silently run outside it. `work` is done again from its start when it came
   * before the partition that its runs belong to; that is rare, since partitions are made ahead.
   */
  async transaction<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result> {
    await this.beforeWriting();
    try {
      return await this.within(begin, work);
    } catch (error) {
      if (!isMissingRunPartition(error)) throw error;
      await makeRunPartitions(this);
      return this.within(begin, work);
    }
  }

  /** Runs `work` on one snapshot of the data, without locks and without a way to write; returns its result. */
  async snapshot<Result>(work: (snapshot: Queryable) => Promise<Result>): Promise<Result> {
    return this.within(beginSnapshot, work);
  }

  private async within<Result>(opening: string, work: (transaction: Transaction) => Promise<Result>): Promise<Result> {
    this.assertNoTransaction();
    const client = await this.connect();
    let broken: Error | undefined;
    try {
      const started = this.ownsSession(client) ? opening : `${opening}; ${settings}`;
      const opened = await OpenTransaction.begin(client, {
        names: this.names,
        begin: started,
        knownReferences: this.knownReferences,
      });
      const result = await this.current.run(true, () => work(opened));
      await opened.commit();
      return result;
    } catch (error) {
      broken = await this.rolledBack(client, error);
      throw error;
    } finally {
      client.release(broken);
    }
  }

  /** Rolls back and returns why the connection must not be used again, if so: then PostgreSQL rolls back by itself. */
  private async rolledBack(client: pg.PoolClient, cause: unknown): Promise<Error | undefined> {
    this.hosts.noteFailure(cause);
    if (databaseFault(cause) === 'unavailable') return cause as Error;
    return client.query('rollback').then(
      () => undefined,
      (failure: Error) => failure,
    );
  }

  /** Returns what runs the parts of a call that begins now: together they wait for connections as long as one may. */
  beginCall(): InCall {
    return beginCall(this.connectTimeoutMs);
  }

  private async connect(): Promise<pg.PoolClient> {
    try {
      // A free one is there at once.
      if (this.pool.idleCount > 0) return await this.pool.connect();
      return await connectedInTime(() => this.pool.connect());
    } catch (error) {
      this.hosts.noteFailure(error);
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.pool.end();
  }

  private assertNoTransaction(): void {
    if (this.current.getStore())
      throw new Error('A transaction is open here: send the statement to it, not to the pool');
  }
}
