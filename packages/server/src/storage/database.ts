import { AsyncLocalStorage } from 'node:async_hooks';
import {
  CamelCasePlugin,
  Kysely,
  type Transaction as KyselyTransaction,
  PostgresDialect,
  type PostgresPool,
  type PostgresPoolClient,
} from 'kysely';
import pg from 'pg';
import type { DB } from './tables.generated.ts';

// Ids and counts fit a double exactly; numeric columns hold small decimals (points, days).
pg.types.setTypeParser(pg.types.builtins.INT8, Number);
pg.types.setTypeParser(pg.types.builtins.NUMERIC, Number);
pg.defaults.parseInputDatesAsUTC = true;

/** A statement for the hot paths. With a name it is prepared once per connection. */
export interface Statement {
  name?: string;
  text: string;
  values?: unknown[];
}

/** Where SQL can be sent: the pool (each statement for itself) or one transaction. */
export interface Queryable {
  /** Typed queries for everything that is not hot. */
  readonly kysely: Kysely<DB>;
  /** Hand-written SQL; returns the rows. */
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
  /** Off behind a pooler that cannot keep prepared statements (PgBouncer before 1.21 in transaction mode). */
  preparedStatements?: boolean;
  applicationName?: string;
  /** How long to wait for a free connection before answering that the database is unavailable. */
  connectTimeoutMs?: number;
}

/** The pool of connections, and the only way to a transaction. */
export class Database implements Queryable {
  readonly pool: pg.Pool;
  readonly kysely: Kysely<DB>;
  private readonly prepared: boolean;
  private readonly current = new AsyncLocalStorage<true>();

  constructor(options: DatabaseOptions) {
    this.prepared = options.preparedStatements ?? true;
    this.pool = new pg.Pool({
      connectionString: options.connectionString,
      max: options.poolSize ?? 10,
      connectionTimeoutMillis: options.connectTimeoutMs ?? 5_000,
      application_name: options.applicationName ?? 'runledger',
      keepAlive: true,
    });
    // A dropped idle connection is replaced on next use; without a listener it would end the process.
    this.pool.on('error', () => {});
    this.kysely = new Kysely<DB>({
      dialect: new PostgresDialect({ pool: this.pool }),
      plugins: [new CamelCasePlugin()],
    });
  }

  async query<Row extends object>(statement: Statement | string, values?: unknown[]): Promise<Row[]> {
    this.assertNoTransaction();
    const result = await this.pool.query<Row>(this.shaped(statement, values));
    return result.rows;
  }

  /**
   * Runs `work` in one transaction and returns its result; an error rolls everything back. Statements sent to the pool
   * from inside are refused, since they would silently run outside it.
   */
  async transaction<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result> {
    return this.within('begin', work);
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
      await client.query(begin);
      const result = await this.current.run(true, () => work(this.transactionOn(client)));
      await client.query('commit');
      return result;
    } catch (error) {
      await client.query('rollback').catch((failure: Error) => {
        broken = failure;
      });
      throw error;
    } finally {
      client.release(broken);
    }
  }

  async close(): Promise<void> {
    await this.pool.end();
  }

  private transactionOn(client: pg.PoolClient): Transaction {
    const kysely = new Kysely<DB>({
      dialect: new PostgresDialect({ pool: singleConnectionPool(client) }),
      plugins: [new CamelCasePlugin()],
    });
    return {
      isTransaction: true,
      kysely: kysely as unknown as KyselyTransaction<DB>,
      query: async <Row extends object>(statement: Statement | string, values?: unknown[]) => {
        const result = await client.query<Row>(this.shaped(statement, values));
        return result.rows;
      },
    };
  }

  private shaped(statement: Statement | string, values?: unknown[]): pg.QueryConfig {
    if (typeof statement === 'string') return values ? { text: statement, values } : { text: statement };
    const { name, ...rest } = statement;
    return name && this.prepared ? { name, ...rest } : rest;
  }

  private assertNoTransaction(): void {
    if (this.current.getStore())
      throw new Error('A transaction is open here: send the statement to it, not to the pool');
  }
}

/** Kysely asks a pool for connections; inside a transaction there is exactly one, which it must not release. */
function singleConnectionPool(client: pg.PoolClient): PostgresPool {
  const connection = { query: client.query.bind(client), release: () => {} } as PostgresPoolClient;
  return { connect: async () => connection, end: async () => {}, options: {} };
}
