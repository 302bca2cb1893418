import type { Operation } from './operation.ts';
import { buildOperations } from './routes/builds.ts';
import { releaseTestCaseOperations } from './routes/release-test-cases.ts';
import { releaseOperations } from './routes/releases.ts';

/** Every operation of the Spira face. A new file of routes adds its line here. */
export const operations: readonly Operation[] = [
  ...releaseOperations,
  ...releaseTestCaseOperations,
  ...buildOperations,
];
