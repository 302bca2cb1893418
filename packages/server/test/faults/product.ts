import { Caller } from './caller.ts';

/** A product that is recorded in while faults happen. */
export interface FaultProduct {
  projectId: number;
  releaseId: number;
  testCaseIds: number[];
}

const CASES = 10;

/**
 * Makes two products: in one, bulk results wait for a refresh; in the other, a loop refreshes them all the time, so that
 * faults meet it at work.
 */
export async function makeProducts(target: { port: number; key: string }): Promise<FaultProduct[]> {
  const caller = new Caller(target);
  try {
    await allowDeletion(caller);
    const deferred = await makeProduct(caller, 'Deferred');
    const continuous = await makeProduct(caller, 'Continuous');
    const path = `/api/v1/projects/${continuous.projectId}/settings/refresh`;
    await answered(caller, 'PUT', path, { mode: 'continuous' });
    return [deferred, continuous];
  } finally {
    caller.close();
  }
}

/** No role may delete runs until somebody allows it. */
async function allowDeletion(caller: Caller): Promise<void> {
  const roles = await answered(caller, 'GET', 'project-roles');
  const [owner] = roles.filter((role: { Admin: boolean }) => role.Admin);
  const deleteRuns = { ArtifactTypeId: 5, PermissionId: 3 };
  await answered(caller, 'PUT', 'project-roles', { ...owner, Permissions: [...owner.Permissions, deleteRuns] });
}

async function makeProduct(caller: Caller, name: string): Promise<FaultProduct> {
  const { ProjectId: projectId } = await answered(caller, 'POST', 'projects', { Name: name });
  const dates = { StartDate: '2026-01-01T00:00:00Z', EndDate: '2026-12-31T00:00:00Z' };
  const release = { Name: 'Release', ReleaseTypeId: 1, ReleaseStatusId: 2, ...dates };
  const { ReleaseId: releaseId } = await answered(caller, 'POST', `projects/${projectId}/releases`, release);
  const testCaseIds: number[] = [];
  for (let number = 1; number <= CASES; number += 1) {
    const testCase = await answered(caller, 'POST', `projects/${projectId}/test-cases`, { Name: `Case ${number}` });
    testCaseIds.push(testCase.TestCaseId);
  }
  return { projectId, releaseId, testCaseIds };
}

// biome-ignore lint/suspicious/noExplicitAny: answers of several shapes.
async function answered(caller: Caller, method: string, path: string, body?: unknown): Promise<any> {
  const outcome = await caller.call({ method, path, body });
  if (outcome.kind === 'answered' && outcome.status === 200) return outcome.text && JSON.parse(outcome.text);
  throw new Error(`${method} ${path}: ${JSON.stringify(outcome)}`);
}
