import { embeddedPostgres, externalPostgres, type Postgres } from './postgres.ts';

/** The PostgreSQL servers of one run of the benchmark: each is started when a suite first asks, and stopped at the end. */
export class PostgresServers implements AsyncDisposable {
  private readonly options: { databaseUrl?: string; keep?: string };
  private readonly started = new Map<Postgres['kind'], Promise<Postgres | undefined>>();

  constructor(options: { databaseUrl?: string; keep?: string }) {
    this.options = options;
  }

  /** The PostgreSQL that the ledger brings along. */
  async embedded(): Promise<Postgres> {
    const found = await this.once('embedded', () => embeddedPostgres(this.options.keep));
    if (!found) throw new Error('There is no embedded PostgreSQL for this machine');
    return found;
  }

  /** The one that was named, else the one that is installed; undefined when there is neither. */
  external(): Promise<Postgres | undefined> {
    return this.once('external', () => externalPostgres(this.options.databaseUrl));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const server of this.started.values()) await (await server)?.[Symbol.asyncDispose]();
  }

  private once(kind: Postgres['kind'], start: () => Promise<Postgres | undefined>): Promise<Postgres | undefined> {
    const running = this.started.get(kind) ?? start();
    this.started.set(kind, running);
    return running;
  }
}
