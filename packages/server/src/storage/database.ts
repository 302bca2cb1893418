import { AsyncLocalStorage } from 'node:async_hooks';
import { CamelCasePlugin, Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { OpenTransaction, shaped } from './open-transaction.ts';
import { isStatementMixUp, type PreparedStatements, StatementNames } from './prepared-statements.ts';
import { isMissingRunPartition, makeRunPartitions } from './run-partitions.ts';
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

/** One open transaction (READ COMMITTED). Only commands and roll-ups are handed one. */
export interface Transaction extends Queryable {
  readonly isTransaction: true;
}

export interface DatabaseOptions {
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
  /** How long to wait for a free connection before answering that the database is unavailable. */
  connectTimeoutMs?: number;
}

/** The pool of connections, and the only way to a transaction. */
export class Database implements Queryable {
  readonly pool: pg.Pool;
  readonly kysely: Kysely<DB>;
  private readonly names: StatementNames;
  private readonly current = new AsyncLocalStorage<true>();

  constructor(options: DatabaseOptions) {
    this.names = new StatementNames(options.preparedStatements ?? 'auto');
    this.pool = new pg.Pool({
      connectionString: options.connectionString,
      max: options.poolSize ?? 10,
      connectionTimeoutMillis: options.connectTimeoutMs ?? 5_000,
      application_name: options.applicationName ?? 'runledger',
      keepAlive: true,
      // The pool waits for it, which its types do not tell.
      onConnect: (client) => this.names.look(client),
      pipeline: options.pipelined ?? true,
    });
    // A dropped idle connection is replaced on next use; without a listener it would end the process.
    this.pool.on('error', () => {});
    // The same for one in use: whoever uses it is told by the statement that fails.
    this.pool.on('connect', (client) => client.on('error', () => {}));
    this.kysely = new Kysely<DB>({
      dialect: new PostgresDialect({ pool: this.pool }),
      plugins: [new CamelCasePlugin()],
    });
  }

  async query<Row extends object>(statement: Statement | string, values?: unknown[]): Promise<Row[]> {
    this.assertNoTransaction();
    const client = await this.pool.connect();
    try {
      const keepsNames = this.names.keepsNames(client);
      const result = await client.query<Row>(shaped(statement, values, (name) => (keepsNames ? name : undefined)));
      client.release();
      return result.rows;
    } catch (error) {
      // Whatever went wrong: a new connection costs less than one in a state that nobody knows.
      client.release(error as Error);
      throw error;
    }
  }

  /**
   * Runs `work` in one transaction and returns its result; an error rolls everything back. Statements sent to the pool
   * from inside are refused, since they would silently run outside it. `work` is done again from its start when it came
   * before the partition that its runs belong to; that is rare, since partitions are made ahead.
   */
  async transaction<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result> {
    try {
      return await this.within('begin', work);
    } catch (error) {
      if (!isMissingRunPartition(error)) throw error;
      await makeRunPartitions(this);
      return this.within('begin', work);
    }
  }

  /** Runs `work` on one snapshot of the data, without locks and without a way to write; returns its result. */
  async snapshot<Result>(work: (snapshot: Queryable) => Promise<Result>): Promise<Result> {
    return this.within('begin isolation level repeatable read, read only', work);
  }

  private async within<Result>(begin: string, work: (transaction: Transaction) => Promise<Result>): Promise<Result> {
    this.assertNoTransaction();
    const client = await this.pool.connect();
    let broken: Error | undefined;
    try {
      const opened = await OpenTransaction.begin(client, this.names, begin);
      const result = await this.current.run(true, () => work(opened));
      await opened.commit();
      return result;
    } catch (error) {
      await client.query('rollback').catch((failure: Error) => {
        broken = failure;
      });
      // The connection goes on with a wrong idea of what is prepared on it.
      if (isStatementMixUp(error)) broken = error as Error;
      throw error;
    } finally {
      client.release(broken);
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
