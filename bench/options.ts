/** A server to measure that was there before. */
export interface AnyServer {
  url: string;
  user: string;
  key: string;
  /** Record there instead of in a product that is made for the purpose. */
  projectId?: number;
}

/** What a run of the benchmark was asked for. */
export interface BenchOptions {
  /** Only show that everything still runs: the least that can be measured, in seconds, without verdicts on speed. */
  isShort: boolean;
  /** Length of one round of load. */
  seconds: number;
  /** Rounds of each side; medians of them are compared. */
  rounds: number;
  /** How many runs the products have whose growth is looked at, ascending. */
  sizes: readonly number[];
  /** An external PostgreSQL; databases are made and dropped there. */
  databaseUrl?: string;
  /** Where ledgers of generated products are kept and found again; without it they go when the benchmark ends. */
  keep?: string;
  server?: AnyServer;
}

const full = { isShort: false, seconds: 4, rounds: 3, sizes: [100_000, 1_000_000, 10_000_000] } as const;
const short = { isShort: true, seconds: 0.3, rounds: 1, sizes: [1_000, 3_000] } as const;

/** Options as the command line gives them. */
export interface GivenOptions {
  short?: true;
  seconds?: number;
  rounds?: number;
  sizes?: number[];
  databaseUrl?: string;
  keep?: string;
  url?: string;
  user?: string;
  key?: string;
  project?: number;
}

/** Returns the options of a run: what was given, and the defaults of the full or short form for the rest. */
export function benchOptions(given: GivenOptions, environment: NodeJS.ProcessEnv = process.env): BenchOptions {
  const { short: isShort, seconds, rounds, sizes, keep } = given;
  const databaseUrl = given.databaseUrl ?? environment['DATABASE_URL'];
  const server = serverOf(given);
  return {
    ...(isShort ? short : full),
    ...(seconds === undefined ? {} : { seconds }),
    ...(rounds === undefined ? {} : { rounds }),
    ...(sizes === undefined ? {} : { sizes: sizes.toSorted((a, b) => a - b) }),
    ...(databaseUrl === undefined ? {} : { databaseUrl }),
    ...(keep === undefined ? {} : { keep }),
    ...(server === undefined ? {} : { server }),
  };
}

function serverOf({ url, user, key, project }: GivenOptions): AnyServer | undefined {
  if (url === undefined) return undefined;
  if (user === undefined || key === undefined) throw new Error('--url needs --user and --key');
  return { url, user, key, ...(project === undefined ? {} : { projectId: project }) };
}

const factors: Record<string, number> = { '': 1, k: 1_000, m: 1_000_000, g: 1_000_000_000 };

/** Returns the number that a text such as `500`, `100k` or `10M` says. */
export function countFrom(text: string): number {
  const [, digits = '', unit = ''] = /^(\d+)([kmg]?)$/i.exec(text.trim()) ?? [];
  const factor = factors[unit.toLowerCase()];
  if (digits === '' || factor === undefined) throw new Error(`${text} is not a number such as 500, 100k or 10M`);
  return Number(digits) * factor;
}
