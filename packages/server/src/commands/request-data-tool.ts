import type { Actor } from '../domain/actor.ts';
import { type DataTool, dataTool } from '../domain/data-tools.ts';
import { DomainError, notFound } from '../domain/errors.ts';
import { insertJob } from '../storage/jobs.ts';
import { missingReferences } from './input-checks.ts';
import type { JobContext } from './job-signals.ts';

export interface DataToolRequest {
  tool: string;
  /** Where the tool is to work; null for a tool of the whole system. The projects exist: the caller has checked. */
  projectIds: readonly number[] | null;
  releaseId?: number | null | undefined;
}

/**
 * Queues one job per project (or one for the system) and returns their ids in the order of the projects. A job of the
 * same tool that still waits is joined (DT-4). Refused: an unknown tool, a tool asked for outside its scope, a release
 * that the project does not have, or one given to a tool that takes none.
 */
export async function requestDataTool(
  context: JobContext & { actor: Actor | null },
  request: DataToolRequest,
): Promise<number[]> {
  const tool = toolFor(request);
  const parameters = typeof request.releaseId === 'number' ? { releaseId: request.releaseId } : {};
  const jobIds = await context.db.transaction(async (transaction) => {
    const ids: number[] = [];
    for (const projectId of request.projectIds ?? [null]) {
      if (projectId !== null) {
        const reference = { kind: 'release', field: 'releaseId', id: request.releaseId } as const;
        const [missing] = await missingReferences(transaction, projectId, [reference]);
        if (missing) throw notFound(`Release ${request.releaseId}`);
      }
      const requestedBy = context.actor?.userId ?? null;
      ids.push(await insertJob(transaction, { tool: tool.name, projectId, parameters, requestedBy }));
    }
    return ids;
  });
  context.jobs.queued();
  return jobIds;
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
