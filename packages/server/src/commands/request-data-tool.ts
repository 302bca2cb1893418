import type { Actor } from '../domain/actor.ts';
import { type DataTool, dataTool } from '../domain/data-tools.ts';
import { DomainError, notFound, refuse } from '../domain/errors.ts';
import { activeProjects } from '../storage/changes.ts';
import type { Transaction } from '../storage/database.ts';
import { insertJob } from '../storage/jobs.ts';
import { existingIds } from '../storage/references.ts';
import type { JobContext } from './job-signals.ts';

export interface DataToolRequest {
  tool: string;
  /** Where the tool is to work: these projects, all that are active, or, null, the whole system. */
  projectIds: readonly number[] | 'all' | null;
  releaseId?: number | null | undefined;
}

/**
 * Queues one job per project (or one for the system) and returns their ids, by project. A job of the
 * same tool that still waits is joined (DT-4). Refused: an unknown tool, a tool asked for outside its scope, projects
 * that do not exist or are inactive, a release that the project does not have, or one given to a tool that takes none.
 */
export async function requestDataTool(
  context: JobContext & { actor: Actor | null },
  request: DataToolRequest,
): Promise<number[]> {
  const tool = toolFor(request);
  const parameters = typeof request.releaseId === 'number' ? { releaseId: request.releaseId } : {};
  const jobIds = await context.db.transaction(async (transaction) => {
    const requestedBy = context.actor?.userId ?? null;
    const ids: number[] = [];
    for (const projectId of await placesOf(transaction, request)) {
      await requireRelease(transaction, projectId, request);
      ids.push(await insertJob(transaction, { tool: tool.name, projectId, parameters, requestedBy }));
    }
    return ids;
  });
  context.jobs.queued();
  return jobIds;
}

/** Returns where jobs are to be queued, projects by id: every process inserts them in one order. */
async function placesOf(transaction: Transaction, { projectIds }: DataToolRequest): Promise<(number | null)[]> {
  if (projectIds === null) return [null];
  const active = await activeProjects(transaction, projectIds);
  if (projectIds === 'all') return active;
  const missing = projectIds.map((projectId, index) => ({ projectId, index }));
  refuse(
    missing
      .filter(({ projectId }) => !active.includes(projectId))
      .map(({ projectId, index }) => ({
        code: 'notFound',
        field: `projectIds[${index}]`,
        message: `Project ${projectId} does not exist or is not active`,
      })),
  );
  return active;
}

async function requireRelease(
  transaction: Transaction,
  projectId: number | null,
  { releaseId }: DataToolRequest,
): Promise<void> {
  if (projectId === null || typeof releaseId !== 'number') return;
  const existing = await existingIds(transaction, projectId, 'release', [releaseId]);
  if (!existing.has(releaseId)) throw notFound(`Release ${releaseId}`);
}

function toolFor({ tool: name, projectIds, releaseId }: DataToolRequest): DataTool {
  const tool = dataTool(name);
  if (!tool) throw new DomainError('notFound', `There is no data tool ${name.slice(0, 60)}`);
  if ((tool.scope === 'system') !== (projectIds === null)) {
    const where = tool.scope === 'system' ? 'on the whole system, not on projects' : 'on projects';
    throw new DomainError('invalid', `${tool.title} works ${where}`);
  }
  if (typeof releaseId === 'number' && !tool.takesRelease) {
    throw new DomainError('invalid', `${tool.title} cannot be limited to a release`);
  }
  return tool;
}
