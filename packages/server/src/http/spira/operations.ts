import type { Operation } from './operation.ts';
import { buildOperations } from './routes/builds.ts';
import { projectRoleOperations } from './routes/project-roles.ts';
import { projectUserOperations } from './routes/project-users.ts';
import { projectOperations } from './routes/projects.ts';
import { refreshCachesOperations } from './routes/refresh-caches.ts';
import { releaseTestCaseOperations } from './routes/release-test-cases.ts';
import { releaseOperations } from './routes/releases.ts';
import { testSetFolderOperations } from './routes/test-set-folders.ts';
import { testSetParameterOperations } from './routes/test-set-parameters.ts';
import { testSetRowOperations } from './routes/test-set-rows.ts';
import { testSetOperations } from './routes/test-sets.ts';
import { userOperations } from './routes/users.ts';

/** Every operation of the Spira face. A new file of routes adds its line here. */
export const operations: readonly Operation[] = [
  ...releaseOperations,
  ...refreshCachesOperations,
  ...userOperations,
  ...projectRoleOperations,
  ...projectUserOperations,
  ...projectOperations,
  ...releaseTestCaseOperations,
  ...buildOperations,
  ...testSetFolderOperations,
  ...testSetParameterOperations,
  ...testSetRowOperations,
  ...testSetOperations,
];
