import { big } from './big.ts';
import { faultSuite } from './faults.ts';
import { growth } from './growth.ts';
import { ingest } from './ingest.ts';
import { pooler } from './pooler.ts';
import { read } from './read.ts';
import { record } from './record.ts';
import { refresh } from './refresh.ts';
import { retention } from './retention.ts';
import type { Suite } from './suite.ts';

/**
 * All suites, in the order in which they run: reads come before suites that record into the same generated products, since
 * what lies behind the last whole block is read run by run. To add one: write `bench/<name>.ts` that exports a `Suite`, and
 * list it here; command line, help, report and the short form follow.
 */
export const suites: readonly Suite[] = [ingest, record, read, refresh, growth, big, retention, pooler, faultSuite];
