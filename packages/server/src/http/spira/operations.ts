import type { Operation } from './operation.ts';
import { buildOperations } from './routes/builds.ts';
import { projectRoleOperations } from './routes/project-roles.ts';
import { projectUserOperations } from './routes/project-users.ts';
import { projectOperations } from './routes/projects.ts';
import { releaseTestCaseOperations } from './routes/release-test-cases.ts';
import { releaseOperations } from './routes/releases.ts';
import { userOperations } from './routes/users.ts';

/** Every operation of the Spira face. A new file of routes adds its line here. */
export const operations: readonly Operation[] = [
  ...releaseOperations,
  ...userOperations,
  ...projectRoleOperations,
  ...projectUserOperations,
  ...projectOperations,
  ...releaseTestCaseOperations,
  ...buildOperations,
];
