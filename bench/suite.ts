import type { BenchOptions } from './options.ts';
import type { PostgresServers } from './postgres/servers.ts';
import type { Report } from './report/report.ts';

/** What a suite is given to work with. */
export interface Bench {
  options: BenchOptions;
  /** Where its figures and its progress go. */
  report: Report;
  /** Started when first asked for, shared with the other suites of the same run. */
  postgres: PostgresServers;
}

/** One part of the benchmark: it starts what it needs, measures, adds figures to the report, and leaves nothing behind. */
export interface Suite {
  /** Its word on the command line, and the name of its file in bench/results. */
  name: string;
  /** One sentence: what its figures show. */
  shows: string;
  /** It can measure any server that speaks the Spira face (--url), over the wire alone. */
  measuresAnyServer?: true;
  run(bench: Bench): Promise<void>;
}
