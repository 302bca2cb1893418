import type { Actor, ProjectAccess } from '../../domain/actor.ts';
import { DomainError, type Issue, refuse } from '../../domain/errors.ts';
import { findProjectAccess } from '../../views/actor.ts';
import { projectsOfTestCases } from '../../views/test-case-projects.ts';
import type { QueryParameters } from '../../wire/spira/query.ts';
import type { Services } from '../services.ts';
import { admittedProject } from './authorize.ts';
import { can } from './operation.ts';

/** What says in which project a run belongs. */
export interface Placed {
  projectId?: number | null | undefined;
  testCaseId?: number | null | undefined;
}

interface Sent {
  services: Services;
  actor: Actor;
  query: QueryParameters;
  runs: readonly (Placed | undefined)[];
  issues?: readonly Issue[];
}

/**
 * Returns the project of runs that were sent to the path without one (rest-v7 13.4): that of the query, else the one that
 * the runs agree on, else that of their test cases among the caller's projects. Membership and permission are checked
 * there as if the path had named it.
 */
export async function projectOfRuns(sent: Sent): Promise<ProjectAccess> {
  const projectId = projectOfQuery(sent.query) ?? agreedProject(sent.runs) ?? (await projectOfCases(sent));
  return admittedToRecord(sent.services, sent.actor, projectId);
}

/** Returns what the caller is in a project where they may record runs; refuses as if the path had named it. */
export async function admittedToRecord(services: Services, actor: Actor, projectId: number): Promise<ProjectAccess> {
  const caller = await findProjectAccess(services.read, actor, projectId);
  if (!caller) throw new DomainError('unauthenticated', 'The user may not log in any more');
  return admittedProject(caller, can('testRun:create'), String(projectId));
}

/** A project_id that is no number must not let the runs fall into whatever project their cases are in. */
function projectOfQuery(query: QueryParameters): number | undefined {
  const given = query.text('project_id');
  if (given !== undefined && query.integer('project_id') === undefined) {
    throw new DomainError('notFound', `There is no project ${given}`);
  }
  return query.id('project_id');
}

function agreedProject(runs: Sent['runs']): number | undefined {
  const named = new Set(runs.flatMap((run) => run?.projectId ?? []));
  return named.size === 1 ? [...named][0] : undefined;
}

async function projectOfCases({ services, actor, runs, issues = [] }: Sent): Promise<number> {
  const testCaseIds = [...new Set(runs.flatMap((run) => run?.testCaseId ?? []))];
  const found = await projectsOfTestCases(services.read, actor.userId, testCaseIds);
  const [projectId, ...others] = new Set(found.values());
  if (projectId === undefined) {
    refuse([...issues, ...runs.flatMap((run, index) => (run ? [unknownCase(run, index)] : []))]);
    throw new DomainError('notFound', 'No project was named, and no test case that could tell it');
  }
  if (others.length > 0) {
    throw new DomainError('invalid', 'The test cases lie in several projects; send the runs of each project by itself');
  }
  return projectId;
}

function unknownCase({ testCaseId }: Placed, index: number): Issue {
  const message = `Test case ${testCaseId} does not exist in your projects`;
  return { code: 'notFound', index, field: 'testCaseId', message };
}
