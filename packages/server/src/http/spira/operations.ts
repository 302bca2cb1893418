import type { Operation } from './operation.ts';
import { associationOperations } from './routes/associations.ts';
import { automationOperations } from './routes/automation.ts';
import { buildOperations } from './routes/builds.ts';
import { commentOperations } from './routes/comments.ts';
import { componentOperations } from './routes/components.ts';
import { coverageOperations } from './routes/coverage.ts';
import { customListOperations } from './routes/custom-lists.ts';
import { customPropertyOperations } from './routes/custom-properties.ts';
import { documentOperations } from './routes/documents.ts';
import { incidentOperations } from './routes/incidents.ts';
import { lookupOperations } from './routes/lookups.ts';
import { notKeptOperations } from './routes/not-kept.ts';
import { projectRoleOperations } from './routes/project-roles.ts';
import { projectUserOperations } from './routes/project-users.ts';
import { projectOperations } from './routes/projects.ts';
import { refreshCachesOperations } from './routes/refresh-caches.ts';
import { releaseTestCaseOperations } from './routes/release-test-cases.ts';
import { releaseOperations } from './routes/releases.ts';
import { requirementOperations } from './routes/requirements.ts';
import { systemOperations } from './routes/system.ts';
import { testCaseParameterOperations } from './routes/test-case-parameters.ts';
import { testCaseOperations } from './routes/test-cases.ts';
import { testConfigurationOperations } from './routes/test-configurations.ts';
import { testFolderOperations } from './routes/test-folders.ts';
import { testRunShellOperations } from './routes/test-run-shells.ts';
import { testRunOperations } from './routes/test-runs.ts';
import { testSetFolderOperations } from './routes/test-set-folders.ts';
import { testSetParameterOperations } from './routes/test-set-parameters.ts';
import { testSetRowOperations } from './routes/test-set-rows.ts';
import { testSetOperations } from './routes/test-sets.ts';
import { testStepOperations } from './routes/test-steps.ts';
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
  ...testRunOperations,
  ...testRunShellOperations,
  ...testSetFolderOperations,
  ...testSetParameterOperations,
  ...testSetRowOperations,
  ...testSetOperations,
  ...coverageOperations,
  ...requirementOperations,
  ...testCaseParameterOperations,
  ...testCaseOperations,
  ...testFolderOperations,
  ...testStepOperations,
  ...automationOperations,
  ...testConfigurationOperations,
  ...componentOperations,
  ...lookupOperations,
  ...customPropertyOperations,
  ...customListOperations,
  ...systemOperations,
  ...commentOperations,
  ...documentOperations,
  ...incidentOperations,
  ...associationOperations,
  ...notKeptOperations,
];
