import {
  CamelCasePlugin,
  Kysely,
  type Transaction as KyselyTransaction,
  PostgresDialect,
  type PostgresPool,
  type PostgresPoolClient,
} from 'kysely';
import type pg from 'pg';
import type { Statement, Transaction } from './database.ts';
import type { KnownReferences } from './known-references.ts';
import { isStatementMixUp, type Naming, type StatementNames } from './prepared-statements.ts';
import type { DB } from './tables.generated.ts';

/** Returns a statement as the driver takes it, under the name that it may have here. */
export function shaped(
  statement: Statement | string,
  values: unknown[] | undefined,
  nameOf: (name: string) => string | undefined,
): pg.QueryConfig {
  if (typeof statement === 'string') return values ? { text: statement, values } : { text: statement };
  const { name, ...rest } = statement;
  const used = name === undefined ? undefined : nameOf(name);
  return used === undefined ? rest : { name: used, ...rest };
}

/** What a transaction is opened with. */
interface Opening {
  names: StatementNames;
  /** The statements that begin it. */
  begin: string;
  knownReferences: KnownReferences;
}

/** A transaction on a connection of the pool, which its opener gives back. */
export class OpenTransaction implements Transaction {
  readonly isTransaction = true;
  readonly kysely: Kysely<DB>;
  readonly knownReferences: KnownReferences;
  private readonly client: pg.PoolClient;
  private readonly names: StatementNames;
  private readonly beginText: string;
  private naming: Naming;
  private sent = 0;
  /** Why statements are not run any more. */
  private failure: unknown;
  /** The statement sent last on a connection without pipelining. */
  private earlier: Promise<unknown> = Promise.resolve();

  static async begin(client: pg.PoolClient, opening: Opening): Promise<OpenTransaction> {
    return new OpenTransaction({ client, ...opening, naming: await opening.names.begin(client, opening.begin) });
  }

  private constructor(parts: Opening & { client: pg.PoolClient; naming: Naming }) {
    this.knownReferences = parts.knownReferences;
    this.client = parts.client;
    this.names = parts.names;
    this.beginText = parts.begin;
    this.naming = parts.naming;
    const send = (...query: Parameters<pg.PoolClient['query']>) => {
      this.sent += 1;
      return this.client.query(...query);
    };
    const kysely = new Kysely<DB>({
      dialect: new PostgresDialect({ pool: singleConnectionPool(send) }),
      plugins: [new CamelCasePlugin()],
    });
    this.kysely = kysely as unknown as KyselyTransaction<DB>;
  }

  async query<Row extends object>(statement: Statement | string, values?: unknown[]): Promise<Row[]> {
    this.sent += 1;
    try {
      return await this.send<Row>(statement, values);
    } catch (error) {
      if (!isStatementMixUp(error)) throw this.causeOf(error);
      // Somebody else has removed what this process had prepared in that session. Nothing was done before: once more.
      this.naming.forget();
      if (this.sent > 1) throw error;
      await this.client.query('rollback');
      this.naming = await this.names.begin(this.client, this.beginText);
      return this.send<Row>(statement, values);
    }
  }

  /** Of statements that travel together, those behind the one that failed only say that there was one. */
  private causeOf(error: unknown): unknown {
    this.failure ??= error;
    return (error as { code?: unknown }).code === '25P02' ? this.failure : error;
  }

  commit(): Promise<void> {
    return this.naming.commit();
  }

  private async send<Row extends object>(statement: Statement | string, values?: unknown[]): Promise<Row[]> {
    const sending = () => this.client.query<Row>(shaped(statement, values, (name) => this.naming.of(name)));
    if (this.client.pipeline) return (await sending()).rows;
    // Without pipelining the driver takes one at a time.
    const inTurn = this.earlier.then(sending, sending);
    this.earlier = inTurn;
    return (await inTurn).rows;
  }
}

/** Kysely asks a pool for connections; inside a transaction there is exactly one, which it must not release. */
function singleConnectionPool(query: (...query: never[]) => unknown): PostgresPool {
  const connection = { query, release: () => {} } as unknown as PostgresPoolClient;
  return { connect: async () => connection, end: async () => {}, options: {} };
}
